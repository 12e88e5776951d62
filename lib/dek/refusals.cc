#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "dek/internal/refusals.h"

namespace keyrite::dek {

namespace {

constexpr std::array<std::string_view, 15> kOfRecord{
    "data-key-not-wrapped", "data-key-record-bad", "dek-expired",        "dek-gone",
    "dek-id-taken",         "dek-length",          "dek-not-movable",    "dek-of-credential",
    "dek-other-bytes",      "dek-other-tenant",    "dek-record-differs", "dek-record-needed",
    "dek-unknown",          "key-wraps-nothing",   "version-not-opening"};

}  // namespace

bool says_of_record(const Error& error) {
  return std::ranges::find(kOfRecord, error.code()) != kOfRecord.end();
}

Error unknown_dek(const std::string& id) {
  return {Kind::kUsage, "dek-unknown",
          fmt::format("the registry has no data key {}", printable(id)),
          "it was never issued here, or was removed after its time"};
}

void Refusals::count(const std::optional<Error>& refusal) {
  ++(refusal ? refused_ : opened_);
  if (!refusal) return;
  const bool graver =
      gravest_ && gravest_->kind() != Kind::kVerification && refusal->kind() == Kind::kVerification;
  if (!gravest_ || graver) gravest_ = refusal;
}

std::string Refusals::line(const std::string& id, const Error& refusal) {
  return fmt::format("{{\"error\":\"{}\",\"id\":\"{}\"}}\n", refusal.code(), id);
}

std::optional<Error> Refusals::error(std::string_view done, const char* hint) const {
  if (!gravest_) return std::nullopt;
  if (is_alone()) return gravest_;
  std::string message = fmt::format("{} of {} data keys were not {}, among them: {}", refused_,
                                    opened_ + refused_, done, gravest_->message());
  if (gravest_->kind() == Kind::kVerification)
    return Error(Kind::kVerification, "deks-suspect", std::move(message), hint);
  return Error(Kind::kFailed, "deks-not-opened", std::move(message), hint);
}

}  // namespace keyrite::dek
