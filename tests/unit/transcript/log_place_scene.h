// A log in a folder of its own, whose key openssl has. One thread.
#pragma once

#include <string>

#include "base/json.h"
#include "transcript/log_writer.h"
#include "unit/base/refusal.h"
#include "unit/transcript/log_scene.h"

namespace keyrite::test {

struct LogPlaceScene {
  LogScene scene{0};
  transcript::LogPlace place{.folder = scene.shop().folder() / "transcript",
                             .last_signed = scene.shop().folder() / "last-signed",
                             .who = "test"};
  // Runs openssl.
  transcript::Signer signer{.key = scene.ed25519(), .sign = [this](std::string_view text) {
                              return signed_by_openssl(text);
                            }};

  LogPlaceScene();
  [[nodiscard]] transcript::LogWriter open() const { return {place, signer}; }
  [[nodiscard]] std::string path(const char* name) const { return place.folder + "/" + name; }
  [[nodiscard]] std::string log() const;
  // The code and the text of what opening throws.
  [[nodiscard]] Refusal refusal() const;
  [[nodiscard]] transcript::Verified verified() const;
  // Signs in this process: a program that is started would hold the lock until its exec.
  [[nodiscard]] transcript::Signer in_process() const;

 private:
  [[nodiscard]] Bytes signed_by_openssl(std::string_view text) const;
};

inline constexpr const char* kRun = "00000000000000000000000000000001";
// What an act says that nobody with a token need have written.
inline const Json kEntry{
    {"act", "generate-kek"}, {"event", "approval-requested"},     {"operator", "alice"},
    {"run", kRun},           {"statement", std::string(64, 'a')}, {"time", "2026-03-01T10:00:00Z"}};

}  // namespace keyrite::test
