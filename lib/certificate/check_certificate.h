// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// keyrite verify-certificate: a certificate of key destruction by its file and the log's vkey.
// Reads files and nothing else; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/request.h"
#include "certificate/verification.h"

namespace keyrite::certificate {

struct CheckRequest {
  std::string file{};
  std::vector<std::string> vkey{};
  std::optional<std::string> page{};
  std::optional<std::string> signature{};
  std::optional<std::string> roster{};
  [[nodiscard]] static const std::vector<act::Field<CheckRequest>>& table();
};

struct Checked {
  Verified verified{};
  std::optional<std::string> countersigned_by{};
};

// Each of `vkey` is a vkey, or a file with one in each line. Errors: those of verify_certificate,
// countersigner, read_roster, read_file, NoteKey::parse and read_vkeys; kUsage
// "countersignature-roster" (one of signature and roster without the other); kVerification
// "destruction-page": the page is not what is made of this certificate.
[[nodiscard]] Checked check_certificate(const CheckRequest& request);

[[nodiscard]] Json to_json(const Checked& checked);
// For people: the verdict first.
[[nodiscard]] std::vector<std::string> lines_of(const Checked& checked);

}  // namespace keyrite::certificate
