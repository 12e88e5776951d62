// What the acts of this room have in common: ids in the order of time, the time of an act, the
// log's decisions when they are needed, how an act ends that did not do all of it. Nothing is kept;
// one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "act/act.h"
#include "act/registry_rows.h"
#include "registry/decisions.h"
#include "registry/model.h"
#include "site/site.h"

namespace keyrite::dek {

// The log is read when somebody asks: only what is compromised has a rule that a decision sets.
[[nodiscard]] registry::DecisionInLog decisions_when_asked(const site::Site& site);

// A request as it is recorded: how many sessions work is nothing that anybody approves.
[[nodiscard]] act::RecordedRequest without_jobs(act::RecordedRequest request);

// Gives out what a part of an act made, once the log has it. Error kUnknownOutcome
// "deks-not-given-out" with `made` ("10 data keys are in the registry") and the hint.
void give_out(const std::function<void()>& write, const std::string& made, const char* hint);

// The Error of an act that a person stopped: kFailed "deks-interrupted".
[[nodiscard]] Error interrupted(const std::string& done, const char* hint);

}  // namespace keyrite::dek
