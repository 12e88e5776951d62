// Owns every PIN of one or several acts. Keeps a PIN in locked memory that the token accepted, may
// use it again at that token (URI with serial number), and wipes it at its end. A refusal is final:
// it wipes the PIN and asks no more. A PIN pad leaves nothing to keep, and asks again. One thread.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "act/context.h"
#include "pkcs11/login.h"
#include "pkcs11/session.h"

namespace keyrite::act {

class Pins {
 public:
  explicit Pins(PinSource source);
  Pins(const Pins&) = delete;
  Pins& operator=(const Pins&) = delete;
  ~Pins();

  // Logs in by the PIN that was accepted before, else by one from the source, which gets one try.
  // Errors: those of require_pin_usable, before anybody is asked; of the source; of Login::start;
  // kPin "pin-refused-before" when this token refused that user's PIN earlier.
  [[nodiscard]] pkcs11::Login log_in(pkcs11::Session& session, pkcs11::UserType user);

  // The PIN that this token accepted, for a fresh process of this program; nullptr: none is known.
  [[nodiscard]] const crypto::SecretBytes* accepted(const std::string& uri,
                                                    pkcs11::UserType user) const;

  // Each time a PIN was asked for, and what came of it: "accepted", "not accepted", or the code of
  // the Error that refused it. What is used again was entered once. For the log.
  struct Entry {
    pkcs11::UserType user{};
    std::string outcome{};
  };
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

 private:
  using Whose = std::pair<std::string, pkcs11::UserType>;  // URI of the token, user
  enum class Standing { kAccepted, kRefused };
  struct Known {
    Standing standing{};
    crypto::SecretBytes pin{};
  };
  [[nodiscard]] pkcs11::Login log_in_again(pkcs11::Session& session, const Whose& whose);
  [[nodiscard]] pkcs11::Login ask_and_log_in(pkcs11::Session& session, const Whose& whose);
  void refuse(const Whose& whose);

  PinSource source_;
  std::map<Whose, Known> known_{};
  std::vector<Entry> entries_{};
};

}  // namespace keyrite::act
