// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "report/reading.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "report/internal/members.h"
#include "site/layout.h"
#include "transcript/entry.h"
#include "transcript/entry_head.h"
#include "transcript/layout.h"
#include "transcript/log_reader.h"

namespace keyrite::report {

namespace {

// Acts on data keys alone tell of no version: thousands of lines of which nothing is needed.
constexpr std::array<std::string_view, 6> kOfDataKeysAlone{
    "dek-issue", "dek-wrap", "dek-import", "dek-rewrap", "dek-prune", "shred-records"};

bool tells_of_keys(std::string_view act) {
  return std::ranges::find(kOfDataKeysAlone, act) == kOfDataKeysAlone.end();
}

// The log's keys among those that verify it: a witness vouches for nothing.
std::vector<transcript::NoteKey> log_keys_in(const audit::TranscriptSource& source,
                                             const std::string& origin) {
  std::vector<transcript::NoteKey> keys;
  for (const auto& key : source.keys) {
    if (key.name() == origin) keys.push_back(key);
  }
  return keys;
}

bool is_vouched_by(const Json& entry, const std::vector<transcript::NoteKey>& keys) {
  std::exception_ptr wrong;
  for (const auto& key : keys) {
    try {
      return transcript::is_vouched(entry, key);
    } catch (const Error&) {
      wrong = std::current_exception();
    }
  }
  if (wrong) std::rethrow_exception(wrong);
  return false;
}

std::optional<Time> time_in(std::string_view text) {
  try {
    return std::chrono::floor<std::chrono::milliseconds>(parse_rfc3339(text, "time"));
  } catch (const Error&) {
    return std::nullopt;  // 0.1.0 signed whatever the log contained
  }
}

CertificateTold certificate_in(std::uint64_t index, const Json& entry,
                               const transcript::EntryHead& head, bool vouched) {
  const Json& facts = member_in(entry, "facts");
  const Json& complete = member_in(facts, "complete");
  return {.tenant = text_in(facts, "tenant"),
          .complete = complete.is_boolean() && complete.get<bool>(),
          .by = {index, time_in(head.time).value_or(Time{}), text_in(entry, "operator"), vouched}};
}

void take_line(const site::Site& site, const std::vector<transcript::NoteKey>& keys,
               std::uint64_t index, std::string_view line, Account& account) {
  const auto head = transcript::entry_head(line);
  if (!head || !tells_of_keys(head->act)) return;
  const bool certificate = head->act == "shred-certificate" && head->outcome == "done";
  const auto told = act::registry_entry(site, index, line);
  if (!told && !certificate) return;
  const Json entry = parse_json(as_bytes(line), "an entry of the log");
  const bool vouched = is_vouched_by(entry, keys);
  if (told) account.take(*told, vouched);
  if (certificate) account.take_certificate(certificate_in(index, entry, *head, vouched));
}

class Reader {
 public:
  Reader(const site::Site& site, Reading& reading) : site_(site), reading_(reading) {}

  // What is wrong with an entry is said after what is wrong with the whole log.
  void take(const transcript::SignedEntry& entry) {
    if (failed_ || !entry.head) return;
    try {
      take_head(entry.index, *entry.head);
      take_line(site_, reading_.log_keys, entry.index, entry.line, reading_.account);
    } catch (const Error&) {
      failed_ = std::current_exception();
    }
  }
  void rethrow() const {
    if (failed_) std::rethrow_exception(failed_);
  }

 private:
  void take_head(std::uint64_t index, const transcript::EntryHead& head) {
    const auto at = time_in(head.time);
    if (!at) return;
    if (!reading_.first) reading_.first = at;
    reading_.latest = std::max(reading_.latest.value_or(*at), *at);
    const auto add = [&](const std::string& what) {
      reading_.acts[what].push_back({index, *at, head.vouched});
    };
    add(kAnyEntry);
    if (head.event == "result" && head.outcome == "done") add(std::string(head.act));
    if (head.event == "intent" && !head.statement_sha256.empty()) add(kApprovedEvent);
    if (head.event == "refused") add(kRefusedEvent);
    if (head.event == "clock-confirmed") add(kClockEvent);
  }

  const site::Site& site_;
  Reading& reading_;
  std::exception_ptr failed_{};
};

}  // namespace

Reading read_log_of(const site::Site& site, const std::vector<std::string>& vkey,
                    const std::optional<std::string>& earlier,
                    const audit::ReadProgress& progress) {
  const auto source = audit::transcript_source(site.folder, vkey, progress);
  Reading reading{.log_keys = log_keys_in(source, site.settings.log.origin)};
  Reader reader(site, reading);
  reading.audited = audit::audit(source, earlier,
                                 [&](const transcript::SignedEntry& entry) { reader.take(entry); });
  reader.rethrow();
  return reading;
}

Account account_until(const site::Site& site, const Reading& reading, std::uint64_t entries) {
  const bool longer = entries >= reading.size();
  Account account = longer ? reading.account : Account{};
  const std::uint64_t first = longer ? reading.size() : 0;
  transcript::read_log(transcript::log_of(site.path(site::kTranscriptName)),
                       [&](std::uint64_t index, std::string_view line) {
                         if (index >= entries) return false;
                         if (index >= first)
                           take_line(site, reading.log_keys, index, line, account);
                         return true;
                       });
  return account;
}

}  // namespace keyrite::report
