// One statement for several sites. The officers sign it once, at the site that asks; its request
// lists every site with what goes there (inputs.sites). Another site takes it with its signatures:
// what is bound to the site that asked (log, token, module) is replaced by this site's place in
// the list, and all else must be the same. Reads files; one thread.
#pragma once

#include "act/internal/approval_gate.h"
#include "act/internal/pending_statements.h"

namespace keyrite::act {

// Error kConfig "statement-for-sites": the act is for several sites, and nothing is signed that
// these could take.
void require_statement_for_sites(const ApprovalContext& scene, const approval::Threshold& needed);

// The statement was asked for at another site, and the act is for several.
[[nodiscard]] bool is_of_other_site(const PendingStatement& pending, const ApprovalContext& scene);

// Errors kVerification "statement-other-request" (another list of sites, or this site's part of it
// is not what this site has; another tenant, key, version, reason or time), "statement-other-names"
// (request or names are not those that the statement names), "statement-other-log" (it is of a site
// that is not in the list), and those of approval::differences for what does not depend on a site.
void require_for_this_site(const PendingStatement& pending, const ApprovalContext& scene,
                           const approval::Due& due);

}  // namespace keyrite::act
