// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/internal/ceremony_gate.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "site/layout.h"
#include "site/site.h"
#include "transcript/entry.h"
#include "transcript/entry_fields.h"
#include "transcript/event.h"
#include "transcript/layout.h"
#include "transcript/log_reader.h"
#include "transcript/merkle.h"
#include "transcript/outcome.h"

namespace keyrite::act {

namespace {

using transcript::entry_text;

[[noreturn]] void no_step(const char* code, const std::string& why) {
  throw Error(Kind::kVerification, code, why,
              "have this act approved by itself (run its tool), or begin another ceremony");
}

using Opened = OpenedCeremony;

class Finding {
 public:
  Finding(const site::Site& site, std::string id) : site_(site), id_(std::move(id)) {}

  void take(std::string_view line) {
    const bool told = line.find(kOpenCeremonyAct) != std::string_view::npos ||
                      line.find(id_) != std::string_view::npos;
    if (!told) return;
    const Json entry = parse_json(as_bytes(line), "entry");
    const std::string act = entry_text(entry, "act");
    const std::string event = entry_text(entry, "event");
    if (act == kOpenCeremonyAct && event == transcript::kIntent)
      intents_[entry_text(entry, "run")] = entry;
    if (event != transcript::kResult || entry_text(entry, "outcome") != transcript::kOutcomeDone ||
        !transcript::is_vouched(entry, site_.log_key))
      return;
    const Json facts = entry.value("facts", Json::object());
    if (entry_text(facts, "ceremony") != id_) return;
    if (act == kOpenCeremonyAct) open(entry, facts);
    if (act == kCloseCeremonyAct && found_) found_->closed = true;
  }
  [[nodiscard]] std::optional<Opened> found() && { return std::move(found_); }

 private:
  // A ceremony is opened once: a second entry that says so changes nothing.
  void open(const Json& entry, const Json& facts) {
    const auto intent = intents_.find(entry_text(entry, "run"));
    if (found_ || intent == intents_.end()) return;
    if (!transcript::is_vouched(intent->second, site_.log_key)) return;
    found_ = Opened{.intent = intent->second, .facts = facts};
  }

  const site::Site& site_;
  std::string id_;
  std::map<std::string, Json> intents_{};
  std::optional<Opened> found_{};
};

void require_open(const Opened& opened, const CeremonyUse& use, TimePoint now) {
  if (opened.closed)
    no_step("ceremony-closed", fmt::format("the ceremony {} is over", printable(use.id)));
  if (entry_text(opened.facts, "file_sha256") != use.file_sha256)
    no_step(
        "ceremony-other-file",
        fmt::format("the ceremony {} was begun with the file {}, and this is {}", printable(use.id),
                    printable(entry_text(opened.facts, "file_sha256")), use.file_sha256));
  const std::string until = entry_text(opened.facts, "until");
  if (now > parse_rfc3339(until, "until"))
    no_step("ceremony-over-time", fmt::format("the ceremony {} had to end by {}, and it is {}",
                                              printable(use.id), until, format_rfc3339(now)));
}

bool shows(const Opened& opened, const std::string& operation) {
  const auto also = transcript::entry_texts(opened.intent, "also");
  return std::ranges::find(also, operation) != also.end();
}

void require_enough(const Opened& opened, const approval::Threshold& needed,
                    const std::string& operation, const std::vector<std::string>& initiators) {
  std::map<std::string, std::uint64_t> there;
  for (const auto& person : transcript::entry_list(opened.intent, "approval", "by")) {
    const std::string identity = entry_text(person, "identity");
    if (std::ranges::find(initiators, identity) != initiators.end()) continue;
    for (const auto& role : transcript::entry_texts(person, "roles")) ++there[role];
  }
  for (const auto& [role, count] : needed) {
    if (there[role] < count)
      no_step("ceremony-too-few",
              fmt::format("the policy wants {} of role {} for {}, and {} approved the ceremony",
                          count, role, operation, there[role]));
  }
}

// Each field of the act's request is the one that was approved for the step, and none is missing.
void require_request(const Opened& opened, const CeremonyUse& use, const AskedRequest& asked) {
  const Json inputs = transcript::entry_object(opened.intent, "inputs");
  const Json request = asked.json.value("request", Json::object());
  const auto differs = [&](const std::string& field) {
    no_step("ceremony-other-step",
            fmt::format("\"{}\" is not what was approved for step {} of the ceremony",
                        printable(field), use.step));
  };
  const std::string prefix = step_member(use.step, "");
  for (const auto& [field, value] : request.items()) {
    const auto approved = inputs.find(prefix + field);
    if (approved == inputs.end() || (*approved != value && *approved != kFreshValue))
      differs(field);
  }
  for (const auto& [name, value] : inputs.items()) {
    if (!name.starts_with(prefix) || name == prefix + "act" || value == kFreshValue) continue;
    if (!request.contains(name.substr(prefix.size()))) differs(name.substr(prefix.size()));
  }
}

// A command of several acts has no request that the log could hold them to: their keys are.
void require_keys(const Opened& opened, const CeremonyUse& use, const Intent& intent) {
  const Json inputs = transcript::entry_object(opened.intent, "inputs");
  const auto keys = transcript::entry_texts(inputs, step_member(use.step, "keys"));
  if (intent.covers.keys.empty())
    no_step("ceremony-other-step",
            fmt::format("the act does not say which keys it is about, and step {} of the ceremony "
                        "was approved for certain ones",
                        use.step));
  for (const auto& key : intent.covers.keys) {
    if (std::ranges::find(keys, key) == keys.end())
      no_step("ceremony-other-step",
              fmt::format("the act is about the key {}, which was not approved for step {} of the "
                          "ceremony",
                          printable(key), use.step));
  }
}

}  // namespace

OpenedCeremony opened_ceremony(const site::Site& site, const std::string& id,
                               const transcript::TreeHead& signed_head) {
  transcript::Hasher hasher;
  transcript::Tree tree(hasher);
  Finding finding(site, id);
  transcript::read_log(transcript::log_of(site.path(site::kTranscriptName)),
                       [&](std::uint64_t index, std::string_view line) {
                         if (index < signed_head.size) {
                           tree.append(hasher.leaf(as_bytes(line)));
                           finding.take(line);
                         }
                         return true;
                       });
  if (tree.size() != signed_head.size || tree.root() != signed_head.root)
    no_step("ceremony-log-changed",
            "the log is not the one that was signed, so that nobody can tell what of a "
            "ceremony was approved");
  auto found = std::move(finding).found();
  if (!found)
    no_step(
        "ceremony-not-opened",
        fmt::format("the signed log does not say that the ceremony {} was begun", printable(id)));
  return std::move(*found);
}

bool covers(const OpenedCeremony& opened, const Intent& intent, const AskedRequest& asked,
            const approval::Threshold& needed, const CeremonyUse& use, TimePoint now,
            const std::vector<std::string>& initiators) {
  require_open(opened, use, now);
  std::vector<std::string> operations{intent.act};
  operations.insert(operations.end(), intent.also.begin(), intent.also.end());
  if (!std::ranges::all_of(operations, [&](const auto& one) { return shows(opened, one); }))
    return false;
  require_enough(opened, needed, operation_of(intent), initiators);
  const Json inputs = transcript::entry_object(opened.intent, "inputs");
  if (inputs.contains(step_member(use.step, "keys"))) {
    require_keys(opened, use, intent);
  } else {
    require_request(opened, use, asked);
  }
  return true;
}

bool covered_by_ceremony(const ApprovalContext& scene, const Intent& intent,
                         const approval::Threshold& needed, const CeremonyUse& use) {
  const auto& site = scene.context.site.value().site;
  return covers(opened_ceremony(site, use.id, scene.signed_head), intent, scene.request, needed,
                use, scene.now,
                site.settings.approvals.initiator_counts
                    ? std::vector<std::string>{}
                    : std::vector<std::string>{scene.context.operator_name});
}

}  // namespace keyrite::act
