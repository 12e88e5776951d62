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
  [[nodiscard]] static const std::vector<act::Field<CheckRequest>>& table();
};

// Each of `vkey` is a vkey, or a file with one in each line. Errors: those of verify_certificate,
// read_file, NoteKey::parse and read_vkeys; kUsage "vkey-missing"; kVerification
// "destruction-page": the page is not what is made of this certificate.
[[nodiscard]] Verified check_certificate(const CheckRequest& request);

[[nodiscard]] Json to_json(const Verified& verified);
// For people: the verdict first.
[[nodiscard]] std::vector<std::string> lines_of(const Verified& verified);

}  // namespace keyrite::certificate
