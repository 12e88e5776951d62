#include "provider/rules.h"

#include <algorithm>
#include <iterator>
#include <map>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "provider/cloud_table.h"

namespace keyrite::provider {

namespace {

constexpr std::string_view kForceHint =
    "add --allow-unverified if you have tried this with the provider";

bool covers(const KeyRule& rule, const KeyType& type) {
  return rule.family == type.family && rule.curve == type.curve && rule.min_size <= type.size &&
         type.size <= rule.max_size;
}

const TransportRule* find_transport(const KeyRule& rule, WrappingAlgorithm algorithm) {
  const auto it = std::find_if(rule.transports.begin(), rule.transports.end(),
                               [&](const auto& one) { return one.algorithm == algorithm; });
  return it == rule.transports.end() ? nullptr : &*it;
}

std::string transport_names(const KeyRule& rule) {
  std::string names;
  for (const TransportRule& transport : rule.transports) {
    names += (names.empty() ? "" : ", ") + transport.algorithm.name();
  }
  return names;
}

void check_algorithm(const KeyRule& rule, const KeyType& type, WrappingAlgorithm algorithm,
                     Force force) {
  const TransportRule* transport = find_transport(rule, algorithm);
  if (transport == nullptr) {
    throw Error(Kind::kUsage, "algorithm-not-for-key-type",
                fmt::format("{} does not accept {} wrapped with {}", provider_title(rule.provider),
                            type.name(), algorithm.name()),
                fmt::format("it accepts: {}", transport_names(rule)));
  }
  if (transport->standing == Standing::kUnverified && force == Force::kNo) {
    throw Error(Kind::kUsage, "algorithm-unverified",
                fmt::format("no documentation confirms that {} accepts {} wrapped with {}: {}",
                            provider_title(rule.provider), type.name(), algorithm.name(),
                            transport->reason),
                std::string(kForceHint));
  }
}

bool fits(const KeyType& type, WrappingAlgorithm algorithm, unsigned wrapping_bits) {
  return algorithm.scheme == Scheme::kRsaAesKeyWrap ||
         plaintext_bytes(type) <= oaep_capacity(wrapping_bits, algorithm.hash);
}

}  // namespace

const std::vector<KeyRule>& key_rules(Provider provider) {
  static const std::map<Provider, std::vector<KeyRule>> all = [] {
    std::map<Provider, std::vector<KeyRule>> rules;
    for (const Provider one : all_providers()) rules.emplace(one, cloud_of(one).make_key_rules());
    return rules;
  }();
  return all.at(cloud_of(provider).provider);
}

const KeyRule& key_rule(Provider provider, const KeyType& type) {
  const auto& rules = key_rules(provider);
  const auto it = std::find_if(rules.begin(), rules.end(),
                               [&](const KeyRule& rule) { return covers(rule, type); });
  if (it == rules.end()) {
    throw Error(Kind::kUsage, "key-type-refused",
                fmt::format("{} does not accept {}", provider_title(provider), type.name()));
  }
  return *it;
}

const std::vector<unsigned>& wrapping_key_sizes(Provider provider) {
  return cloud_of(provider).wrapping_key_sizes;
}

void check_key_type(Provider provider, const KeyType& type, Force force,
                    std::optional<WrappingAlgorithm> algorithm) {
  const KeyRule& rule = key_rule(provider, type);
  if (rule.standing == Standing::kRefused) {
    throw Error(Kind::kUsage, "key-type-refused",
                fmt::format("{} does not accept {}: {}", provider_title(provider), type.name(),
                            rule.reason),
                "choose another key type");
  }
  if (rule.standing == Standing::kUnverified && force == Force::kNo) {
    throw Error(Kind::kUsage, "key-type-unverified",
                fmt::format("no documentation confirms that {} accepts {}: {}",
                            provider_title(provider), type.name(), rule.reason),
                std::string(kForceHint));
  }
  if (algorithm) check_algorithm(rule, type, *algorithm, force);
}

void check_transport(Provider provider, const KeyType& type, WrappingAlgorithm algorithm,
                     unsigned wrapping_bits, Force force) {
  check_key_type(provider, type, force, algorithm);
  const auto& sizes = wrapping_key_sizes(provider);
  if (std::find(sizes.begin(), sizes.end(), wrapping_bits) == sizes.end()) {
    throw Error(
        Kind::kUsage, "wrapping-key-bits",
        fmt::format("{} has no wrapping keys of {} bits", provider_title(provider), wrapping_bits));
  }
  if (!fits(type, algorithm, wrapping_bits)) {
    throw Error(Kind::kUsage, "target-too-large",
                fmt::format("{} has {} bytes, but {} under RSA-{} can wrap at most {}", type.name(),
                            plaintext_bytes(type), algorithm.name(), wrapping_bits,
                            oaep_capacity(wrapping_bits, algorithm.hash)),
                "fetch import parameters with a larger wrapping key or an RSA-AES algorithm");
  }
}

std::vector<std::string> unverified_points(Provider provider, const KeyType& type,
                                           WrappingAlgorithm algorithm) {
  std::vector<std::string> points;
  const KeyRule& rule = key_rule(provider, type);
  if (rule.standing == Standing::kUnverified) points.emplace_back(rule.point);
  const TransportRule* transport = find_transport(rule, algorithm);
  if (transport != nullptr && transport->standing == Standing::kUnverified) {
    points.emplace_back(transport->point);
  }
  return points;
}

const CloudType& cloud_type(Provider provider, const KeyType& type,
                            const std::optional<std::string>& algorithm) {
  const KeyRule& rule = key_rule(provider, type);
  std::string names;
  for (const CloudType& one : rule.cloud_types) {
    if (!algorithm || one.algorithm == *algorithm) return one;
    names += (names.empty() ? "" : ", ") + std::string(one.algorithm);
  }
  throw Error(Kind::kUsage, "cloud-type-not-for-key",
              fmt::format("{} cannot be imported into {} as \"{}\"", type.name(),
                          provider_title(provider), printable(algorithm.value_or(""))),
              names.empty() ? std::string(rule.reason) : "it can be imported as: " + names);
}

std::optional<std::string> mac_type(Provider provider, const KeyType& type, unsigned hash_bits) {
  constexpr unsigned kSha1Bits = 160;
  if (type.family != KeyFamily::kGenericSecret) return std::nullopt;
  const std::string ending = hash_bits == kSha1Bits ? "sha1" : fmt::to_string(hash_bits);
  for (const CloudType& one : key_rule(provider, type).cloud_types) {
    if (one.algorithm.ends_with(ending)) return std::string(one.algorithm);
  }
  return std::nullopt;
}

std::vector<Row> rows_for(Provider provider, const KeyType& type) {
  std::vector<Row> rows;
  const KeyRule& rule = key_rule(provider, type);
  for (const TransportRule& transport : rule.transports) {
    Row row{.provider = provider, .key_type = type, .algorithm = transport.algorithm};
    for (const unsigned bits : wrapping_key_sizes(provider)) {
      if (fits(type, transport.algorithm, bits)) row.wrapping_bits.push_back(bits);
    }
    for (const CloudType& cloud : rule.cloud_types) row.cloud_types.emplace_back(cloud.algorithm);
    row.standing = std::max(rule.standing, transport.standing);
    if (!row.wrapping_bits.empty()) rows.push_back(std::move(row));
  }
  return rows;
}

const std::vector<Row>& all_rows() {
  static const std::vector<Row> rows = [] {
    std::vector<Row> all;
    for (const Provider provider : all_providers()) {
      for (const KeyType& type : all_key_types()) {
        auto of_type = rows_for(provider, type);
        all.insert(all.end(), std::make_move_iterator(of_type.begin()),
                   std::make_move_iterator(of_type.end()));
      }
    }
    return all;
  }();
  return rows;
}

}  // namespace keyrite::provider
