// A list of attributes with their values, for creating, finding and comparing objects. Each
// attribute takes the one C++ type of its row in attribute.h: bool only from bool, numbers only
// from unsigned integers, texts from texts. Owns its values; copy it freely; not for use from two
// threads at once.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/json_fwd.h"
#include "crypto/secret_bytes.h"
#include "pkcs11/attribute.h"

namespace keyrite::pkcs11 {

template <class Value, ValueType type>
concept Fits = (type == ValueType::kBool && std::same_as<Value, bool>) ||
               (type == ValueType::kNumber && std::unsigned_integral<Value> &&
                !std::same_as<Value, bool>) ||
               (type == ValueType::kClass && std::same_as<Value, ObjectClass>) ||
               (type == ValueType::kKeyKind && std::same_as<Value, KeyKind>) ||
               (type == ValueType::kText && std::convertible_to<Value, std::string_view>) ||
               (type == ValueType::kBytes && std::convertible_to<Value, ByteView> &&
                !std::convertible_to<Value, std::string_view>);

class Template {
 public:
  struct Entry {
    Attr attribute{};
    Bytes value{};  // as Cryptoki encodes it on this machine
  };

  // A later set of the same attribute replaces the earlier one.
  template <Attr attribute, class Value>
  requires Fits<Value, AttrType<attribute>::value> Template& set(const Value& value) {
    put(attribute, encode(value));
    return *this;
  }
  template <Attr attribute>
  requires(AttrType<attribute>::value == ValueType::kText) Template& set(const char* value) {
    put(attribute, encode(std::string_view(value)));
    return *this;
  }

  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  // A copy without the entries that `unwanted` says true of.
  template <class Unwanted>
  [[nodiscard]] Template without(const Unwanted& unwanted) const {
    Template kept = *this;
    std::erase_if(kept.entries_, unwanted);
    return kept;
  }
  // nullptr: the attribute is not in it.
  [[nodiscard]] const Bytes* value_of(Attr attribute) const;
  // {"CKA_CLASS": "CKO_SECRET_KEY", "CKA_SENSITIVE": true, ...}; bytes as hex, a CKA_VALUE never.
  [[nodiscard]] Json to_json() const;

 private:
  void put(Attr attribute, Bytes value);
  static Bytes encode(bool value);
  static Bytes encode(unsigned long value);
  static Bytes encode(ObjectClass value) { return encode(static_cast<unsigned long>(value)); }
  static Bytes encode(KeyKind value) { return encode(static_cast<unsigned long>(value)); }
  static Bytes encode(std::string_view value);
  static Bytes encode(ByteView value) { return {value.begin(), value.end()}; }
  static Bytes encode(const Bytes& value) { return value; }
  static Bytes encode(unsigned value) { return encode(static_cast<unsigned long>(value)); }

  std::vector<Entry> entries_{};
};

// A value as people read it: "true", "256", "CKK_AES", hex.
[[nodiscard]] std::string value_text(Attr attribute, ByteView value);

}  // namespace keyrite::pkcs11
