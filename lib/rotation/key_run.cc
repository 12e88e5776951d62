// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/internal/key_run.h"

#include <algorithm>

#include <fmt/format.h>

#include "act/chosen_destination.h"
#include "act/tenant_key.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/text.h"
#include "provider/evidence.h"
#include "rotation/standing_text.h"

namespace keyrite::rotation {

namespace {

std::string_view step_word(Step step) {
  switch (step) {
    case Step::kMarkCompromised:
      return "mark-compromised";
    case Step::kMake:
      return "make";
    case Step::kWaitForClouds:
      return "wait";
    case Step::kWaitForConsumers:
      return "wait-for-consumers";
    case Step::kWaitForSwitch:
      return "wait-for-switch";
    case Step::kSwitch:
      return "switch";
    case Step::kRewrap:
      return "rewrap";
    default:
      return "none";
  }
}

Error different_at(const Standing& standing, const registry::Version& version, const Place& place) {
  return {
      Kind::kVerification, "rotation-different",
      fmt::format("the cloud holds another key than {} at {}",
                  act::version_text(standing.key, version.id), act::place_text(place.destination)),
      standing.waiting && version.id == standing.waiting->id
          ? "nothing is switched: find out whose key it is there"
          : "find out whose key it is there, and who uses it"};
}

// Of the newest version before that a cloud has: after a compromise none may be active.
std::int64_t number_before(const Standing& standing) {
  std::int64_t number = 0;
  for (const auto& place : standing.places)
    if (place.before) number = std::max(number, place.before->id.number);
  return number;
}

std::string abandoned_text(const KeyRun& run) {
  const auto& waiting = run.standing.waiting;
  std::string text = waiting ? fmt::format("version {}, id {}, is to be destroyed in the token",
                                           waiting->id.number, to_hex(waiting->cka_id))
                             : "no version waits";
  if (!run.destroyed->is_null()) {
    const auto number = run.destroyed->at("version").get<std::int64_t>();
    text = run.destroyed->at("objects").get<std::size_t>() > 0
               ? fmt::format("version {} is destroyed in the token", number)
               : fmt::format("version {} is given up; the token had no object of it", number);
  }
  if (!run.given_up.empty())
    text += fmt::format("; {} place(s) at clouds have one that was given up", run.given_up.size());
  if (!run.unanswered.empty())
    text += fmt::format("; {} bundle(s) without answers may be at clouds", run.unanswered.size());
  if (run.given_up.empty() && run.unanswered.empty() && !waiting)
    text += "; by the registry no cloud has one that was given up";
  return text;
}

}  // namespace

std::optional<Error> difference_of_waiting(const Standing& standing) {
  if (!standing.waiting) return std::nullopt;
  for (const auto& place : standing.places) {
    if (place.state() == registry::PlacementState::kDifferent)
      return different_at(standing, *standing.waiting, place);
  }
  return std::nullopt;
}

std::optional<Error> difference_in(const KeyRun& run) {
  if (auto waiting = difference_of_waiting(run.standing)) return waiting;
  if (!run.standing.different.empty())
    return different_at(run.standing, *run.standing.active, run.standing.different.front());
  for (const auto& one : *run.judged) {
    if (one.at("verdict") != provider::verdict_name(provider::Verdict::kDifferent)) continue;
    return Error(Kind::kVerification, "rotation-different",
                 fmt::format("by the answers to {} the cloud holds another key",
                             printable(one.at("bundle").get<std::string>())),
                 "find out whose key it is there, and who uses it");
  }
  return std::nullopt;
}

std::size_t severity(Kind kind) {
  switch (kind) {
    case Kind::kWaiting:
      return 0;
    case Kind::kFailed:
    case Kind::kUsage:
    case Kind::kConfig:
      return 1;
    case Kind::kToken:
      return 2;
    case Kind::kPin:
      return 3;
    case Kind::kVerification:
      return 4;
    case Kind::kInternal:
      return 5;
    case Kind::kUnknownOutcome:
      return 6;
  }
  return 6;
}

void add_cloud_error(KeyRun& run, const Error& error) {
  if (!run.cloud_error) {
    run.cloud_error = error;
    return;
  }
  const bool is_worse = severity(error.kind()) > severity(run.cloud_error->kind());
  run.remarks.push_back("another failure: " + (is_worse ? *run.cloud_error : error).message());
  if (is_worse) run.cloud_error = error;
}

std::vector<std::string> left_behind_lines(const KeyRun& run) {
  std::vector<std::string> lines;
  if (!run.to_replace.is_null() && run.to_replace.at("count").get<std::size_t>() > 0) {
    const auto& file = run.to_replace.at("file");
    lines.push_back(
        fmt::format("  to be replaced: {} data key(s) that were under version {}; one that leaked "
                    "is not healed "
                    "by a new wrapping: {}",
                    run.to_replace.at("count").get<std::size_t>(),
                    run.to_replace.at("version").get<std::int64_t>(),
                    file.is_null() ? std::string("--output FOLDER lists them")
                                   : printable(file.get<std::string>()) + " lists them"));
  }
  for (const auto& one : run.re_encrypt) {
    lines.push_back(fmt::format(
        "  version {} is compromised, and {} \"{}\" has it:", one.at("version").get<std::int64_t>(),
        one.at("provider").get<std::string>(),
        printable(one.at("destination").get<std::string>())));
    lines.push_back("    " + one.at("do").get<std::string>());
    if (!one.at("then").is_null())
      lines.push_back("    and when all are moved: " + one.at("then").get<std::string>());
  }
  return lines;
}

std::vector<std::string> done_lines(const KeyRun& run) {
  std::vector<std::string> lines;
  for (const auto& one : *run.judged) {
    lines.push_back(fmt::format("  the answers to {}: {}",
                                printable(one.at("bundle").get<std::string>()),
                                one.at("verdict").get<std::string>()));
  }
  for (const auto& folder : *run.made)
    lines.push_back("  made the bundle " + printable(folder.get<std::string>()));
  return lines;
}

std::string_view state_word(const KeyRun& run) {
  if (run.error) return "failed";
  if (run.abandoning) return run.standing.waiting ? "to-do" : "given-up";
  if (run.suspended && run.step != Step::kMarkCompromised) return "tenant-not-active";
  switch (run.step) {
    case Step::kWaitForClouds:
    case Step::kWaitForConsumers:
    case Step::kWaitForSwitch:
      return "waiting";
    case Step::kDone:
      return "done";
    case Step::kNothing:
      return "not-due";
    default:
      return "to-do";
  }
}

Json to_json(const KeyRun& run) {
  const auto& standing = run.standing;
  const auto number = [](const std::optional<registry::Version>& version) {
    return version ? Json(version->id.number) : Json();
  };
  Json one{{"tenant", standing.tenant.name ? Json(*standing.tenant.name) : Json()},
           {"key", standing.key.name ? Json(*standing.key.name) : Json()},
           {"id", run.key},
           {"state", state_word(run)},
           {"next_step", step_word(run.step)},
           {"was_active", run.from == 0 ? Json() : Json(run.from)},
           {"active", number(standing.active)},
           {"waiting", number(standing.waiting)},
           {"waiting_since",
            standing.waiting_since ? Json(format_rfc3339(*standing.waiting_since)) : Json()},
           {"waits_for", waits_json(standing)},
           {"asked", run.asked},
           {"made", *run.made},
           {"judged", *run.judged},
           {"public_half", run.public_half},
           {"earlier", run.earlier},
           {"compromised", standing.compromised},
           {"to_replace", run.to_replace},
           {"re_encrypt", run.re_encrypt},
           {"switch", run.switching},
           {"delete", run.deleting},
           {"remarks", run.remarks},
           {"moved", run.moved},
           {"left_here", standing.left_here},
           {"left_with_callers", standing.left_with_callers},
           {"error", Json()}};
  if (run.error) {
    one["error"] = {{"code", run.error->code()},
                    {"message", run.error->message()},
                    {"hint", run.error->hint()}};
  }
  return one;
}

namespace {

// Which version serves until then.
std::string serving_text(const Standing& standing) {
  return standing.active ? fmt::format("version {} is active now", standing.active->id.number)
                         : std::string("no version is active");
}

}  // namespace

std::string sentence(const KeyRun& run, bool stuck) {
  const auto& standing = run.standing;
  auto named = key_text(standing);
  if (run.error) return fmt::format("{}: FAILED: {}", named, run.error->message());
  if (run.abandoning) return fmt::format("{}: {}", named, abandoned_text(run));
  if (run.suspended && run.step != Step::kMarkCompromised) {
    return fmt::format("{}: nothing is done, because the tenant is {}", named,
                       registry::word(standing.tenant.state));
  }
  switch (run.step) {
    case Step::kMarkCompromised:
      return fmt::format(
          "{}: version {} is to be marked as compromised, by whom policy says; then the next one "
          "becomes active",
          named, run.marks);
    case Step::kMake:
      return fmt::format("{}: the next version is to be made; {}", named, serving_text(standing));
    case Step::kSwitch:
      return fmt::format("{}: version {} can become active; {}", named, standing.waiting->id.number,
                         serving_text(standing));
    case Step::kRewrap:
      return fmt::format("{}: {} data key(s) are to be moved to version {}", named,
                         standing.left_here, standing.active->id.number);
    case Step::kWaitForClouds:
      if (!standing.waiting) {
        return fmt::format(
            "{}: version {} is active, and destinations follow{}; {} data key(s) were moved to it",
            named, standing.active->id.number, stuck ? ", later than they should" : "", run.moved);
      }
      return fmt::format("{}: version {} waits{}", named, standing.waiting->id.number,
                         stuck ? ", longer than it should" : "");
    case Step::kWaitForSwitch:
      return fmt::format(
          "{}: version {} is active, and consumers at a cloud have the version before still; {} "
          "data key(s) were moved to it",
          named, standing.active->id.number, run.moved);
    case Step::kWaitForConsumers:
      return fmt::format(
          "{}: version {} waits for its consumers{}: what was made under version {} is verified or "
          "decrypted at AWS KMS by the KMS key of that version alone, not by the alias. When they "
          "name it: --consumers-ready",
          named, standing.waiting->id.number, stuck ? ", longer than it should" : "",
          number_before(standing));
    case Step::kDone:
      return fmt::format("{}: version {} is active; {} data key(s) were moved to it", named,
                         standing.active->id.number, run.moved);
    case Step::kNothing:
      return standing.key.due
                 ? fmt::format("{}: not due before {}", named, format_rfc3339(*standing.key.due))
                 : fmt::format("{}: nothing is due", named);
  }
  return named;
}

}  // namespace keyrite::rotation
