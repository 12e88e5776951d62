// Which pseudonym of the log is whose name. Names (of tenants, labels, cloud keys, folders) stand
// here alone; an erased one is overwritten in the file, and nothing but a backup knows it. Part of
// a transaction (transaction.h); one thread. What a caller of these classes gives as a value is
// checked: error kUsage "registry-value".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace keyrite::registry {

namespace internal {
class Sql;
}  // namespace internal

class Names {
 public:
  explicit Names(internal::Sql& sql) : sql_(sql) {}
  // The pseudonym of a name: the one it has, or `fresh` (random hex).
  [[nodiscard]] std::string pseudonym_of(std::string_view name, std::string_view fresh);
  // For a registry that was restored: the pseudonym that the log has for the name. Error
  // kVerification "pseudonym-other" when the name or the pseudonym has another already.
  void rebuild(std::string_view name, std::string_view pseudonym);
  // False: there was none.
  bool erase(std::string_view name);
  bool erase_pseudonym(std::string_view pseudonym);

  // nullopt: there is none, or it was erased. Error kConfig "registry-invalid" for a pseudonym that
  // is not 32 digits of hex: a name in its place would stand in the log for ever.
  [[nodiscard]] std::optional<std::string> known_pseudonym(std::string_view name) const;
  [[nodiscard]] std::optional<std::string> name_of(std::string_view pseudonym) const;

 private:
  internal::Sql& sql_;
};

}  // namespace keyrite::registry
