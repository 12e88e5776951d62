// Where an act stops until enough people approved it: which approvals its site's policy demands,
// the statement they sign, and whether what was brought is enough. Writes statements into the
// site's approvals folder and nothing else. One thread.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "act/asked_request.h"
#include "act/campaign.h"
#include "act/context.h"
#include "act/intent.h"
#include "approval/roster.h"
#include "approval/statement.h"
#include "transcript/history.h"
#include "transcript/merkle.h"

namespace keyrite::act {

// An act under a campaign: which use of how many.
struct CampaignUse {
  std::string id{};
  std::string sha256{};  // of the plan
  std::uint64_t use{};   // from 1
  std::int64_t of{};
  [[nodiscard]] Json to_json() const;
};

// Who approved an act; its entry makes the statement a used one.
struct Approval {
  std::string statement_sha256{};
  std::chrono::sys_seconds not_after{};  // of the statement: the log need not remember it longer
  std::string roster_sha256{};
  Bytes roster{};  // the file, kept as evidence: the site's may change
  struct By {
    std::string identity{};
    std::vector<std::string> roles{};
    std::string file_sha256{};  // of the signature's file
  };
  std::vector<By> by{};
  std::optional<CampaignUse> campaign{};  // then there is no statement of this act
  [[nodiscard]] Json to_json() const;
};

// What an approval is bound to besides the intent.
struct ApprovalContext {
  const Context& context;
  const transcript::History& history;
  transcript::TreeHead signed_head{};  // of the log as approvers can see it
  std::string token_serial{};
  std::string token_model{};
  std::string module_sha256{};
  TimePoint now{};         // to judge approvals by, which a clock that was set back is not
  AskedRequest request{};  // in pseudonyms, as the intent will have it
  // Hex root of the first `size` entries of the log; nullopt where it has fewer.
  std::function<std::optional<std::string>(std::uint64_t size)> root_of{};
  // Told the SHA-256 of the statement that approvers are asked to sign.
  std::function<void(const std::string& statement_sha256)> asked{};
};

// nullopt when nobody need approve, or the ceremony did whose step the act is. Errors: of an act
// under a campaign those of require_campaign (campaign_gate.h), of a step those of
// covered_by_ceremony (ceremony_gate.h); kConfig "statement-for-sites"; else kWaiting
// "approval-needed" (the statement was written; the hint says how it is signed),
// "approval-incomplete" (who counts, and who is missing); kVerification "statement-used", those of
// approval::differences for the first field that is not as it is due now, the objections of
// judge_quorum, "approvals-for-nothing" (none of the files signs a statement pending here); kConfig
// "roster-missing", those of read_roster and judge_quorum.
[[nodiscard]] std::optional<Approval> require_approval(const ApprovalContext& scene,
                                                       const Intent& intent);

}  // namespace keyrite::act
