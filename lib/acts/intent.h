// What an act is about to do, in the words of its request: recorded in the transcript before it is
// done, and what approvers approve. Plain data; one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "acts/request.h"
#include "base/json.h"

namespace keyrite::acts {

struct Intent {
  std::string act{};                // "wrap-for-import"
  std::vector<std::string> also{};  // what policy may ask approvals for beside the act:
                                    // "trust-wrapping-key"
  RecordedRequest request{};
  Json inputs = Json::object();        // what the request's files came to: fingerprints, SHA-256
  std::optional<std::string> label{};  // of the key
  std::optional<std::string> id{};     // its CKA_ID, hex
  std::vector<std::string> outputs{};  // files and folders that will be made
};

// The canonical JSON of act, request and inputs: the same for the same command line over the same
// files, and for no other. With names: it is for approvers, and never stands in a transcript.
[[nodiscard]] std::string request_text(const Intent& intent);
// SHA-256 of it, lower-case hex.
[[nodiscard]] std::string request_sha256(const Intent& intent);
// The key for people: its label, else "id HEX", else nothing.
[[nodiscard]] std::string key_name(const Intent& intent);
// "wrap-for-import with trust-wrapping-key"
[[nodiscard]] std::string operation_of(const Intent& intent);

}  // namespace keyrite::acts
