#include "keys/new_objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/counted.h"
#include "base/text.h"
#include "pkcs11/ckr.h"

namespace keyrite::keys {

namespace {

using pkcs11::Attr;

// An Error that says `addition` too, and keeps the rest of `cause`, the token's answer as well.
Error with_addition(Kind kind, std::string code, const Error& cause, const std::string& addition,
                    std::string hint) {
  Error error(kind, std::move(code), pkcs11::without_answer(cause) + addition, std::move(hint));
  // with_ckr() puts the answer at the end again.
  return cause.ckr() ? std::move(error).with_ckr(*cause.ckr()) : error;
}

}  // namespace

Namesakes namesakes(const pkcs11::Session& session, const wrap::KeyTraits& traits) {
  return {session.find(pkcs11::Template{}.set<Attr::kLabel>(traits.label)).size(),
          session.find(pkcs11::Template{}.set<Attr::kId>(traits.id)).size()};
}

void NewObjects::make() {
  try {
    made_ = wrap::make_key(token_.session(), type_, traits_,
                           fmt::format("making {} \"{}\"", type_.name(), printable(traits_.label)));
  } catch (const Error& error) {
    // Found before anything was asked of the token: what has the names is somebody else's.
    nothing_made_ = error.code() == "id-taken" || error.code() == "label-taken";
    throw;
  }
}

// Label and id were both free before, so an object that has one of them is the new one.
bool NewObjects::is_ours(const pkcs11::Session& session, pkcs11::ObjectHandle handle) const {
  return session.read_text(handle, Attr::kLabel) == traits_.label ||
         session.read_bytes(handle, Attr::kId) == traits_.id;
}

void NewObjects::require_alone() {
  const std::size_t made = made_->public_half ? 2 : 1;
  const auto [by_label, by_id] = namesakes(token_.session(), traits_);
  alone_ = by_label == made && by_id == made;
  if (alone_) return;
  throw Error(Kind::kToken, by_label == made ? "id-taken" : "label-taken",
              fmt::format("another program made a key \"{}\", id {}, at the same time",
                          printable(traits_.label), to_hex(traits_.id)),
              "make sure that only one program at a time makes keys in this token, then run the "
              "command again");
}

// After a failed C_GenerateKey no handle is known, but the key may be there: the token answered too
// late. Label and id were free before, so what has both is that key.
std::size_t NewObjects::destroy(pkcs11::Session& fresh, std::string& failure) {
  pkcs11::Session& session = made_ ? token_.session() : fresh;
  std::vector<pkcs11::ObjectHandle> handles;
  if (made_) {
    handles.push_back(made_->key);
    if (made_->public_half) handles.push_back(*made_->public_half);
  } else {
    handles =
        fresh.find(pkcs11::Template{}.set<Attr::kLabel>(traits_.label).set<Attr::kId>(traits_.id));
  }
  for (const auto handle : handles) {
    // A handle that is somebody else's object: taking it back would destroy a key of theirs.
    if (!is_ours(session, handle)) {
      ++left_alone_;
      continue;
    }
    try {
      session.destroy_object(handle, "taking the new key back");
    } catch (const Error& error) {
      failure = error.message();
    }
  }
  return handles.size();
}

bool NewObjects::remains(pkcs11::ObjectHandle handle) const {
  return token_.session().exists(handle) && is_ours(token_.session(), handle);
}

// By handle, by id and by label: a token may forget a handle and keep the object.
std::size_t NewObjects::count_remaining(const pkcs11::Session& fresh) const {
  std::size_t by_handle = 0;
  if (made_) {
    by_handle += remains(made_->key) ? 1U : 0U;
    if (made_->public_half) by_handle += remains(*made_->public_half) ? 1U : 0U;
  }
  const auto by_both =
      fresh.find(pkcs11::Template{}.set<Attr::kLabel>(traits_.label).set<Attr::kId>(traits_.id))
          .size();
  // What another program made under one of the two names is not ours.
  if (!alone_) return std::max(by_handle, by_both);
  const auto [by_label, by_id] = namesakes(fresh, traits_);
  return std::max({by_handle, by_id, by_label});
}

NewObjects::Found NewObjects::clear() {
  // On the session of the failure an operation may still be active, which blocks every search.
  auto fresh = pkcs11::Session::open(token_.session().token(), pkcs11::Access::kReadWrite);
  // After a lost login private objects are not seen: that nothing is found then means nothing.
  fresh.require_login();
  left_alone_ = 0;
  std::string failure;
  Found found{.destroyed = destroy(fresh, failure)};
  const auto count = count_remaining(fresh);
  fresh.require_login();
  if (count != 0) found.remains = counted(count, "object") + " found";
  if (left_alone_ != 0) {
    found.remains += fmt::format(
        "{}the token returned {} with another label and id, which keyrite did not touch",
        found.remains.empty() ? "" : "; ", counted(left_alone_, "object"));
  }
  if (!found.remains.empty() && !failure.empty()) found.remains += "; " + failure;
  return found;
}

void NewObjects::take_back(const Error& cause) {
  if (nothing_made_) throw cause;
  const bool was_made = made_.has_value();
  std::optional<Found> found;
  std::string why_not;
  try {
    found = clear();
  } catch (const Error& error) {
    why_not = error.message();
    // Handles are void after a reconnection.
    made_.reset();
  }
  try {
    if (!found) {
      token_.reconnect();
      found = clear();
    }
  } catch (const Error& error) {
    if (error.message() != why_not) why_not += "; after connecting again: " + error.message();
  }
  if (found && found->remains.empty()) {
    throw with_addition(cause.kind(), cause.code(), cause,
                        found->destroyed == 0 ? "" : "; the new key was destroyed again",
                        cause.hint());
  }
  const std::string name =
      fmt::format("\"{}\", id {}", printable(traits_.label), to_hex(traits_.id));
  const std::string remains =
      found ? found->remains : "keyrite cannot search as the logged-in user: " + why_not;
  throw with_addition(Kind::kUnknownOutcome, "key-remains", cause,
                      fmt::format("; the new key {} in the token as {} ({})",
                                  !was_made ? "may have been made and REMAIN"
                                  : found   ? "REMAINS"
                                            : "MAY REMAIN",
                                  name, remains),
                      fmt::format("log in to the token with its vendor's tools, look for {}, and "
                                  "remove it before you run the command again",
                                  name));
}

}  // namespace keyrite::keys
