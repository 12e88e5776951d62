#include "pkcs11/ckr.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace keyrite::pkcs11 {

namespace {

constexpr unsigned long kVendorDefined = 0x80000000UL;

const CkrInfo* find(unsigned long value) {
  const auto& table = ckr_table();
  const auto row =
      std::find_if(table.begin(), table.end(), [&](const CkrInfo& r) { return r.value == value; });
  return row == table.end() ? nullptr : &*row;
}

// "CKR_KEY_UNEXTRACTABLE" as "ckr-key-unextractable".
std::string slug(std::string_view name) {
  std::string text(name.substr(0, name.find('+')));
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return text;
}

}  // namespace

const std::vector<CkrInfo>& ckr_table() {
  static const std::vector<CkrInfo> table{
#define KEYRITE_CKR(name, value, kind, hint) {#name, value, Kind::kind, hint},
#include "pkcs11/ckr_table.inc"
#undef KEYRITE_CKR
  };
  return table;
}

std::string ckr_name(unsigned long value) {
  if (const auto* row = find(value)) return std::string(row->name);
  if (value >= kVendorDefined)
    return fmt::format("CKR_VENDOR_DEFINED+0x{:X}", value - kVendorDefined);
  return "CKR_UNKNOWN";
}

Error ckr_error(std::string_view function, unsigned long value, std::string_view what) {
  const auto* row = find(value);
  const std::string name = ckr_name(value);
  return Error(row != nullptr ? row->kind : Kind::kToken, slug(name),
               fmt::format("{} failed {}", function, what),
               row != nullptr ? std::string(row->hint)
                              : "the meaning of this value is in the vendor's documentation")
      .with_ckr({std::string(function), name, value});
}

}  // namespace keyrite::pkcs11
