#include "act/registry_rows.h"

#include <chrono>

#include "act/context.h"
#include "base/canonical_json.h"
#include "crypto/digest.h"
#include "crypto/random.h"

namespace keyrite::act {

namespace {

constexpr std::size_t kIdBytes = 16;

}  // namespace

registry::Time time_of(const Context& context) {
  return std::chrono::floor<std::chrono::milliseconds>(context.now());
}

std::string random_id() { return to_hex(crypto::random_bytes(kIdBytes)); }

RegistryRows rows_of(std::string_view act, const Json& what, std::size_t records,
                     const WriteRows& write) {
  RegistryRows rows{.batch = random_id(), .records = static_cast<std::int64_t>(records)};
  // The log has the batch's id. Nobody keeps the salt, so that nobody finds a name by trying.
  rows.manifest_sha256 = crypto::sha256_hex(as_bytes(canonical_json(
      {{"act", act}, {"batch", rows.batch}, {"rows", what}, {"salt", random_id()}})));
  rows.write = [write, batch = rows.batch](registry::Stores& stores) {
    return write(stores, batch);
  };
  return rows;
}

}  // namespace keyrite::act
