// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// keyrite verify-certificate: a certificate of key destruction by its file and the log's vkey.
// Reads files and nothing else; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/request.h"
#include "base/clock.h"
#include "certificate/gathering.h"
#include "certificate/verification.h"

namespace keyrite::certificate {

struct CheckRequest {
  std::string file{};
  std::vector<std::string> vkey{};
  std::optional<std::string> page{};
  std::optional<std::string> signature{};
  std::optional<std::string> roster{};
  std::optional<std::string> transcript{};
  std::optional<std::string> timestamp{};  // a reply of an authority (RFC 3161)
  std::optional<std::string> timestamp_query{};
  std::optional<std::string> timestamp_ca{};
  std::optional<std::string> timestamp_chain{};
  [[nodiscard]] static const std::vector<act::Field<CheckRequest>>& table();
};

struct Stamped {
  TimePoint time{};  // of an authority
  std::string of{};  // what it saw then: "document", "checkpoint"
};

struct Checked {
  Verified verified{};
  std::optional<std::string> countersigned_by{};
  bool declarations_verified{false};  // by the roster that was given
  std::optional<LogCompared> log{};
  std::optional<Stamped> stamped{};
};

// Each of `vkey` is a vkey, or a file with one in each line. Errors: those of verify_certificate,
// countersigner, compare_with_log, parse_timestamp_reply, require_timestamp, read_roster,
// read_file, NoteKey::parse and read_vkeys; kUsage "countersignature-roster" (a signature without a
// roster, or a roster and nothing signed by people), "certificate-timestamp" (a part of a timestamp
// without the reply or the CA); kVerification "destruction-page" (it is not this certificate's),
// "destruction-left-out" (the transcript has entries about these keys that the certificate could
// have, and does not).
[[nodiscard]] Checked check_certificate(const CheckRequest& request);

[[nodiscard]] Json to_json(const Checked& checked);
[[nodiscard]] std::vector<std::string> lines_of(const Checked& checked);  // the verdict first

}  // namespace keyrite::certificate
