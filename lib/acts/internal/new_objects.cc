#include "acts/internal/new_objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace keyrite::acts {

namespace {

using pkcs11::Attr;

// An Error that says `message` and keeps the rest of `cause`, the token's answer too.
Error with_message(Kind kind, std::string code, const Error& cause, const std::string& addition,
                   std::string hint) {
  std::string message = cause.message();
  if (!cause.ckr()) return {kind, std::move(code), message + addition, std::move(hint)};
  // with_ckr() puts the answer at the end again.
  const std::string answer = fmt::format(": {} (0x{:X})", cause.ckr()->name, cause.ckr()->value);
  if (message.ends_with(answer)) message.resize(message.size() - answer.size());
  return Error(kind, std::move(code), message + addition, std::move(hint)).with_ckr(*cause.ckr());
}

}  // namespace

void NewObjects::make() {
  made_ = wrap::make_key(session_, type_, traits_,
                         fmt::format("making {} \"{}\"", type_.name(), printable(traits_.label)));
}

// After a failed C_GenerateKey no handle is known, but the key may be there: the token answered too
// late. Label and id were free before, so what has both is that key.
std::size_t NewObjects::destroy(pkcs11::Session& fresh, std::string& failure) {
  pkcs11::Session& session = made_ ? session_ : fresh;
  std::vector<pkcs11::ObjectHandle> handles;
  if (made_) {
    handles.push_back(made_->key);
    if (made_->public_half) handles.push_back(*made_->public_half);
  } else {
    handles =
        fresh.find(pkcs11::Template{}.set<Attr::kLabel>(traits_.label).set<Attr::kId>(traits_.id));
  }
  for (const auto handle : handles) {
    try {
      session.destroy_object(handle, "taking the new key back");
    } catch (const Error& error) {
      failure = error.message();
    }
  }
  return handles.size();
}

// By handle, by id and by label: a token may forget a handle and keep the object.
std::size_t NewObjects::count_remaining(const pkcs11::Session& fresh) const {
  std::size_t by_handle = 0;
  if (made_) {
    by_handle += session_.exists(made_->key) ? 1U : 0U;
    if (made_->public_half) by_handle += session_.exists(*made_->public_half) ? 1U : 0U;
  }
  return std::max({by_handle, fresh.find(pkcs11::Template{}.set<Attr::kId>(traits_.id)).size(),
                   fresh.find(pkcs11::Template{}.set<Attr::kLabel>(traits_.label)).size()});
}

void NewObjects::take_back(const Error& cause) {
  std::string remains;
  std::string failure;
  std::size_t destroyed = 0;
  try {
    // On the session of the failure an operation may still be active, which blocks every search.
    auto fresh = pkcs11::Session::open(session_.token(), pkcs11::Access::kReadWrite);
    destroyed = destroy(fresh, failure);
    const auto count = count_remaining(fresh);
    if (count != 0) remains = fmt::format("{} object(s) found", count);
  } catch (const Error& error) {
    remains = "it cannot be looked for: " + error.message();
  }
  if (remains.empty()) {
    throw with_message(cause.kind(), cause.code(), cause,
                       destroyed == 0 ? "" : "; the new key was destroyed again", cause.hint());
  }
  if (!failure.empty()) remains += "; " + failure;
  const std::string name =
      fmt::format("\"{}\", id {}", printable(traits_.label), to_hex(traits_.id));
  throw with_message(
      Kind::kUnknownOutcome, "key-remains", cause,
      fmt::format("; the new key {} in the token as {} ({})",
                  made_ ? "REMAINS" : "may have been made and REMAIN", name, remains),
      fmt::format("look in the token for {}, and remove it with the tools of the token's vendor "
                  "before running again",
                  name));
}

}  // namespace keyrite::acts
