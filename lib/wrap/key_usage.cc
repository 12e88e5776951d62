// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/error.h"
#include "wrap/key_generation.h"

namespace keyrite::wrap {

namespace {

struct UsageRow {
  KeyUsage usage{};
  std::string_view name{};
};
constexpr std::array<UsageRow, 4> kUsages{{{KeyUsage::kWrap, "wrap"},
                                           {KeyUsage::kEncrypt, "encrypt"},
                                           {KeyUsage::kSign, "sign"},
                                           {KeyUsage::kDerive, "derive"}}};

}  // namespace

std::string_view usage_name(KeyUsage usage) {
  const auto* const row =
      std::find_if(kUsages.begin(), kUsages.end(), [&](const auto& r) { return r.usage == usage; });
  return row->name;
}

KeyUsage parse_usage(std::string_view name) {
  const auto* const row =
      std::find_if(kUsages.begin(), kUsages.end(), [&](const auto& r) { return r.name == name; });
  if (row == kUsages.end()) {
    throw Error(Kind::kUsage, "usage-unknown", fmt::format("there is no key usage \"{}\"", name),
                "usages are wrap, encrypt, sign and derive");
  }
  return row->usage;
}

}  // namespace keyrite::wrap
