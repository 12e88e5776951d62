#include "act/log_words.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "provider/challenge_table.h"
#include "provider/evidence.h"
#include "provider/public_exponent.h"
#include "provider/rules.h"

namespace keyrite::act {

namespace {

// Points that no row of lib/provider's rules has.
constexpr std::array<std::string_view, 2> kOtherPoints{"azure-oct-key-in-vault",
                                                       "google-job-attestation-not-judged"};
constexpr std::string_view kNotListed = "not in the table";
constexpr std::string_view kUnnamed = "internal";
constexpr std::size_t kMaxCode = 64;

template <class Same>
bool any_rule(const Same& same) {
  return std::ranges::any_of(provider::all_providers(), [&](provider::Provider provider) {
    return std::ranges::any_of(provider::key_rules(provider), same);
  });
}

}  // namespace

Words Words::from(std::string_view text) {
  Words words;
  words.text_ = text;
  return words;
}

Words Words::of(Method method) { return from(method_name(method)); }
Words Words::of(Custody custody) { return from(custody_name(custody)); }
Words Words::of(WrappingKeyBasis basis) { return from(wrapping_key_basis_name(basis)); }
Words Words::of(KeyOrigin origin) { return from(key_origin_name(origin)); }
Words Words::of(WrapCheck check) { return from(wrap_check_name(check)); }
Words Words::of(Hash hash) { return from(hash_name(hash)); }
Words Words::of(const WrappingAlgorithm& algorithm) { return from(algorithm.name()); }
Words Words::of(const KeyType& type) { return from(type.name()); }
Words Words::of(provider::Provider provider) { return from(provider::provider_name(provider)); }
Words Words::of(provider::Purpose purpose) { return from(provider::purpose_name(purpose)); }
Words Words::of(provider::Result result) { return from(provider::result_name(result)); }
Words Words::of(provider::Basis basis) { return from(provider::basis_name(basis)); }
Words Words::of(provider::Verdict verdict) { return from(provider::verdict_name(verdict)); }

Words Words::code(const Error& error) {
  const std::string& code = error.code();
  const bool formed =
      !code.empty() && code.size() <= kMaxCode && std::ranges::all_of(code, [](char letter) {
        return letter == '-' || (letter >= 'a' && letter <= 'z') ||
               (letter >= '0' && letter <= '9');
      });
  return from(formed ? std::string_view(code) : kUnnamed);
}

Words Words::number(std::uint64_t value) { return from(fmt::to_string(value)); }
Words Words::hex_number(std::uint64_t value) { return from(fmt::format("0x{:X}", value)); }

Words Words::listed(std::string_view text, const std::vector<Literal>& table) {
  const auto found = std::ranges::find(table, text, &Literal::text);
  return from(found == table.end() ? kNotListed : found->text());
}

Words Words::cloud_algorithm(std::string_view text) {
  const bool known = any_rule([&](const provider::KeyRule& rule) {
    return std::ranges::find(rule.cloud_types, text, &provider::CloudType::algorithm) !=
           rule.cloud_types.end();
  });
  return from(known ? text : kNotListed);
}

Words Words::unverified_point(std::string_view text) {
  const bool known = any_rule([&](const provider::KeyRule& rule) {
    return rule.point == text ||
           std::ranges::find(rule.transports, text, &provider::TransportRule::point) !=
               rule.transports.end();
  });
  const bool other = std::ranges::find(kOtherPoints, text) != kOtherPoints.end();
  const auto& exponents = provider::exponent_rules();
  const bool exponent =
      std::ranges::find(exponents, text, &provider::ExponentRule::point) != exponents.end();
  return from(known || other || exponent ? text : kNotListed);
}

Words Words::challenge(std::string_view id) {
  const auto& rows = provider::challenge_rows();
  const bool known = std::ranges::find(rows, id, &provider::ChallengeRow::id) != rows.end();
  return from(known ? id : kNotListed);
}

Words& Words::operator+=(const Words& more) {
  text_ += more.text_;
  return *this;
}

}  // namespace keyrite::act
