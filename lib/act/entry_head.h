// The head of an entry: who acts, at which token, with which module and program. These texts are
// not keyrite's own and are not facts (act/log_facts.h). So one table of their own lists them, and
// docs/formats/site.md repeats it. Pure; any thread.
#pragma once

#include <string_view>
#include <vector>

#include "act/context.h"
#include "base/json.h"

namespace keyrite::act {

struct HeadField {
  std::string_view name{};  // "token.label"
  std::string_view what{};  // whose text it is
};
// Every text that an entry has as it was found.
[[nodiscard]] const std::vector<HeadField>& head_fields();

[[nodiscard]] Json operator_head(const Context& context);
[[nodiscard]] Json token_head(const pkcs11::TokenInfo& token);
// The module's SHA-256 is taken. Errors: those of crypto::sha256_file_hex.
[[nodiscard]] Json module_head(const pkcs11::ModuleInfo& module);
// Of the program the SHA-256 is taken once in a process. Errors as module_head.
[[nodiscard]] Json tool_head(const Context& context);

}  // namespace keyrite::act
