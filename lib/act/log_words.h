// keyrite's own words: string literals, the entries of its tables, numbers, and what is joined from
// these. A text that somebody typed, or that came from a file, a token or a cloud, cannot become
// one. So a log that has only such words names nobody. Values; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/key_origin.h"
#include "base/key_type.h"
#include "base/wrapping.h"

namespace keyrite {
enum class KeyUsage;
}  // namespace keyrite

namespace keyrite::wrap {
enum class Outcome;
enum class Enforcement;
}  // namespace keyrite::wrap

namespace keyrite::provider {
enum class Provider;
enum class Purpose;
enum class Result;
enum class Basis;
enum class Verdict;
}  // namespace keyrite::provider

namespace keyrite::pkcs11 {
class Mechanism;
struct KwpMechanism;
struct AttrInfo;
}  // namespace keyrite::pkcs11

namespace keyrite::act {

// A text of the source: the compiler refuses every other.
class Literal {
 public:
  constexpr Literal() = default;
  template <std::size_t N>
  // NOLINTNEXTLINE(google-explicit-constructor, *-avoid-c-arrays)
  consteval Literal(const char (&text)[N]) : text_(text, N - 1) {
    // It is read, so that an array is refused which the program can fill.
    if (text_.find('\0') != std::string_view::npos)
      throw "a text of the source without an end in it";
  }
  [[nodiscard]] constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_{};
};

class Words {
 public:
  Words() = default;
  Words(Literal literal) : text_(literal.text()) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] static Words of(Method method);
  [[nodiscard]] static Words of(Custody custody);
  [[nodiscard]] static Words of(WrappingKeyBasis basis);
  [[nodiscard]] static Words of(KeyOrigin origin);
  [[nodiscard]] static Words of(WrapCheck check);
  [[nodiscard]] static Words of(Hash hash);
  [[nodiscard]] static Words of(const WrappingAlgorithm& algorithm);
  [[nodiscard]] static Words of(const KeyType& type);
  [[nodiscard]] static Words of(KeyUsage usage);
  [[nodiscard]] static Words of(wrap::Outcome outcome);
  [[nodiscard]] static Words of(wrap::Enforcement enforcement);
  [[nodiscard]] static Words of(provider::Provider provider);
  [[nodiscard]] static Words of(provider::Purpose purpose);
  [[nodiscard]] static Words of(provider::Result result);
  [[nodiscard]] static Words of(provider::Basis basis);
  [[nodiscard]] static Words of(provider::Verdict verdict);
  [[nodiscard]] static Words of(const pkcs11::Mechanism& mechanism);
  [[nodiscard]] static Words of(const pkcs11::KwpMechanism& mechanism);
  [[nodiscard]] static Words of(const pkcs11::AttrInfo& attribute);
  // The code of an Error: the source has them all. What does not have their form is "internal".
  [[nodiscard]] static Words code(const Error& error);
  [[nodiscard]] static Words number(std::uint64_t value);
  [[nodiscard]] static Words hex_number(std::uint64_t value);  // "0x210B"

  // The entry of a table in this program that is the same as `text`; "not in the table" when none
  // is, so that what was read from a file gets no further.
  [[nodiscard]] static Words listed(std::string_view text, const std::vector<Literal>& table);
  // The algorithms of cloud keys, the unverified points and the challenges of lib/provider's
  // tables.
  [[nodiscard]] static Words cloud_algorithm(std::string_view text);
  [[nodiscard]] static Words unverified_point(std::string_view text);
  [[nodiscard]] static Words challenge(std::string_view id);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  Words& operator+=(const Words& more);
  friend Words operator+(Words words, const Words& more) { return words += more; }
  friend bool operator==(const Words& words, std::string_view text) { return words.text_ == text; }

 private:
  // For the tables named above.
  [[nodiscard]] static Words from(std::string_view text);
  std::string text_{};
};

}  // namespace keyrite::act
