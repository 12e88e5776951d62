// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "certificate/internal/sentences.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/counted.h"

namespace keyrite::certificate {

namespace {

// What a log of any form tells may be negative.
std::uint64_t count_of(std::int64_t told) {
  return told < 0 ? 0 : static_cast<std::uint64_t>(told);
}

std::string canary_words(const Look& look) {
  if (look.canary == "opens-nowhere") return "No key that could open its canary opened it.";
  if (look.canary == "opened") return "A key in the token opened its canary.";
  return "No canary was tried.";
}

// What a new process saw. Where it did not look, nothing is said of it.
std::string outcome_words(const RunFacts& run, const Look& look, const std::string& version) {
  if (look.outcome == "not-destroyed") return fmt::format("The token did not destroy {}.", version);
  const bool is_absent = look.outcome == "absent" && look.found == 0;
  if (!is_absent && look.outcome != "still-there" && look.outcome != "absent")
    return fmt::format("No look shows whether {} is still there.", version);
  return fmt::format(
      "Then a new process logged in and saw {}, the log's own key among them. It found {} of {}{}. "
      "{}",
      counted(count_of(run.objects_seen), "object"),
      is_absent ? std::string("no object") : counted(look.found, "object"), version,
      is_absent ? ": by id, by label, by check value, by public half" : "", canary_words(look));
}

std::string waived_words(const PlaceFacts& place) {
  return place.waived
             ? fmt::format(" Officers decided that nobody waits for it (entry {}).", *place.waived)
             : std::string();
}

std::string place_words(const PlaceFacts& place, const GivenNames& names) {
  const std::string at = place.provider.empty() ? fmt::format("destination {}", place.destination)
                                                : fmt::format("{} ({}; destination {})",
                                                              provider_words(place.provider),
                                                              place.where, place.destination);
  return fmt::format("{} at {}", version_words(place.version, names), at);
}

}  // namespace

std::string or_unknown(const std::string& word) { return word.empty() ? "unknown" : word; }

std::string capital(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  return text;
}

std::string provider_words(const std::string& provider) {
  if (provider == "aws") return "AWS";
  if (provider == "azure") return "Azure";
  if (provider == "google") return "Google";
  return or_unknown(provider);
}

std::string decision_words(const DecisionFacts& decision) {
  const std::string who =
      decision.approved_by.empty()
          ? std::string("the site's policy asked for no approval")
          : fmt::format("approved by {}", fmt::join(decision.approved_by, " and "));
  const std::string asked = decision.requested_at.empty()
                                ? std::string()
                                : fmt::format(" It was requested at {}.", decision.requested_at);
  return fmt::format(
      "On {} the destruction of {} was decided, {}. {} were listed as unreadable without it (entry "
      "{}).{}",
      decision.time, counted(count_of(decision.versions), "version"), who,
      capital(counted(count_of(decision.deks), "wrapped data key")), decision.entry, asked);
}

std::string look_words(const RunFacts& run, const Look& look, const GivenNames& names) {
  const std::string version = version_words(look.version, names);
  return fmt::format(
      "On {} keyrite destroyed {} of {} in the token {} {}, serial number {}, firmware {}. {} "
      "(Entry "
      "{}.)",
      run.time, counted(count_of(look.destroyed), "object"), version,
      or_unknown(run.token.manufacturer), or_unknown(run.token.model), or_unknown(run.token.serial),
      or_unknown(run.token.firmware), outcome_words(run, look, version), run.entry);
}

std::string closing_words(const ClosingFacts& closing) {
  const std::string deks = closing.deks
                               ? fmt::format(": {} became unreadable",
                                             counted(count_of(*closing.deks), "wrapped data key"))
                               : std::string();
  return fmt::format("On {} the log closed the destruction{} (entry {}).", closing.time, deks,
                     closing.entry);
}

std::string copy_pending(const Facts& facts, const VersionFacts& version, const CopyFacts& copy,
                         const GivenNames& names) {
  const Look* look = last_look(facts, version.id, copy.token_serial);
  return fmt::format(
      "The copy {} of {} on the token with serial number {} is not shown absent: its state is {}, "
      "and {}.",
      copy.id, version_words(version.id, names), or_unknown(copy.token_serial),
      or_unknown(copy.state),
      look == nullptr ? std::string("nobody looked for it there after it was condemned")
                      : fmt::format("the last look ended with \"{}\"", or_unknown(look->outcome)));
}

std::string place_pending(const PlaceFacts& place, const GivenNames& names) {
  if (place.state == "deletion-scheduled") {
    return fmt::format(
        "{}: the cloud answered that it deletes it on {}. Until then it may be restored, and no "
        "answer says that it is gone.{}",
        capital(place_words(place, names)), or_unknown(place.until), waived_words(place));
  }
  return fmt::format("{}: no answer says that it is gone. The log has it as {} (entry {}).{}",
                     capital(place_words(place, names)), or_unknown(place.state), place.entry,
                     waived_words(place));
}

std::string place_declared(const PlaceFacts& place, const GivenNames& names) {
  std::string text = fmt::format("{}: {} (entry {}).", capital(place_words(place, names)),
                                 or_unknown(place.state), place.entry);
  if (!place.until.empty()) text += fmt::format(" Until {}.", place.until);
  if (!place.evidence_sha256.empty())
    text += fmt::format(" By an answer with SHA-256 {}.", place.evidence_sha256);
  if (!place.cloudtrail_key_sha256.empty()) {
    text += fmt::format(
        " That answer is a log file of AWS CloudTrail: AWS deleted the key at {}. The digest file "
        "that has the log file is signed by the key with SHA-256 {}, which who ran shred compared.",
        or_unknown(place.cloudtrail_deleted_at), place.cloudtrail_key_sha256);
  }
  if (place.retired)
    text += fmt::format(" The destination was given up: \"{}\". Nothing shows what became of it.",
                        *place.retired);
  if (!place.vouched)
    text +=
        " The log's key does not vouch for this entry: whoever may write the site's folder "
        "could have written it.";
  return text;
}

}  // namespace keyrite::certificate
