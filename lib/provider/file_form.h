// Recognises a file that is not in the requested form: what clients and shells write by default
// (YAML, tables, colours, UTF-16), empty files, error messages and pages, and the JSON of other
// clients. Names each form, and what writes the right one. Pure functions over contents, any
// thread. Internal to provider.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/json.h"
#include "provider/provider.h"

namespace keyrite::provider {

struct ForeignForm {
  // "file-empty", "file-byte-order-mark", "file-utf16", "file-coloured", "file-error-message",
  // "file-error-page", "file-table", "file-yaml", "file-tab-separated", "file-other-client"
  std::string code{};
  std::string what{};    // one clause: "it is a table"
  std::string remedy{};  // one clause, for a hint
};

// JSON of another client than the cloud's command line: all of `members` are at its top.
struct OtherClient {
  std::string_view name{};
  std::vector<std::string_view> members{};
};

// A PEM block begins at the begin of a line (RFC 7468 section 2); YAML, which indents it, is none.
[[nodiscard]] bool is_pem(std::string_view text);
// UTF-8 without control characters but tab and line ends, not empty. No answer that consists of
// random bytes is.
[[nodiscard]] bool is_text_throughout(ByteView content);
// nullopt: it may be JSON, PEM, DER or raw bytes. Without a provider the remedy names no client.
[[nodiscard]] std::optional<ForeignForm> foreign_form(ByteView content,
                                                      std::optional<Provider> provider);
// JSON that another client than the cloud's command line wrote; nullopt: none that is known.
[[nodiscard]] std::optional<ForeignForm> other_client(const JsonView& document, Provider provider);

// Throws kConfig with the form's code when the file is in a foreign form.
void require_no_foreign_form(const InputFile& file, std::optional<Provider> provider);
// The same for a document that was read: "file-other-client".
void require_no_other_client(const JsonView& document, Provider provider);

}  // namespace keyrite::provider
