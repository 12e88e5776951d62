#include "pkcs11/key_kind.h"

#include <algorithm>

#include <fmt/format.h>

namespace keyrite::pkcs11 {

namespace {

constexpr unsigned long kVendorKinds = 0x80000000UL;  // CKK_VENDOR_DEFINED

}  // namespace

const std::vector<KeyKindInfo>& key_kinds() {
  static const std::vector<KeyKindInfo> table{
#define KEYRITE_KIND(name, value) {#name, value},
#include "pkcs11/key_kind_table.inc"
#undef KEYRITE_KIND
  };
  return table;
}

std::string_view key_kind_name(unsigned long value) {
  const auto& table = key_kinds();
  const auto row = std::find_if(table.begin(), table.end(),
                                [&](const KeyKindInfo& kind) { return kind.value == value; });
  return row == table.end() ? std::string_view() : row->name;
}

std::string key_kind_text(unsigned long value) {
  const std::string_view name = key_kind_name(value);
  if (!name.empty()) return fmt::format("{} (0x{:02X})", name, value);
  if (value >= kVendorKinds) return fmt::format("a vendor's key type (0x{:X})", value);
  return fmt::format("key type 0x{:02X}", value);
}

}  // namespace keyrite::pkcs11
