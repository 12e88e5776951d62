// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/internal/entry_filter.h"

#include <algorithm>
#include <cstddef>

#include <fmt/format.h>

#include "act/option_words.h"
#include "base/error.h"
#include "base/lower_hex.h"
#include "base/text.h"
#include "transcript/entry_fields.h"
#include "transcript/entry_time.h"

namespace keyrite::audit {

namespace {

constexpr std::size_t kShortestRun = 8;

std::string lower_hex(const std::string& given, const char* option, std::size_t shortest) {
  std::string hex = given;
  std::transform(hex.begin(), hex.end(), hex.begin(), [](char c) {
    return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  if (hex.size() < shortest || !is_lower_hex(hex)) {
    throw Error(Kind::kUsage, fmt::format("{}-not-hex", option),
                fmt::format("--{} \"{}\" is not hex of {} digits or more", option, printable(given),
                            shortest),
                "run keyrite transcript show without this option to list them");
  }
  return hex;
}

}  // namespace

EntryFilter::EntryFilter(const ShowTranscriptRequest& request) : act_(request.act) {
  if (request.key) key_ = lower_hex(*request.key, "key", 2);
  if (request.run) run_ = lower_hex(*request.run, "run", kShortestRun);
  if (request.since) since_ = act::time_given(*request.since, "--since", act::DayMeans::kStart);
  if (request.until) until_ = act::time_given(*request.until, "--until", act::DayMeans::kEnd);
}

bool EntryFilter::takes(const Json& entry) const {
  if (act_ && transcript::entry_text(entry, "act") != *act_) return false;
  if (run_ && !transcript::entry_text(entry, "run").starts_with(*run_)) return false;
  return (!key_ || names_key(entry)) && in_time(entry);
}

bool EntryFilter::names_key(const Json& entry) const {
  const Json keys = transcript::entry_list(entry, "keys");
  return std::any_of(keys.begin(), keys.end(), [&](const Json& one) {
    return transcript::entry_text(one, "key") == *key_ ||
           transcript::entry_text(one, "id") == *key_;
  });
}

bool EntryFilter::in_time(const Json& entry) const {
  if (!since_ && !until_) return true;
  const auto time = transcript::entry_time(transcript::entry_text(entry, "time"));
  if (!time) return false;
  return (!since_ || *since_ <= *time) && (!until_ || *time <= *until_);
}

}  // namespace keyrite::audit
