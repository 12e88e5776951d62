#include "registry/names.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/lower_hex.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "registry/internal/sql.h"

namespace keyrite::registry {

namespace {

using internal::Row;

constexpr std::size_t kPseudonymBytes = 16;

std::string name_hash(std::string_view name) { return crypto::sha256_hex(as_bytes(name)); }

std::string first_text(const Row& row) { return row.text(0); }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Of a letter or digit; each byte of a character beyond ASCII counts as one.
bool is_of_word(char c) {
  const char low = lower(c);
  return (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) > 127;
}

bool parts(char one, char other) { return !is_of_word(one) || !is_of_word(other); }

}  // namespace

bool has_word(std::string_view text, std::string_view name) {
  const auto alike = [](char one, char other) { return lower(one) == lower(other); };
  // NOLINTNEXTLINE(readability-qualified-auto): an iterator, which is a pointer by chance
  for (auto from = text.begin(); !name.empty() && from != text.end(); ++from) {
    from = std::search(from, text.end(), name.begin(), name.end(), alike);
    if (from == text.end()) return false;
    // NOLINTNEXTLINE(readability-qualified-auto): an iterator, which is a pointer by chance
    const auto end = from + static_cast<std::ptrdiff_t>(name.size());
    const bool begins = from == text.begin() || parts(*(from - 1), name.front());
    if (begins && (end == text.end() || parts(name.back(), *end))) return true;
  }
  return false;
}

std::string Names::pseudonym_of(std::string_view name, std::string_view fresh) {
  if (auto known = known_pseudonym(name)) return *known;
  sql_.run("INSERT INTO pseudonym (pseudonym, name, name_sha256) VALUES ($1, $2, $3)",
           {internal::text_of(fresh), internal::text_of(name), name_hash(name)});
  return std::string(fresh);
}

void Names::rebuild(std::string_view name, std::string_view pseudonym) {
  const auto known = known_pseudonym(name);
  const auto of = name_of(pseudonym);
  if (known == pseudonym && of == name) return;
  if (known || of) {
    throw Error(
        Kind::kVerification, "pseudonym-other",
        fmt::format("\"{}\" has the pseudonym {} in the log, and another in the registry {}",
                    printable(name), pseudonym, printable(sql_.place())),
        "the registry is of another site, or somebody changed it: put back a backup that "
        "you trust");
  }
  static_cast<void>(pseudonym_of(name, pseudonym));
}

bool Names::erase(std::string_view name) {
  return sql_.run("DELETE FROM pseudonym WHERE name_sha256 = $1", {name_hash(name)}) != 0;
}

bool Names::erase_pseudonym(std::string_view pseudonym) {
  return sql_.run("DELETE FROM pseudonym WHERE pseudonym = $1", {internal::text_of(pseudonym)}) !=
         0;
}

std::optional<std::string> Names::known_pseudonym(std::string_view name) const {
  auto known = sql_.one<std::string>("SELECT pseudonym FROM pseudonym WHERE name_sha256 = $1",
                                     {name_hash(name)}, first_text);
  if (known && !is_lower_hex(*known, kPseudonymBytes)) {
    throw Error(Kind::kConfig, "registry-invalid",
                fmt::format("{} is not a registry that this version of keyrite can read: the "
                            "pseudonym of a name has the wrong form",
                            printable(sql_.place())),
                "restore the registry from a backup");
  }
  return known;
}

std::optional<std::string> Names::name_of(std::string_view pseudonym) const {
  return sql_.one<std::string>("SELECT name FROM pseudonym WHERE pseudonym = $1",
                               {internal::text_of(pseudonym)}, first_text);
}

}  // namespace keyrite::registry
