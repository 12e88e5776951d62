// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// keyrite verify-ceremony: the log is verified, then compared with the file. No token.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "audit/transcript_source.h"
#include "base/error.h"
#include "base/text.h"
#include "ceremony/commands.h"
#include "ceremony/file.h"
#include "ceremony/internal/verified_stories.h"
#include "ceremony/story.h"
#include "ceremony/verification.h"

namespace keyrite::ceremony {

namespace {

const Story& meant(const std::vector<Story>& stories, const std::optional<std::string>& id,
                   const std::string& file_sha256) {
  std::vector<const Story*> found;
  std::vector<std::string> ids;
  for (const auto& story : stories) {
    if (id ? story.id != *id : story.file_sha256 != file_sha256) continue;
    found.push_back(&story);
    ids.push_back(story.id);
  }
  if (found.size() == 1) return *found.front();
  if (found.empty()) {
    throw Error(Kind::kVerification, "ceremony-not-in-log",
                id ? fmt::format("the signed log does not tell of a ceremony {}", printable(*id))
                   : fmt::format("the signed log tells of no ceremony with a file of SHA-256 {}",
                                 file_sha256),
                "this file was not run in this log, or was changed since");
  }
  throw Error(Kind::kUsage, "ceremony-not-given",
              fmt::format("this file was run several times: {}", fmt::join(ids, ", ")),
              "name one of them with --id");
}

std::string sentence_of(const Verification& verification) {
  if (!verification.holds())
    return "the log does NOT prove that this file was run as it is written";
  if (verification.left_out != 0)
    return fmt::format(
        "the log proves a rehearsal of this file in its order; {} steps that need a "
        "cloud were left out",
        verification.left_out);
  return "the log proves that this file was run wholly and in its order";
}

}  // namespace

Told verify_ceremony(const VerifyRequest& request, const audit::ReadProgress& progress) {
  const auto file = ceremony_file(request.file);
  const auto source = audit::transcript_source(request.transcript, request.vkey, progress);
  const auto [audited, stories] = verified_stories(source);
  const Story& story = meant(stories, request.id, file.ceremony.sha256);
  const auto verification = compare_with_log(file.ceremony, story, evidence_of(source));
  Told shown{.document = verification.to_json()};
  shown.document["log"] = audited.verified.checkpoint.origin;
  shown.text.emplace_back(
      verification.holds()
          ? (verification.left_out == 0 ? "verdict: proven" : "verdict: proven (as a rehearsal)")
          : "verdict: NOT proven");
  shown.text.push_back(fmt::format("{}: {} (ceremony {}, {}, {} deviations)",
                                   printable(file.ceremony.title), sentence_of(verification),
                                   story.id, story.mode, verification.deviations));
  for (const auto& one : verification.differences)
    shown.text.push_back(fmt::format(
        "{}: {} ({})", one.entry ? fmt::format("entry {}", *one.entry) : std::string("log"),
        one.sentence, one.code));
  if (file.ceremony.people.check_in == CheckIn::kName)
    shown.text.emplace_back(
        "People came in by a name that was typed: the log does not prove who was there.");
  if (audited.keys_of_site)
    shown.text.push_back(
        fmt::format("The vkey is the site's own ({}): it proves no more than the "
                    "site's word. Give --vkey with one that you noted.",
                    printable(*audited.keys_of_site)));
  shown.code = verification.holds() ? 0 : static_cast<int>(Kind::kVerification);
  return shown;
}

}  // namespace keyrite::ceremony
