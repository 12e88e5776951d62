#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "act/registry_replay.h"
#include "base/error.h"
#include "crypto/random.h"
#include "dek/internal/batch.h"
#include "dek/internal/batches.h"
#include "dek/new_id.h"

namespace keyrite::dek {

namespace {

constexpr int kTimeBytes = 6;
constexpr std::size_t kRandomBytes = 10;
constexpr unsigned kByteBits = 8;
constexpr std::uint32_t kMostJobs = 64;

}  // namespace

std::string new_dek_id(registry::Time now) {
  const auto since = static_cast<std::uint64_t>(now.time_since_epoch().count());
  Bytes id;
  for (unsigned left = kTimeBytes; left > 0; --left)
    id.push_back(static_cast<std::uint8_t>(since >> (kByteBits * (left - 1)) & 0xffU));
  const Bytes random = crypto::random_bytes(kRandomBytes);
  id.insert(id.end(), random.begin(), random.end());
  return to_hex(id);
}

registry::DecisionInLog decisions_when_asked(const site::Site& site) {
  const auto known = std::make_shared<std::optional<registry::DecisionInLog>>();
  return [known, site](const registry::DecisionId& id, const registry::LogEntry& newest) {
    if (!*known) *known = act::decisions_of(site);
    return (**known)(id, newest);
  };
}

act::RecordedRequest without_jobs(act::RecordedRequest request) {
  std::erase_if(request, [](const auto& field) { return field.name == "jobs"; });
  return request;
}

void give_out(const std::function<void()>& write, const std::string& made, const char* hint) {
  try {
    write();
  } catch (const Error& error) {
    throw Error(Kind::kUnknownOutcome, "deks-not-given-out",
                fmt::format("{}; {}", error.message(), made), hint);
  }
}

Error interrupted(const std::string& done, const char* hint) {
  return {Kind::kFailed, "deks-interrupted", fmt::format("a signal stopped this: {}", done), hint};
}

std::size_t jobs_of(const std::optional<std::uint32_t>& asked) {
  const auto jobs = asked.value_or(1);
  if (jobs >= 1 && jobs <= kMostJobs) return jobs;
  throw Error(Kind::kUsage, "dek-jobs", fmt::format("{} sessions do not work at once", jobs),
              fmt::format("give --jobs from 1 to {}", kMostJobs));
}

}  // namespace keyrite::dek
