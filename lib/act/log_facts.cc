#include "act/log_facts.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/lower_hex.h"
#include "base/text.h"
#include "crypto/check_value.h"
#include "crypto/public_key.h"
#include "pkcs11/token.h"

namespace keyrite::act {

namespace {

constexpr std::size_t kMaxIdHex = 128;
constexpr std::size_t kSha256Hex = 64;
constexpr std::size_t kMaxSlug = 64;

constexpr std::string_view kSlugLetters = "abcdefghijklmnopqrstuvwxyz0123456789-";
constexpr std::string_view kCapitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

[[noreturn]] void not_of_the_form(std::string_view what) {
  throw Error(Kind::kInternal, "log-fact-form", fmt::format("a fact for the log is not {}", what),
              "this is a defect of keyrite; the log has no result of what was done");
}

Json hex_of(std::string_view hex, std::size_t longest, std::string_view what) {
  if (hex.size() > longest || hex.size() % 2 != 0 || hex.empty() || !is_lower_hex(hex))
    not_of_the_form(what);
  return hex;
}

const std::vector<Literal>& check_value_algorithms() {
  static const std::vector<Literal> table{"aes-ecb-zero",
                                          "aes-cmac-zero",
                                          "hmac-sha1-zero",
                                          "hmac-sha224-zero",
                                          "hmac-sha256-zero",
                                          "hmac-sha384-zero",
                                          "hmac-sha512-zero",
                                          "sha1-spki",
                                          "sha256-spki",
                                          "cka-check-value-aes-ecb-zero",
                                          "hkdf-sha256-key-check-value"};
  return table;
}

// A name of Cryptoki's, such as pkcs11 gives: C_Login, CKR_PIN_INCORRECT.
Json cryptoki_name(std::string_view text, std::string_view prefix) {
  const bool formed = text.starts_with(prefix) && text.size() <= kMaxSlug &&
                      std::all_of(text.begin(), text.end(), [](char letter) {
                        return letter == '_' ||
                               kSlugLetters.find(letter) != std::string_view::npos ||
                               kCapitals.find(letter) != std::string_view::npos;
                      });
  return formed ? Json(text) : Json(nullptr);
}

}  // namespace

Fact::Fact(const Words& words) : json_(words.text()) {}
Fact::Fact(TimePoint when) : json_(format_rfc3339(when)) {}
Fact::Fact(const LogFacts& facts) : json_(facts.json()) {}
Fact::Fact(const std::vector<Fact>& list) : json_(Json::array()) {
  for (const auto& fact : list) json_.push_back(fact.json());
}

Fact Fact::none() {
  Fact fact(false);
  fact.json_ = nullptr;
  return fact;
}

Fact Fact::id(std::string_view hex) {
  Fact fact = none();
  if (!hex.empty()) fact.json_ = hex_of(hex, kMaxIdHex, "an id in hex");
  return fact;
}

Fact Fact::sha256(std::string_view hex) {
  Fact fact = none();
  if (hex.empty()) return fact;
  if (hex.size() != kSha256Hex) not_of_the_form("a SHA-256");
  fact.json_ = hex_of(hex, kSha256Hex, "a SHA-256");
  return fact;
}

Fact Fact::serial_of(const pkcs11::TokenInfo& token) {
  Fact fact = none();
  fact.json_ = printable(token.serial);
  return fact;
}

Fact Fact::digits(std::string_view text) {
  Fact fact = none();
  if (!text.empty() && is_lower_hex(text)) fact.json_ = text;
  return fact;
}

Fact Fact::of(const crypto::CheckValue& value) {
  return LogFacts{{"alg", Words::listed(value.alg, check_value_algorithms())},
                  {"value", id(value.value)}};
}

Fact Fact::of(const std::vector<crypto::CheckValue>& values) {
  std::vector<Fact> list;
  for (const auto& value : values) list.push_back(of(value));
  return list;
}

Fact Fact::of(const crypto::PublicKey& key) {
  Fact spki = none();
  spki.json_ = to_base64(key.spki());
  return LogFacts{{"spki", spki}, {"sha256", sha256(key.sha256())}};
}

Fact Fact::of(const CkrAnswer& answer) {
  Fact function = none();
  function.json_ = cryptoki_name(answer.function, "C_");
  Fact name = none();
  name.json_ = cryptoki_name(answer.name, "CKR_");
  return LogFacts{
      {"function", function}, {"name", name}, {"value", Words::hex_number(answer.value)}};
}

LogFacts::LogFacts(std::initializer_list<Named> facts) {
  for (const auto& [name, fact] : facts) add(name, fact);
}

LogFacts& LogFacts::add(Literal name, const Fact& fact) { return add(Words(name), fact); }

LogFacts& LogFacts::add(const Words& name, const Fact& fact) {
  json_[name.text()] = fact.json();
  return *this;
}

LogFacts& LogFacts::join(const LogFacts& more) {
  json_.update(more.json_);
  return *this;
}

LogFacts facts_of(const Compared& both) {
  LogFacts facts;
  // A fingerprint that somebody typed may be anything, and a person who says no has none to show.
  const auto add = [&](Literal name, std::string_view text) {
    const bool hex = text.size() <= kMaxIdHex && text.size() % 2 == 0;
    if (hex && !text.empty() && is_lower_hex(text)) facts.add(name, Fact::id(text));
  };
  add("expected", both.expected);
  add("found", both.found);
  return facts;
}

LogFacts facts_of(const Error& error) {
  LogFacts facts{{"code", Words::code(error)}, {"exit_code", error.exit_code()}};
  if (error.ckr()) facts.add("ckr", Fact::of(*error.ckr()));
  if (error.compared()) facts.join(facts_of(*error.compared()));
  return facts;
}

}  // namespace keyrite::act
