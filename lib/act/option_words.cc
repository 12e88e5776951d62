#include "act/option_words.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/key_type.h"
#include "crypto/fingerprint.h"
#include "provider/aws/parameters.h"
#include "provider/evidence.h"
#include "provider/google/parameters.h"
#include "provider/rules.h"

namespace keyrite::act {

namespace {

using provider::CloudType;
using provider::KeyRule;
using provider::Provider;

constexpr std::size_t kMostDigits = 20;

// Whether it can be read, by the function that reads it wherever it counts.
template <class Read>
bool can_be_read(const Read& read) {
  try {
    static_cast<void>(read());
    return true;
  } catch (const Error&) {
    return false;
  }
}

template <class Fits>
bool any_type(Provider provider, const Fits& fits) {
  const auto of_rule = [&](const KeyRule& rule) {
    return std::ranges::any_of(rule.cloud_types, fits);
  };
  return std::ranges::any_of(provider::key_rules(provider), of_rule);
}

bool is_algorithm_of(Provider provider, std::string_view text) {
  return any_type(provider, [&](const CloudType& type) { return type.algorithm == text; });
}

bool is_use_of(Provider provider, std::string_view text) {
  return any_type(provider, [&](const CloudType& type) {
    return std::ranges::find(type.uses, text) != type.uses.end();
  });
}

}  // namespace

TimePoint time_given(std::string_view text, std::string_view option, DayMeans day) {
  constexpr std::string_view kDayForm = "2026-03-01";
  try {
    if (text.size() != kDayForm.size()) return parse_rfc3339(text, option);
    const auto start = parse_rfc3339(std::string(text) + "T00:00:00Z", option);
    if (day == DayMeans::kStart) return start;
    return start + std::chrono::days(1) - std::chrono::seconds(1);
  } catch (const Error& error) {
    throw Error(Kind::kUsage, "time-invalid", error.message(),
                "write the time as 2026-03-01T10:00:00Z, or a day of UTC as 2026-03-01");
  }
}

std::vector<Provider> clouds_given(std::string_view text) {
  std::vector<Provider> clouds;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const Provider cloud = provider::parse_provider(text.substr(at, end - at));
    if (std::ranges::find(clouds, cloud) == clouds.end()) clouds.push_back(cloud);
    at = end + 1;
  }
  return clouds;
}

bool is_id_word(std::string_view text) {
  return can_be_read([&] { return from_hex(text); });
}
bool is_fingerprint_word(std::string_view text) {
  return can_be_read([&] { return crypto::plain_fingerprint(text, "the fingerprint"); });
}
bool is_time_word(std::string_view text) {
  return can_be_read([&] { return time_given(text, "the time", DayMeans::kEnd); });
}
bool is_cloud_list_word(std::string_view text) {
  return can_be_read([&] { return clouds_given(text); });
}
bool is_key_type_word(std::string_view text) {
  return can_be_read([&] { return parse_key_type(text); });
}
bool is_basis_word(std::string_view text) {
  return can_be_read([&] { return provider::parse_basis(text); });
}
bool is_number_word(std::string_view text) {
  return !text.empty() && text.size() <= kMostDigits &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

namespace aws {

bool is_key_spec_word(std::string_view text) { return is_algorithm_of(Provider::kAws, text); }
bool is_key_usage_word(std::string_view text) { return is_use_of(Provider::kAws, text); }
bool is_wrapping_algorithm_word(std::string_view text) {
  return can_be_read([&] { return provider::aws::parse_wrapping_algorithm(text); });
}
bool is_wrapping_key_spec_word(std::string_view text) {
  return std::ranges::any_of(provider::wrapping_key_sizes(Provider::kAws),
                             [&](unsigned bits) { return text == fmt::format("RSA_{}", bits); });
}

}  // namespace aws

namespace azure {

bool is_operation_word(std::string_view text) { return is_use_of(Provider::kAzure, text); }

}  // namespace azure

namespace google {

bool is_algorithm_word(std::string_view text) { return is_algorithm_of(Provider::kGoogle, text); }
bool is_purpose_word(std::string_view text) { return is_use_of(Provider::kGoogle, text); }
bool is_import_method_word(std::string_view text) {
  return can_be_read([&] { return provider::google::parse_import_method(text); });
}
bool is_protection_level_word(std::string_view text) {
  return can_be_read([&] { return provider::google::parse_protection_level(text); });
}
bool is_delay_word(std::string_view text) {
  constexpr std::string_view kUnits = "smhd";
  return !text.empty() && kUnits.find(text.back()) != std::string_view::npos &&
         is_number_word(text.substr(0, text.size() - 1));
}

}  // namespace google

}  // namespace keyrite::act
