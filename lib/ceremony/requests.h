// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The requests of the commands of keyrite ceremony, and their tables (act/request.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/request.h"

namespace keyrite::ceremony {

struct CheckFileRequest {
  std::string file{};
  [[nodiscard]] static const std::vector<act::Field<CheckFileRequest>>& table();
};

// Of run, plan and approve.
struct BeginRequest {
  std::string file{};
  std::vector<std::string> bind{};
  [[nodiscard]] static const std::vector<act::Field<BeginRequest>>& table();
};

struct ResumeRequest {
  std::optional<std::string> id{};
  std::vector<std::string> bind{};
  [[nodiscard]] static const std::vector<act::Field<ResumeRequest>>& table();
};

struct AbortRequest {
  std::optional<std::string> id{};
  std::string reason{};
  [[nodiscard]] static const std::vector<act::Field<AbortRequest>>& table();
};

struct ListRequest {
  [[nodiscard]] static const std::vector<act::Field<ListRequest>>& table();
};

struct PrintRequest {
  std::string file{};
  std::string out{};
  std::vector<std::string> bind{};
  std::optional<std::string> paper{};
  bool rehearsal{false};
  std::vector<std::string> custodian{};
  [[nodiscard]] static const std::vector<act::Field<PrintRequest>>& table();
};

struct ReportRequest {
  std::optional<std::string> id{};
  std::string out{};
  std::optional<std::string> paper{};
  [[nodiscard]] static const std::vector<act::Field<ReportRequest>>& table();
};

struct VerifyRequest {
  std::string file{};
  std::string transcript{};
  std::vector<std::string> vkey{};
  std::optional<std::string> id{};
  [[nodiscard]] static const std::vector<act::Field<VerifyRequest>>& table();
};

}  // namespace keyrite::ceremony
