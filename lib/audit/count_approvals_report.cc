// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/count_approvals.h"
#include "base/error.h"

namespace keyrite::audit {

namespace {

Json error_parts(const Error& error) {
  return {{"code", error.code()}, {"message", error.message()}};
}

}  // namespace

Json to_json(const approval::Quorum& quorum) {
  Json json{{"statement_sha256", quorum.statement_sha256},
            {"satisfied", quorum.satisfied()},
            {"objections", Json::array()},
            {"roles", Json::array()},
            {"files", Json::array()}};
  for (const Error& error : quorum.objections) json["objections"].push_back(error_parts(error));
  for (const auto& role : quorum.roles) {
    json["roles"].push_back(
        {{"role", role.role}, {"needed", role.needed}, {"identities", role.identities}});
  }
  for (const auto& file : quorum.files) {
    json["files"].push_back({{"file", file.name},
                             {"fate", approval::file_status_name(file.status)},
                             {"identity", text_or_null(file.identity)},
                             {"fingerprint", text_or_null(file.fingerprint)},
                             {"sentence", file.sentence}});
  }
  return json;
}

int exit_code_of(const approval::Quorum& quorum) {
  if (!quorum.objections.empty()) return static_cast<int>(Kind::kVerification);
  return quorum.satisfied() ? 0 : static_cast<int>(Kind::kWaiting);
}

}  // namespace keyrite::audit
