// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/internal/accepted_loss.h"

#include <algorithm>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/error.h"
#include "base/presence.h"
#include "base/text.h"
#include "site/layout.h"
#include "transcript/layout.h"

namespace keyrite::act {

namespace {

[[noreturn]] void not_confirmed(std::string_view why) {
  throw Error(Kind::kUsage, "last-signed-not-confirmed",
              fmt::format("the last signed checkpoint is not confirmed: {}", why),
              "take size and root from your own notes, a witness or an auditor's copy, not from "
              "this site; without a terminal give --signed-size and --signed-root");
}

// Typed by a person who has it from elsewhere, so it is not shown.
transcript::TreeHead typed_head(const Context& context, const std::string& path) {
  const site::Site& site = context.site.value().site;
  const auto published =
      transcript::read_checkpoint(transcript::checkpoint_of(site.path(site::kTranscriptName)));
  const auto& head = published.checkpoint.head;
  const auto answer = context.ask(
      {.lines = {fmt::format("{} is missing. It showed whether the log {} was rolled back.",
                             printable(path), site.settings.log.origin),
                 "Only a copy from elsewhere can show that now: your notes, a witness, an "
                 "auditor's copy."},
       .prompt = "How many entries were signed last, and what is their root (N HEX)?",
       .typed = fmt::format("{} {}", head.size, to_hex(head.root))});
  if (!answer) not_confirmed("there is no terminal to type it at");
  if (!*answer)
    not_confirmed("the typed size and root are not those of the checkpoint in the site");
  return head;
}

transcript::TreeHead given_head(const ResumeRequest& request) {
  if (!request.signed_size || !request.signed_root)
    not_confirmed("give --signed-size and --signed-root together");
  transcript::TreeHead head{.size = *request.signed_size};
  const Bytes root = from_hex(*request.signed_root);
  if (root.size() != head.root.size()) not_confirmed("--signed-root is not 64 hex digits");
  std::ranges::copy(root, head.root.begin());
  return head;
}

}  // namespace

std::optional<transcript::TreeHead> accepted_loss(const ResumeRequest& request,
                                                  const Context& context) {
  const bool given = request.signed_size || request.signed_root;
  if (!request.accept_missing_last_signed) {
    if (given) not_confirmed("--accept-missing-last-signed is not given");
    return std::nullopt;
  }
  const std::string path = context.site.value().site.last_signed();
  if (is_there(path)) {
    throw Error(Kind::kUsage, "last-signed-not-missing",
                fmt::format("{} exists, so there is no loss to accept", printable(path)),
                "leave --accept-missing-last-signed out");
  }
  return given ? given_head(request) : typed_head(context, path);
}

}  // namespace keyrite::act
