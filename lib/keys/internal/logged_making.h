// What a site's log knows of how keys were made: the results of generate-kek in what its last
// checkpoint signs. Of a key in the registry, the entries that its versions name are read, and
// believed where the log's key vouches for them; of any other, the whole log is (decision 14).
// Reads files; one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "site/site.h"

namespace keyrite::keys {

struct LoggedMaking {
  std::uint64_t entry{};  // of the result
  bool vouched{};         // by the log's key: whoever wrote it held the token
  Json token{};           // the head of the run's intent: where it was made
  std::string key_type{};
  // What tells the key from others; empty where the entry has none.
  std::string public_key_sha256{};
  std::string use_sha256{};
  Json attributes{};       // as the log has them, read back when it was made
  std::string made_for{};  // the id of the tenant's key whose version it was made as; or empty
};

// By CKA_ID (lower-case hex), each in the order of the log.
using MakingsOfKeys = std::map<std::string, std::vector<LoggedMaking>, std::less<>>;

// Those of each of `ids` (lower-case hex); one without any is left out. The log is read at most
// once, however many ids there are. Nothing is taken from an entry that the checkpoint does not
// sign. Errors: those of transcript::verify, Registry and read_file;
// kVerification "evidence-changed" when facts that stand beside the log are not what the entry
// names.
[[nodiscard]] MakingsOfKeys logged_makings(const site::Site& site,
                                           std::span<const std::string> ids);

// As above, of one id: empty where there are none.
[[nodiscard]] std::vector<LoggedMaking> logged_makings(const site::Site& site,
                                                       const std::string& id);

}  // namespace keyrite::keys
