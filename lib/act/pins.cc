#include "act/pins.h"

#include <optional>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace keyrite::act {

Pins::Pins(PinSource source) : source_(std::move(source)) {}
Pins::~Pins() = default;

pkcs11::Login Pins::log_in(pkcs11::Session& session, pkcs11::UserType user) {
  const pkcs11::TokenInfo& token = session.token().info();
  // Before the PIN is asked for: nobody types a PIN that will not be used.
  pkcs11::require_pin_usable(token, user);
  const Whose whose{token.uri(), user};
  const auto known = known_.find(whose);
  if (known == known_.end()) return ask_and_log_in(session, whose);
  if (known->second.standing == Standing::kAccepted) return log_in_again(session, whose);
  throw Error(
      Kind::kPin, "pin-refused-before",
      fmt::format("token \"{}\" refused this PIN a moment ago; keyrite does not spend a second try",
                  printable(token.label)),
      "look the PIN up, then run this again");
}

pkcs11::Login Pins::ask_and_log_in(pkcs11::Session& session, const Whose& whose) {
  std::optional<crypto::SecretBytes> pin = source_(session.token().info(), whose.second);
  entries_.push_back({whose.second, "not accepted"});
  try {
    pkcs11::Login login = pkcs11::Login::start(session, whose.second, pin);
    entries_.back().outcome = "accepted";
    // Somebody else's login says nothing about this PIN.
    if (pin && login.owned())
      known_.insert_or_assign(whose, Known{Standing::kAccepted, std::move(*pin)});
    return login;
  } catch (const Error& error) {
    if (error.kind() == Kind::kPin) {
      entries_.back().outcome = error.code();
      refuse(whose);
    }
    throw;
  }
}

pkcs11::Login Pins::log_in_again(pkcs11::Session& session, const Whose& whose) {
  std::optional<crypto::SecretBytes> pin(std::move(known_.at(whose).pin));
  // Whatever ends this early ends the PIN with it.
  known_.erase(whose);
  try {
    pkcs11::Login login = pkcs11::Login::start(session, whose.second, pin);
    known_.insert_or_assign(whose, Known{Standing::kAccepted, std::move(*pin)});
    return login;
  } catch (const Error& error) {
    if (error.kind() == Kind::kPin) refuse(whose);
    throw;
  }
}

const crypto::SecretBytes* Pins::accepted(const std::string& uri, pkcs11::UserType user) const {
  const auto known = known_.find({uri, user});
  const bool is_known = known != known_.end() && known->second.standing == Standing::kAccepted;
  return is_known ? &known->second.pin : nullptr;
}

void Pins::refuse(const Whose& whose) {
  known_.insert_or_assign(whose, Known{.standing = Standing::kRefused});
}

}  // namespace keyrite::act
