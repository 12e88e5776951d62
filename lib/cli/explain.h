// What `keyrite explain` says, in the forms it has: text of 80 columns, JSON, Markdown
// (docs/errors.md), and a section of a man page. All of it comes from cli/error_table.h. Pure, any
// thread.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "cli/error_table.h"

namespace keyrite::cli {

// `code` of either table, in letters of either case; also a CKR name as a token's documents write
// it ("CKR_PIN_LOCKED"). Error kUsage "error-unknown", which names the nearest code.
[[nodiscard]] const ErrorInfo& find_error(std::string_view code);

// The code with its exit code, then meaning and remedy as paragraphs.
[[nodiscard]] std::string explanation(const ErrorInfo& error);
// Every code with its meaning.
[[nodiscard]] std::string list_of_errors();

// {"code", "kind", "exit_code", "meaning", "remedy"}
[[nodiscard]] Json to_json(const ErrorInfo& error);
[[nodiscard]] Json json_of_errors();  // {"errors": [...]}

// docs/errors.md, whole; a test holds the file to it.
[[nodiscard]] std::string errors_as_markdown();
// ".SH ERROR CODES" for man(7).
[[nodiscard]] std::string errors_as_man_section();

}  // namespace keyrite::cli
