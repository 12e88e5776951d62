// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/papers.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "act/tenant_key.h"
#include "audit/transcript_source.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "ceremony/as_begun.h"
#include "ceremony/bindings.h"
#include "ceremony/file.h"
#include "ceremony/folder.h"
#include "ceremony/internal/verified_stories.h"
#include "ceremony/minutes_of_log.h"
#include "ceremony/minutes_page.h"
#include "ceremony/script_page.h"
#include "ceremony/story.h"
#include "ceremony/verification.h"
#include "crypto/digest.h"
#include "site/layout.h"

namespace keyrite::ceremony {

namespace {

Paper paper_of(const std::optional<std::string>& word) {
  return word == "letter" ? Paper::kLetter : Paper::kA4;
}

Told written(const std::string& what, const std::string& path, const std::string& page) {
  write_new_file(path, as_bytes(page));
  const std::string sha256 = crypto::sha256_hex(as_bytes(page));
  return {.document = {{"file", path}, {"sha256", sha256}},
          .text = {fmt::format("{}: {}\nSHA-256 {}", what, printable(path), sha256)}};
}

// Without an id the one that was begun last. Error kUsage "ceremony-unknown".
const Story* story_of(const std::vector<Story>& stories, const std::optional<std::string>& id) {
  const auto story = id                ? std::ranges::find(stories, *id, &Story::id)
                     : stories.empty() ? stories.end()
                                       : std::prev(stories.end());
  if (story != stories.end()) return &*story;
  throw Error(Kind::kUsage, "ceremony-unknown",
              id ? fmt::format("the signed log does not tell of a ceremony {}", printable(*id))
                 : std::string("the signed log tells of no ceremony"),
              "keyrite ceremony list shows those of this site");
}

}  // namespace

Told print_script(const PrintRequest& request, const act::Context& context) {
  const auto file = ceremony_file(request.file);
  const auto bindings = Bindings::of(request.bind, file.ceremony);
  return written(
      "the script", request.out,
      script_page(file.ceremony, {.paper = paper_of(request.paper),
                                  .mode = request.rehearsal ? Mode::kRehearsal : Mode::kLive,
                                  .printed_at = context.now(),
                                  .tool_version = context.tool_version,
                                  .inputs = bindings.values(),
                                  .custodian_forms = !request.custodian.empty(),
                                  .custodians = request.custodian}));
}

Told write_minutes(const ReportRequest& request, const act::Context& context) {
  const auto& site = act::required_site(context);
  const auto source = audit::transcript_source(site.folder, {}, context.progress);
  const auto taken = verified_stories(source);
  const Story* story = story_of(taken.stories, request.id);
  const CeremonyFolder folder(site, story->id);
  const auto file = folder.file(story->file_sha256);
  const auto bindings = folder.bindings(file.ceremony);
  require_bindings_as_begun(file.ceremony, bindings, *story, site);
  const auto verification = compare_with_log(file.ceremony, *story, evidence_of(source));
  const auto minutes =
      minutes_of({.ceremony = file.ceremony,
                  .story = *story,
                  .bindings = bindings,
                  .verification = verification,
                  .texts = site.path(site::kTextsName),
                  .checkpoint = as_text(audit::audited_checkpoint(source, taken.audited)),
                  .head = taken.audited.verified.checkpoint,
                  .tool = context.tool_version,
                  .made_at = context.now()});
  Told shown = written("the minutes", request.out, minutes_page(minutes, paper_of(request.paper)));
  shown.document["verification"] = verification.to_json();
  shown.text.push_back(ended_words(minutes));
  for (const auto& one : minutes.differences) shown.text.push_back(one);
  // One that is not over, or was aborted, has minutes as well; they say so.
  shown.code = verification.holds() ? 0 : static_cast<int>(Kind::kVerification);
  return shown;
}

}  // namespace keyrite::ceremony
