#include "base/wrapping.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace keyrite {

namespace {

struct AlgorithmRow {
  WrappingAlgorithm algorithm{};
  std::string_view name{};
};
constexpr std::array<AlgorithmRow, 4> kAlgorithms{{
    {{Scheme::kRsaOaep, Hash::kSha1}, "rsa-oaep-sha1"},
    {{Scheme::kRsaOaep, Hash::kSha256}, "rsa-oaep-sha256"},
    {{Scheme::kRsaAesKeyWrap, Hash::kSha1}, "rsa-aes-key-wrap-sha1"},
    {{Scheme::kRsaAesKeyWrap, Hash::kSha256}, "rsa-aes-key-wrap-sha256"},
}};

struct MethodRow {
  Method method{};
  std::string_view name{};
  Custody custody{};
  WrapCheck check{};
};
constexpr std::array<MethodRow, 4> kMethods{{
    {Method::kNative, "native", Custody::kHsm, WrapCheck::kLength},
    {Method::kComposed, "composed", Custody::kHsm, WrapCheck::kKwpTwice},
    {Method::kDirect, "direct", Custody::kHsm, WrapCheck::kLength},
    {Method::kHostEphemeral, "host-ephemeral", Custody::kHostEphemeral, WrapCheck::kKwpTwice},
}};

// In the order of WrappingKeyBasis.
constexpr std::array<std::string_view, 3> kBases{"compared", "pinned", "vouched"};

const MethodRow& row_of(Method method) {
  return *std::find_if(kMethods.begin(), kMethods.end(),
                       [&](const auto& row) { return row.method == method; });
}

constexpr std::string_view kHsmName = "hsm";
constexpr std::string_view kHostEphemeralName = "host-ephemeral";
constexpr std::string_view kKwpTwiceName = "aes-kwp-twice";
constexpr std::string_view kLengthName = "length";

}  // namespace

std::string WrappingAlgorithm::name() const {
  const auto* const row =
      std::find_if(kAlgorithms.begin(), kAlgorithms.end(),
                   [&](const auto& candidate) { return candidate.algorithm == *this; });
  return std::string(row->name);
}

const std::vector<WrappingAlgorithm>& all_wrapping_algorithms() {
  static const std::vector<WrappingAlgorithm> all = [] {
    std::vector<WrappingAlgorithm> list;
    for (const auto& row : kAlgorithms) list.push_back(row.algorithm);
    return list;
  }();
  return all;
}

WrappingAlgorithm parse_wrapping_algorithm(std::string_view name) {
  for (const auto& row : kAlgorithms) {
    if (row.name == name) return row.algorithm;
  }
  throw Error(
      Kind::kConfig, "algorithm-unknown",
      fmt::format("\"{}\" is not a wrapping algorithm that keyrite knows", printable(name)));
}

std::string_view hash_name(Hash hash) { return hash == Hash::kSha1 ? "SHA-1" : "SHA-256"; }

std::string_view method_name(Method method) { return row_of(method).name; }

Method parse_method(std::string_view name) {
  for (const auto& row : kMethods) {
    if (row.name == name) return row.method;
  }
  throw Error(Kind::kUsage, "method-unknown",
              fmt::format("\"{}\" is not a wrap method that keyrite knows", printable(name)),
              "the methods are native, composed, direct and host-ephemeral");
}

std::string_view wrapping_key_basis_name(WrappingKeyBasis basis) {
  return kBases.at(static_cast<std::size_t>(basis));
}

WrappingKeyBasis parse_wrapping_key_basis(std::string_view name) {
  const auto* const found = std::find(kBases.begin(), kBases.end(), name);
  if (found != kBases.end()) return static_cast<WrappingKeyBasis>(found - kBases.begin());
  throw Error(Kind::kConfig, "wrapping-key-basis-unknown",
              fmt::format("\"{}\" is not a basis of a wrapping key: they are compared, pinned and "
                          "vouched",
                          printable(name)));
}

std::string_view custody_name(Custody custody) {
  return custody == Custody::kHsm ? kHsmName : kHostEphemeralName;
}

Custody parse_custody(std::string_view name) {
  if (name == kHsmName) return Custody::kHsm;
  if (name == kHostEphemeralName) return Custody::kHostEphemeral;
  throw Error(Kind::kConfig, "custody-unknown",
              fmt::format("\"{}\" is not a custody that keyrite knows", printable(name)));
}

Custody custody_of(Method method) { return row_of(method).custody; }

std::string_view wrap_check_name(WrapCheck check) {
  return check == WrapCheck::kKwpTwice ? kKwpTwiceName : kLengthName;
}

WrapCheck parse_wrap_check(std::string_view name) {
  if (name == kKwpTwiceName) return WrapCheck::kKwpTwice;
  if (name == kLengthName) return WrapCheck::kLength;
  throw Error(Kind::kConfig, "check-unknown",
              fmt::format("\"{}\" is not a check of a wrap that keyrite knows", printable(name)));
}

WrapCheck wrap_check_of(Method method) { return row_of(method).check; }

}  // namespace keyrite
