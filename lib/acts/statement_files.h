// An approval statement with what stands beside it: request.json (what is asked for, in pseudonyms)
// and names.json (whose pseudonyms they are), as in approvals/SHA256/ of a site and of an export.
// Whoever meets a statement outside the gate reads it here and compares it: with the request, and
// with the intent in a log that used it. How export and `transcript verify` call it:
//
//     StatementUses uses;
//     for each signed entry: uses.take(index, line);
//     require_statements(uses, folder + "/approvals", log_of_use(origin, leaves), is_a_site);
//
// which is, of each statement that an intent names, read_statement_files, require_agreement (with
// request.json and names.json) and require_use (with the intent), and of all require_one_run_each.
//
// Reads files; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "approval/statement.h"
#include "approval/statement_names.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "transcript/merkle.h"

namespace keyrite::acts {

struct StatementFiles {
  std::string path{};  // of statement.json, as given
  Bytes bytes{};
  std::string sha256{};
  approval::Statement statement{};
  std::optional<Bytes> request_bytes{};
  std::optional<Json> request{};  // nullopt: request.json is not there
  std::optional<Bytes> names_bytes{};
  std::optional<approval::Names> names{};  // nullopt: names.json is not there
};

// Errors: those of read_file, statement_from_bytes, names_from_bytes and parse_json for a file that
// is there.
[[nodiscard]] StatementFiles read_statement_files(const std::string& path);

// The statement says what the files beside it say, as far as they are there. Errors kVerification
// "request-other" (request.json is not the one that the statement names), "names-other", those of
// approval::differences for operation, key and the end of the import parameters, and
// "names-incomplete" for a names.json that does not say whose a pseudonym in the request is.
void require_agreement(const StatementFiles& files);

// An intent of a log that names a statement.
struct StatementUse {
  std::uint64_t index{};
  Json entry{};
  TimePoint at{};      // the entry's own time
  TimePoint latest{};  // the latest time of the entries up to it, by which an act is judged when
                       // its clock was a little behind
};

// The latest time that the entries of a log tell, which begins anew where an officer confirmed the
// clock. Approvals are judged by it.
class LatestTime {
 public:
  void take(std::string_view line);
  [[nodiscard]] std::optional<TimePoint> latest() const { return latest_; }

 private:
  std::optional<TimePoint> latest_{};
};

// All intents of a log that name statements, by the statement's SHA-256. Fed entry by entry.
class StatementUses {
 public:
  // What is no entry that names a statement is passed over: a log may hold junk.
  void take(std::uint64_t index, std::string_view line);
  [[nodiscard]] const std::map<std::string, std::vector<StatementUse>>& all() const {
    return uses_;
  }
  // Error kVerification "statement-used-twice": a statement stands for one run, whose later acts
  // may name it too. Names both entries.
  void require_one_run_each() const;

 private:
  LatestTime clock_{};
  std::map<std::string, std::vector<StatementUse>> uses_{};
};

// The log that the intent stands in.
struct LogOfUse {
  std::string origin{};
  // Hex root of its first `size` entries; nullopt: it has fewer.
  std::function<std::optional<std::string>(std::uint64_t size)> root_of{};
};

// Over the leaf hashes of its entries, which must outlive what is returned.
[[nodiscard]] LogOfUse log_of_use(const std::string& origin,
                                  const std::vector<transcript::Hash>& leaves);

// The statement says what the intent says that used it. Errors kVerification: those of
// approval::differences, with the entry's number; of a statement of version 1, whose request.json
// has names where the log has pseudonyms, as much as can be compared.
void require_use(const StatementFiles& files, const StatementUse& use, const LogOfUse& log);

// Of the statements that `uses` names, those that stand in `folder` (approvals/ of a site or an
// export), each compared as above. Returns how many; 0 where there is no such folder and none
// `must_be_there`. Error kVerification "approval-missing" for one that is not there,
// "statement-used-twice".
std::size_t require_statements(const StatementUses& uses, const std::string& folder,
                               const LogOfUse& log, bool must_be_there);

}  // namespace keyrite::acts
