// The request of an act, in pseudonyms: one object for the intent in the log, for request.json
// beside a statement, and for the SHA-256 in the statement. An approval covers nothing that is not
// in this object. Plain data; one thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "act/intent.h"
#include "approval/statement_names.h"
#include "base/clock.h"
#include "base/json.h"

namespace keyrite::act {

struct AskedRequest {
  Json json = Json::object();  // "act", "also", "inputs", "outputs", "request"
  std::string key{};           // the pseudonym of the label in "request"; empty: it has none
  std::string label{};         // of the intent's label, which may be made anew in each run
  approval::Names names{};     // of every pseudonym in it
  // request.json, canonical.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::string sha256() const;
};

// `pseudonym_of` gives the one pseudonym of a name. Error kVerification "pseudonym-shared" when it
// gives two names the same: whoever wrote the registry could have one shown for the other.
[[nodiscard]] AskedRequest asked_request(
    const Intent& intent, const std::function<std::string(const std::string& name)>& pseudonym_of);

// Whether a member of "inputs" or "request" has ids in clear: of the registry or of a token. They
// look like pseudonyms, and no names.json has them. asked_request() refuses what looks like a
// pseudonym in any other member (kInternal "field-not-listed"), so that no id is ever taken for a
// name.
[[nodiscard]] bool has_ids(std::string_view member);

// The same object cut out of an intent's entry.
[[nodiscard]] Json asked_in_entry(const Json& entry);

// When the first of the import parameters among its inputs ends, if there are any. Errors: those of
// parse_rfc3339.
[[nodiscard]] std::optional<TimePoint> end_of_parameters(const Json& request);

// Names of all members of the two whose values differ, such as "--label" (of the request),
// "inputs.cloud_key"; for people, printable.
[[nodiscard]] std::string differing_members(const Json& one, const Json& other);

}  // namespace keyrite::act
