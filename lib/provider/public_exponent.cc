#include "provider/public_exponent.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"

namespace keyrite::provider {

namespace {

const ExponentRule& rule_of(Provider provider) {
  const auto& rules = exponent_rules();
  const auto rule = std::find_if(rules.begin(), rules.end(),
                                 [&](const ExponentRule& one) { return one.provider == provider; });
  if (rule == rules.end())
    throw Error(Kind::kInternal, "value-outside-table", "a provider outside the table");
  return *rule;
}

// Big-endian, without leading zeros: the longer one is the larger.
bool is_smaller(const Bytes& exponent) {
  if (exponent.size() != crypto::kF4.size()) return exponent.size() < crypto::kF4.size();
  return std::ranges::lexicographical_compare(exponent, crypto::kF4);
}

}  // namespace

const std::vector<ExponentRule>& exponent_rules() {
  static const std::vector<ExponentRule> table{
      {.provider = Provider::kAws,
       .point = "aws-rsa-public-exponent",
       .reason = "no AWS documentation confirms that it imports any other exponent than 65537"},
      {.provider = Provider::kAzure,
       .point = "azure-rsa-public-exponent",
       .reason = "no Azure documentation confirms that it imports any other exponent than 65537"},
      {.provider = Provider::kGoogle,
       .smaller = Standing::kRefused,
       .point = "google-rsa-public-exponent",
       .reason = "Google requires 65537 or more, and does not name a larger one that it accepts"}};
  return table;
}

std::vector<std::string> check_public_exponent(Provider provider, const crypto::PublicKey& key,
                                               Force force) {
  if (key.rsa_bits() == 0) return {};
  const Bytes exponent = key.rsa_exponent();
  if (std::ranges::equal(exponent, crypto::kF4)) return {};
  const ExponentRule& rule = rule_of(provider);
  const Standing standing = is_smaller(exponent) ? rule.smaller : rule.larger;
  const std::string what = fmt::format("the RSA key's public exponent is 0x{}, not 65537: {}",
                                       to_hex(exponent), rule.reason);
  if (standing == Standing::kRefused) {
    throw Error(Kind::kUsage, "rsa-exponent-refused", what,
                "make a new key with generate-kek --for");
  }
  if (force == Force::kNo) {
    throw Error(Kind::kUsage, "rsa-exponent-unverified", what,
                "make a new key with generate-kek --for, or add --allow-unverified if you have "
                "tried this with the provider");
  }
  return {std::string(rule.point)};
}

}  // namespace keyrite::provider
