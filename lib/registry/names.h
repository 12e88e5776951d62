// The name behind each pseudonym of the log. Names (of tenants, labels, cloud keys, folders) are
// here alone. An erased name is overwritten in the file, and only a backup still has it. Part of a
// transaction (transaction.h); one thread. These classes check each value that a caller gives:
// error kUsage "registry-value".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace keyrite::registry {

namespace internal {
class Sql;
}  // namespace internal

// Whether the text has the name in it as a word of its own, in either case of (ASCII) letters:
// "Acme" is in "/tmp/acme-deks" and not in "Acmex".
[[nodiscard]] bool has_word(std::string_view text, std::string_view name);

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
  // is not 32 digits of hex: a name in its place would be in the log permanently.
  [[nodiscard]] std::optional<std::string> known_pseudonym(std::string_view name) const;
  [[nodiscard]] std::optional<std::string> name_of(std::string_view pseudonym) const;

 private:
  internal::Sql& sql_;
};

}  // namespace keyrite::registry
