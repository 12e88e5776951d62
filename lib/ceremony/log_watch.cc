// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/log_watch.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/text.h"
#include "site/layout.h"
#include "transcript/layout.h"

namespace keyrite::ceremony {

LogWatch::LogWatch(const site::Site& site)
    : path_(transcript::log_of(site.path(site::kTranscriptName))), stories_(site.log_key) {}

void LogWatch::read_on() {
  const auto end = transcript::read_log(
      path_,
      [this](std::uint64_t index, std::string_view line) {
        stories_.take(index, line);
        return true;
      },
      from_);
  from_ = {.entries = end.entries, .bytes = end.bytes};
}

const Story* LogWatch::named(const std::string& id) const {
  const auto found = std::ranges::find(stories_.all(), id, &Story::id);
  return found == stories_.all().end() ? nullptr : &*found;
}

const Story& LogWatch::meant(const std::optional<std::string>& id) const {
  if (id) {
    const Story* story = named(*id);
    if (story == nullptr) {
      throw Error(Kind::kUsage, "ceremony-unknown",
                  fmt::format("the log does not tell of a ceremony {}", printable(*id)),
                  "keyrite ceremony list shows those of this site");
    }
    if (story->ending.empty()) return *story;
    throw Error(
        Kind::kFailed, "ceremony-over",
        fmt::format("the ceremony {} is over: {} at {}", story->id, story->ending, story->ended),
        "keyrite ceremony report writes its minutes");
  }
  std::vector<std::string> open;
  for (const auto& story : stories_.all()) {
    if (story.ending.empty()) open.push_back(story.id);
  }
  if (open.size() == 1) return *named(open.front());
  throw Error(Kind::kUsage, "ceremony-not-given",
              open.empty()
                  ? std::string("no ceremony of this site is under way")
                  : fmt::format("several ceremonies are under way: {}", fmt::join(open, ", ")),
              "give the id of one; keyrite ceremony list shows them");
}

}  // namespace keyrite::ceremony
