// What people typed about an act (the reason of a shred, a deviation from a ceremony). It may name
// anybody, so it is in a file beside the log, which can be erased, and the log has the file's
// SHA-256. Because of a salt in the file, nobody can guess the text from its hash. Stateless; one
// thread per folder.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "act/log_facts.h"

namespace keyrite::act {

// A text that is on disk: keep_text alone makes one.
class KeptText {
 public:
  [[nodiscard]] const std::string& sha256() const { return sha256_; }
  // {"text_sha256": ...}
  [[nodiscard]] LogFacts log_facts() const;

 private:
  friend KeptText keep_text(const std::string& folder, std::string_view text);
  explicit KeptText(std::string sha256) : sha256_(std::move(sha256)) {}
  std::string sha256_;
};

// Writes {"salt", "text"} as canonical JSON into a file of `folder` (site::kTextsName in a site)
// that is named by its SHA-256; the salt is 32 random bytes in hex. Makes the folder where it is
// missing. Errors kUsage "text-invalid" (empty, longer than 4096 bytes, or no UTF-8); kFailed
// "file-unwritable".
[[nodiscard]] KeptText keep_text(const std::string& folder, std::string_view text);

// nullopt: it was erased. Errors: kVerification "text-changed" when the file is not what the log
// names; kConfig, those of parse_json and of JsonView, for what the log names and is not such a
// text.
[[nodiscard]] std::optional<std::string> kept_text(const std::string& folder,
                                                   std::string_view sha256);

// Removes the file, and its name from the disk; the log stays as it is. Backups and the disk's own
// copies are not reached. False when there is none. Error kFailed "file-unwritable".
bool erase_text(const std::string& folder, std::string_view sha256);

}  // namespace keyrite::act
