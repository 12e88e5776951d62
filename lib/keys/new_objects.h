// The objects of one generation: makes them, and removes them again if the key is not as planned.
// What it says about them afterwards comes from a look at the token. One session, one thread.
#pragma once

#include <optional>
#include <string>

#include "act/token_session.h"
#include "base/error.h"
#include "base/key_type.h"
#include "pkcs11/session.h"
#include "wrap/key_generation.h"

namespace keyrite::keys {

// How many objects bear a label, and how many an id.
struct Namesakes {
  std::size_t by_label{};
  std::size_t by_id{};
};
[[nodiscard]] Namesakes namesakes(const pkcs11::Session& session, const wrap::KeyTraits& traits);

class NewObjects {
 public:
  // Label and id of `traits` must be free.
  NewObjects(act::TokenSession& token, const KeyType& type, const wrap::KeyTraits& traits)
      : token_(token), type_(type), traits_(traits) {}

  // Errors kToken as the token gives them; "label-taken", "id-taken" when the names were not free.
  void make();
  // Two programs may find the same label free and both make a key. Errors kToken "label-taken",
  // "id-taken" when there is more under either name than was made here.
  void require_alone();
  [[nodiscard]] const wrap::MadeKey& made() const { return made_.value(); }

  // Destroys what was made after `cause`, looks as the logged-in user whether it is gone, and says
  // so. What cannot be done is tried once more after a reconnection, where nothing but label and id
  // names the objects. Error as `cause` when nothing is left; else kUnknownOutcome "key-remains",
  // which names label and id: also when it could not be looked for as the logged-in user, since
  // what others do not see may be there.
  [[noreturn]] void take_back(const Error& cause);

 private:
  // What was found when the objects were looked for.
  struct Found {
    std::size_t destroyed{};
    std::string remains{};  // empty: nothing
  };
  // With a session opened for the purpose.
  [[nodiscard]] Found clear();
  // How many were to be destroyed; how many are left.
  std::size_t destroy(pkcs11::Session& fresh, std::string& failure);
  [[nodiscard]] std::size_t count_remaining(const pkcs11::Session& fresh) const;
  [[nodiscard]] bool is_ours(const pkcs11::Session& session, pkcs11::ObjectHandle handle) const;
  [[nodiscard]] bool remains(pkcs11::ObjectHandle handle) const;
  act::TokenSession& token_;
  const KeyType& type_;
  const wrap::KeyTraits& traits_;
  std::optional<wrap::MadeKey> made_{};
  bool nothing_made_{false};  // the names were taken before anything was made
  bool alone_{true};
  std::size_t left_alone_{0};
};

}  // namespace keyrite::keys
