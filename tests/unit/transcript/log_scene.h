// A log of some entries with a checkpoint that openssl signed, in a Workshop's folder. One thread.
#pragma once

#include <string>
#include <vector>

#include "support/command.h"
#include "transcript/checkpoint.h"
#include "transcript/verify.h"

namespace keyrite::test {

inline constexpr const char* kOrigin = "keyrite.example/site-1";

class LogScene {
 public:
  explicit LogScene(std::size_t entries);

  [[nodiscard]] const Workshop& shop() const { return shop_; }
  [[nodiscard]] std::vector<std::string>& lines() { return lines_; }
  [[nodiscard]] const transcript::NoteKey& ed25519() const { return keys_[0]; }
  [[nodiscard]] const transcript::NoteKey& p256() const { return keys_[1]; }
  // Signed by the Ed25519 key, of the first `size` of lines().
  [[nodiscard]] std::string checkpoint(std::size_t size) const;
  [[nodiscard]] std::string signed_by(const transcript::NoteKey& key,
                                      const std::string& text) const;
  // Writes log.jsonl of lines(), and the checkpoint.
  void write(const std::string& checkpoint) const;
  [[nodiscard]] transcript::VerifyRequest request() const;
  // The code of what verify throws, "" when it throws nothing; the message goes to `message`.
  [[nodiscard]] std::string outcome(std::string* message = nullptr) const;
  [[nodiscard]] std::string outcome(const transcript::VerifyRequest& request,
                                    std::string* message = nullptr) const;

 private:
  Workshop shop_;
  std::vector<std::string> lines_{};
  std::vector<transcript::NoteKey> keys_{};
};

[[nodiscard]] transcript::TreeHead head_of(const std::vector<std::string>& lines, std::size_t size);
// Entries that follow each other, as acts write them.
[[nodiscard]] std::vector<std::string> chained(std::size_t count, const std::string& what);

}  // namespace keyrite::test
