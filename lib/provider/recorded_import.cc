#include "provider/recorded_import.h"

#include <chrono>
#include <functional>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/document.h"
#include "base/error.h"
#include "provider/cloud_table.h"
#include "provider/parameters.h"
#include "provider/recorded_clauses.h"
#include "provider/rules.h"

namespace keyrite::provider {

namespace {

// What a parser refuses contradicts too.
std::string clause_of(const std::function<std::string()>& find) {
  try {
    return find();
  } catch (const Error& error) {
    return error.message();
  }
}

std::optional<std::string> recorded_expiry(const RecordedImport& import) {
  return parameters_of(import).optional_text(cloud_of(import.provider).expiry_member);
}

std::string lifetime_contradiction(const RecordedImport& import) {
  const auto longest = longest_validity(import.provider);
  if (!import.valid_until) return {};
  if (*import.valid_until <= import.created) return "the import parameters expired before the wrap";
  // The time of the wrap has no fraction of a second.
  if (!longest || *import.valid_until - import.created <= *longest + std::chrono::seconds(1)) {
    return {};
  }
  return fmt::format(
      "the import parameters are valid until {}, which is later than {} allows for parameters made "
      "on {}",
      format_rfc3339(*import.valid_until), provider_title(import.provider),
      format_rfc3339(import.created));
}

}  // namespace

std::string parameters_contradiction(const RecordedImport& import) {
  return clause_of([&] {
    const std::string sha256 =
        sha256_text(parameters_of(import).at("wrapping_key_sha256"), kRecordedKind);
    if (sha256 != import.wrapping_key_sha256) {
      return std::string("the import parameters are for a different wrapping key");
    }
    return cloud_of(import.provider).parameters_contradiction(import);
  });
}

std::string names_contradiction(const RecordedImport& import) {
  return clause_of([&] { return cloud_of(import.provider).names_contradiction(import); });
}

std::string validity_contradiction(const RecordedImport& import) {
  return clause_of([&] {
    const std::string until = import.valid_until ? format_rfc3339(*import.valid_until) : "no limit";
    return first_of({require_same("the import parameters' expiry", until,
                                  recorded_expiry(import).value_or("no limit")),
                     lifetime_contradiction(import)});
  });
}

std::string limits_contradiction(const RecordedImport& import) {
  return clause_of([&]() -> std::string {
    static_cast<void>(cloud_type(import.provider, import.key_type, import.cloud_algorithm));
    check_transport(import.provider, import.key_type, import.algorithm, import.wrapping_key_bits,
                    Force::kYes);
    const bool again = import.purpose == Purpose::kVerification;
    if (again &&
        (import.provider != Provider::kAws || import.cloud_algorithm != "SYMMETRIC_DEFAULT")) {
      return "only AWS allows a second import, and only of a SYMMETRIC_DEFAULT key";
    }
    return {};
  });
}

std::vector<std::string> unverified_of(const RecordedImport& import) {
  auto points = unverified_points(import.provider, import.key_type, import.algorithm);
  for (auto& point : cloud_of(import.provider).unverified_names(import))
    points.push_back(std::move(point));
  return points;
}

}  // namespace keyrite::provider
