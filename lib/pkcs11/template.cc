#include "pkcs11/template.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "pkcs11/key_kind.h"

namespace keyrite::pkcs11 {

namespace {

std::optional<unsigned long> number_in(ByteView value) {
  unsigned long number = 0;
  if (value.size() != sizeof(number)) return std::nullopt;
  std::memcpy(&number, value.data(), sizeof(number));
  return number;
}

std::string_view class_name(unsigned long number) {
  switch (static_cast<ObjectClass>(number)) {
    case ObjectClass::kPublicKey:
      return "CKO_PUBLIC_KEY";
    case ObjectClass::kPrivateKey:
      return "CKO_PRIVATE_KEY";
    case ObjectClass::kSecretKey:
      return "CKO_SECRET_KEY";
  }
  return {};
}

std::string number_text(ValueType type, unsigned long number) {
  const std::string_view name = type == ValueType::kClass     ? class_name(number)
                                : type == ValueType::kKeyKind ? key_kind_name(number)
                                                              : std::string_view();
  return name.empty() ? fmt::format("{}", number) : std::string(name);
}

// CK_DATE: eight digits, year, month and day.
std::string date_text(ByteView value) {
  constexpr std::size_t kYear = 4;
  constexpr std::size_t kYearMonth = 6;
  constexpr std::size_t kWhole = 8;
  const std::string digits = as_text(value);
  const bool whole =
      digits.size() == kWhole &&
      std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!whole) return to_hex(value);
  return fmt::format("{}-{}-{}", digits.substr(0, kYear), digits.substr(kYear, 2),
                     digits.substr(kYearMonth));
}

}  // namespace

void Template::put(Attr attribute, Bytes value) {
  const auto same = [&](const Entry& entry) { return entry.attribute == attribute; };
  const auto known = std::find_if(entries_.begin(), entries_.end(), same);
  if (known != entries_.end()) {
    known->value = std::move(value);
  } else {
    entries_.push_back({attribute, std::move(value)});
  }
}

const Bytes* Template::value_of(Attr attribute) const {
  const auto entry = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& e) { return e.attribute == attribute; });
  return entry == entries_.end() ? nullptr : &entry->value;
}

Bytes Template::encode(bool value) { return {static_cast<std::uint8_t>(value ? 1 : 0)}; }

Bytes Template::encode(unsigned long value) {
  Bytes bytes(sizeof(value));
  std::memcpy(bytes.data(), &value, sizeof(value));
  return bytes;
}

Bytes Template::encode(std::string_view value) {
  const ByteView bytes = as_bytes(value);
  return {bytes.begin(), bytes.end()};
}

Json Template::to_json() const {
  Json json = Json::object();
  for (const auto& entry : entries_) {
    json[std::string(attribute_info(entry.attribute).name)] =
        value_text(entry.attribute, entry.value);
  }
  return json;
}

std::string value_text(Attr attribute, ByteView value) {
  if (attribute == Attr::kValue) return "(not shown)";
  const ValueType type = attribute_info(attribute).type;
  switch (type) {
    case ValueType::kBool:
      if (value.size() == 1) return value[0] != 0 ? "true" : "false";
      break;
    case ValueType::kNumber:
    case ValueType::kClass:
    case ValueType::kKeyKind:
      if (const auto number = number_in(value)) return number_text(type, *number);
      break;
    case ValueType::kText:
      return printable(as_text(value));
    case ValueType::kDate:
      return date_text(value);
    case ValueType::kBytes:
      break;
  }
  return to_hex(value);
}

}  // namespace keyrite::pkcs11
