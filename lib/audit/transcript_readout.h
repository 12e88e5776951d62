// transcript readout: the head of a verified log in the forms that people read aloud, write down
// and photograph, so that somebody outside the room can hold the site to it. Never at a token. One
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "act/request.h"
#include "audit/transcript_source.h"
#include "base/clock.h"

namespace keyrite::audit {

struct ReadoutRequest {
  std::string folder{};
  std::vector<std::string> vkey{};
  std::optional<std::string> qr{};  // an SVG file to write
  bool qr_only{false};              // the code alone, for a terminal of 24 rows
  [[nodiscard]] static const std::vector<act::Field<ReadoutRequest>>& table();
};

struct Readout {
  AuditedTranscript audited{};
  std::vector<std::string> root_words{};  // PGP words of the root, 32
  // What the QR code says: the whole signed checkpoint where that fits, else its three lines, else
  // nothing.
  bool qr_is_signed{false};
  std::optional<std::string> qr_text{};
  std::string qr_blocks{};  // for a terminal of 80 columns
  [[nodiscard]] Json to_json() const;
};
// Verifies first. `now` is in the caption of the picture. Errors: those of transcript_source and of
// audit; kFailed "qr-too-long" (--qr or --qr-only, and not even the three lines fit); those of
// write_new_file.
[[nodiscard]] Readout read_out(const ReadoutRequest& request, TimePoint now,
                               const ReadProgress& progress = {});

}  // namespace keyrite::audit
