#include "acts/intent.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/canonical_json.h"
#include "crypto/digest.h"

namespace keyrite::acts {

std::string request_text(const Intent& intent) {
  Json request = Json::object();
  for (const auto& field : intent.request) request[field.name] = field.value;
  const Json whole{{"act", intent.act}, {"inputs", intent.inputs}, {"request", request}};
  return canonical_json(whole);
}

std::string request_sha256(const Intent& intent) {
  return crypto::sha256_hex(as_bytes(request_text(intent)));
}

std::string key_name(const Intent& intent) {
  if (intent.label) return *intent.label;
  return intent.id ? "id " + *intent.id : std::string();
}

std::string operation_of(const Intent& intent) {
  if (intent.also.empty()) return intent.act;
  return fmt::format("{} with {}", intent.act, fmt::join(intent.also, ", "));
}

}  // namespace keyrite::acts
