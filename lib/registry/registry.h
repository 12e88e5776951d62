// The registry of a site: what may be erased again, beside the transcript, from which nothing is.
// Names that tell whose a key is (labels, cloud keys, folders) never stand in the transcript: a
// random pseudonym does, and here is which name it is of. Erasing the name leaves a log that no
// longer says whose key it was. One SQLite file of version 2 (docs/formats/README.md) with the
// settings of ADR 10, one connection, one thread; two processes wait for each other.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace keyrite::registry {

class Registry {
 public:
  // Opens the file, makes its tables in an empty one, and makes version 2 of one that 0.1.0 made.
  // Errors kConfig "registry-invalid" (no registry, of a later version, with another table, or
  // with anything beside it);
  // kFailed "registry-unsafe" (SQLite does not take a setting of ADR 10), "registry-failed" with
  // SQLite's reason.
  explicit Registry(const std::string& path);
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;
  ~Registry();

  // The pseudonym of a name: the one it has, or `fresh` (random hex), which is durable when this
  // returns. Errors kFailed "registry-failed"; kConfig "registry-invalid" for one that somebody
  // else wrote and that is not 32 digits of hex, as known_pseudonym().
  [[nodiscard]] std::string pseudonym_of(std::string_view name, std::string_view fresh);
  // Forgets a name: its bytes are overwritten in the file (secure_delete), and nothing but a copy
  // or a backup knows whose the pseudonym was. False when it has none. Error as above.
  bool erase(std::string_view name);
  // nullopt: there is none, or it was erased.
  [[nodiscard]] std::optional<std::string> known_pseudonym(std::string_view name) const;
  [[nodiscard]] std::optional<std::string> name_of(std::string_view pseudonym) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace keyrite::registry
