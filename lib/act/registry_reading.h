// A registry that is only read: whether it has what the log tells, without the log's lock. Reads
// files; one thread.
#pragma once

#include <string_view>

#include "registry/registry.h"
#include "site/site.h"

namespace keyrite::act {

// The act that puts a backup in the registry's place. After its entry everything but resume
// refuses, until resume has brought the registry up to the log.
inline constexpr std::string_view kRestoreAct = "inventory-restore";

// Nothing that the log tells is missing in the registry. An act at work meanwhile is no reason to
// refuse: it commits its rows before their entry. Errors kUnknownOutcome "registry-behind";
// kVerification "registry-ahead", "registry-of-other-log"; those of read_log and registry_entry.
void require_readable(registry::Registry& registry, const site::Site& site);

// Each decision in the registry is the one that the log had when the registry was that far. Errors
// kVerification "decision-edited"; those of read_log and registry_entry.
void require_decisions_of_log(registry::Registry& registry, const site::Site& site);

// A registry that is to be put in the place of a site's: what it has taken over is in this log, it
// may lack what followed, and each decision in it is the one that the log had then. Returns how far
// it is. Errors kVerification "registry-ahead", "registry-of-other-log", "decision-edited"; those
// of read_log and registry_entry.
registry::LogPosition require_of_log(registry::Registry& registry, const site::Site& site);

}  // namespace keyrite::act
