// What an act may write into the log, permanently: ids, check values, SHA-256, public keys,
// numbers, times, and words of this program (act/log_words.h). An allow-list: free text cannot
// become a fact, so a field that somebody adds one day cannot bring a name into the log. Values;
// any thread.
#pragma once

#include <concepts>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "act/log_words.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"

namespace keyrite::crypto {
class PublicKey;
struct CheckValue;
}  // namespace keyrite::crypto

namespace keyrite::pkcs11 {
struct TokenInfo;
}  // namespace keyrite::pkcs11

namespace keyrite::act {

class LogFacts;

class Fact {
 public:
  // The constructors are the list. Of the arithmetic ones neither takes a pointer for a bool.
  // NOLINTBEGIN(google-explicit-constructor)
  template <std::same_as<bool> Bool>
  Fact(Bool value) : json_(value) {}
  template <std::integral Number>
  requires(!std::same_as<Number, bool> && sizeof(Number) > sizeof(char)) Fact(Number value)
      : json_(value) {}
  Fact(const Words& words);
  Fact(TimePoint when);
  Fact(const LogFacts& facts);
  Fact(const std::vector<Fact>& list);
  // NOLINTEND(google-explicit-constructor)

  [[nodiscard]] static Fact none();  // null
  // A CKA_ID, a run, a pseudonym: lower-case hex of 1 to 64 bytes; none() where it is empty. Error
  // kInternal "log-fact-form" for anything else.
  [[nodiscard]] static Fact id(std::string_view hex);
  // Lower-case hex of 32 bytes, or none() where it is empty. Errors as id().
  [[nodiscard]] static Fact sha256(std::string_view hex);
  // The serial that a token has of its maker; it stands in the head of each entry too.
  [[nodiscard]] static Fact serial_of(const pkcs11::TokenInfo& token);
  // A value of an attribute in decimal or hex digits; none() for anything else.
  [[nodiscard]] static Fact digits(std::string_view text);
  [[nodiscard]] static Fact of(const crypto::CheckValue& value);  // alg and value; errors as id()
  [[nodiscard]] static Fact of(const std::vector<crypto::CheckValue>& values);
  [[nodiscard]] static Fact of(const crypto::PublicKey& key);  // SPKI and its SHA-256
  // Function, name and number. Never the message of an Error: it may name the key.
  [[nodiscard]] static Fact of(const CkrAnswer& answer);

  [[nodiscard]] const Json& json() const { return json_; }

 private:
  Json json_;
};

class LogFacts {
 public:
  struct Named {
    Literal name;
    Fact fact;
  };
  LogFacts() = default;
  LogFacts(std::initializer_list<Named> facts);
  LogFacts& add(Literal name, const Fact& fact);
  LogFacts& add(const Words& name, const Fact& fact);
  LogFacts& join(const LogFacts& more);  // its facts beside these
  [[nodiscard]] const Json& json() const { return json_; }

 private:
  Json json_ = Json::object();
};

// expected and found: the fingerprints that differ, each where it is hex.
[[nodiscard]] LogFacts facts_of(const Compared& both);

// code, exit_code, what the token answered (ckr), and the fingerprints that differ.
[[nodiscard]] LogFacts facts_of(const Error& error);

}  // namespace keyrite::act
