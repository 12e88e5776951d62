// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "provider/aws/wrapping_algorithm.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/error.h"
#include "provider/name_form.h"
#include "provider/rule_tables.h"

namespace keyrite::provider::aws {

namespace {

struct AlgorithmName {
  std::string_view name{};
  WrappingAlgorithm algorithm{};
};
constexpr std::array<AlgorithmName, 4> kAlgorithms{{
    {"RSAES_OAEP_SHA_256", {Scheme::kRsaOaep, Hash::kSha256}},
    {"RSAES_OAEP_SHA_1", {Scheme::kRsaOaep, Hash::kSha1}},
    {"RSA_AES_KEY_WRAP_SHA_256", {Scheme::kRsaAesKeyWrap, Hash::kSha256}},
    {"RSA_AES_KEY_WRAP_SHA_1", {Scheme::kRsaAesKeyWrap, Hash::kSha1}},
}};

}  // namespace

WrappingAlgorithm parse_wrapping_algorithm(std::string_view name) {
  const auto* const row = std::ranges::find(kAlgorithms, name, &AlgorithmName::name);
  if (row != kAlgorithms.end()) return row->algorithm;
  if (name == "RSAES_PKCS1_V1_5" || name == "SM2PKE") {
    throw Error(Kind::kUsage, "wrapping-algorithm-refused",
                fmt::format("{} cannot be used: {}", name,
                            name == "SM2PKE" ? "it exists in China Regions only"
                                             : "AWS removed it in October 2023"),
                std::string(kAlgorithmHint));
  }
  throw Error(Kind::kUsage, "wrapping-algorithm-unknown",
              fmt::format("AWS has no wrapping algorithm {}", in_quotes(name)),
              std::string(kAlgorithmHint));
}

std::string wrapping_algorithm_name(WrappingAlgorithm algorithm) {
  return std::string(std::ranges::find(kAlgorithms, algorithm, &AlgorithmName::algorithm)->name);
}

std::vector<WrappingChoice> make_wrapping_choices() {
  std::vector<WrappingChoice> choices;
  for (const AlgorithmName& row : kAlgorithms)
    choices.push_back({std::string(row.name), row.algorithm, wrapping_key_sizes(Provider::kAws)});
  return choices;
}

}  // namespace keyrite::provider::aws
