// What a log says about approval statements: which intents name one, and whether statement and
// intents agree. How export and `transcript verify` call it:
//
//     StatementUses uses;
//     for each signed entry: uses.take(index, line);
//     require_statements(uses, folder + "/approvals", log_of_use(origin, leaves), holder);
//
// For each statement that an intent names, this calls read_statement_files, require_agreement (with
// request.json and names.json) and require_use (with the intent). For all of them it calls
// require_one_run_each. Reads files; one thread per object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "act/statement_files.h"
#include "base/clock.h"
#include "base/json.h"
#include "transcript/entry_time.h"
#include "transcript/merkle.h"
#include "transcript/note.h"

namespace keyrite::audit {

// An intent of a log that names a statement.
struct StatementUse {
  std::uint64_t index{};
  Json entry{};
  // By which the act was judged: the later of its own time and the latest that the log had proven;
  // its own time alone where nobody vouches for it.
  TimePoint at{};
  std::optional<std::uint64_t> confirmed_at{};  // the entry before it that confirmed the clock
  bool vouched{};                               // 0.1.0 vouched for no entry
};

// All intents of a log that name statements, by the statement's SHA-256. Fed entry by entry.
class StatementUses {
 public:
  // What is not an intent that names a statement is passed over: a log may hold junk. Errors
  // kVerification for an intent that cannot be judged: "entry-field-wrong" (its time is not a
  // time), "entry-invalid" (it is not valid JSON, such as a field twice).
  void take(std::uint64_t index, std::string_view line);
  void take(std::uint64_t index, std::string_view line,
            const std::optional<transcript::EntryHead>& head);
  [[nodiscard]] const std::map<std::string, std::vector<StatementUse>>& all() const {
    return uses_;
  }
  // Error kVerification "statement-used-twice": a statement is for one run, whose later acts
  // may name it too. Names both entries.
  void require_one_run_each() const;

 private:
  transcript::LogClock clock_{};
  std::map<std::string, std::vector<StatementUse>> uses_{};
};

// The log that has the intent.
struct LogOfUse {
  std::string origin{};
  std::set<std::string>
      vkeys{};  // of the log's own key, and of others that its checkpoint may have
  // Hex root of its first `size` entries; nullopt: it has fewer.
  std::function<std::optional<std::string>(std::uint64_t size)> root_of{};
};

// Over the leaf hashes of its entries, which must outlive what is returned.
[[nodiscard]] LogOfUse log_of_use(const std::string& origin,
                                  const std::vector<transcript::NoteKey>& keys,
                                  const std::vector<transcript::Hash>& leaves);

// The statement says what the intent says that used it. Errors kVerification: those of
// approval::differences, with the entry's number; "statement-before-clock" (as the gate has it);
// "statement-other-end" (the entry tells another end of its validity). Of
// a statement of version 1, whose request.json has names where the log has pseudonyms, as much as
// can be compared.
void require_use(const act::StatementFiles& files, const StatementUse& use, const LogOfUse& log);

// Whose approvals/ it is: a site has all of them; a copy, as an auditor has one, may have none at
// all, and without names it has none of version 1.
enum class Holder : std::uint8_t { kSite, kCopy };

struct ComparedStatements {
  std::size_t compared{};
  std::vector<std::string> not_here{};  // SHA-256: what was approved by them cannot be known here
};

// Compares each statement that `uses` names and that is in `folder` as above. Errors
// kVerification: those above; "approval-missing" for one that is not there and should be,
// "statement-used-twice".
[[nodiscard]] ComparedStatements require_statements(const StatementUses& uses,
                                                    const std::string& folder, const LogOfUse& log,
                                                    Holder holder);

}  // namespace keyrite::audit
