// Errors as people and programs see them (docs/exit-codes.md). Pure, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace keyrite::cli {

// Every document on standard output: {"keyrite": tool, "version": 1, name: value}.
inline constexpr int kDocumentVersion = 1;
[[nodiscard]] Json document(std::string_view tool, std::string_view name, Json value);

// Before the command line is understood: an error must already go where its reader looks.
enum class DocumentForm { kNone, kIndented, kCompact };  // no --json, --json, --json=compact
[[nodiscard]] DocumentForm document_form(const std::vector<std::string>& words);
// The words with --json in place of --json=compact. Error kUsage "value-not-allowed": another form.
[[nodiscard]] std::vector<std::string> without_form(const std::vector<std::string>& words);
// As it is printed: over many lines, or in one.
[[nodiscard]] std::string document_text(const Json& document, bool compact);

// "generate-kek: error: ..." ("generate-kek: waiting: ..." where nothing failed and somebody is
// waited for), "generate-kek: hint: ..." and "generate-kek: code: ...", each line ended, nothing in
// them that moves the cursor. `columns`: as prefixed() has it.
[[nodiscard]] std::string error_lines(std::string_view tool, const Error& error,
                                      unsigned columns = 0, bool color = false);
// {"code", "kind", "message", "hint"?, "ckr"?: {"function", "name", "value"}, "failed_checks"?:
// [{"what", "object", "code", "message"}]}, and of an act that waits for approvals what it waits
// for (act/awaits_approval.h); message and hint may have several lines.
[[nodiscard]] Json error_json(const Error& error);
// "failed", "usage", "config", "token", "pin", "verification", "waiting", "unknown-outcome",
// "internal"
[[nodiscard]] std::string_view kind_name(Kind kind);

// `text` with "tool: " in front of every line but those of commands, which are copied; printable,
// its last line ended. `columns` of the terminal: as lay_out() has it (base/screen.h).
[[nodiscard]] std::string prefixed(std::string_view prefix, std::string_view text,
                                   unsigned columns = 0);

}  // namespace keyrite::cli
