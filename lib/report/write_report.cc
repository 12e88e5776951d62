// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "report/write_report.h"

#include <algorithm>
#include <chrono>
#include <set>

#include <fmt/format.h>

#include "act/registry_reading.h"
#include "act/registry_rows.h"
#include "act/tenant_key.h"
#include "audit/transcript_source.h"
#include "base/bytes.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "registry/registry.h"
#include "report/document.h"
#include "report/gathering.h"
#include "report/page.h"
#include "site/layout.h"

namespace keyrite::report {

namespace {

// What is not over yet is told as far as it has come.
Period period_in(const std::optional<Period>& asked, const Reading& reading, Time now) {
  const Time end = std::max(now, reading.latest.value_or(now)) + std::chrono::milliseconds(1);
  if (!asked) return {std::chrono::floor<std::chrono::days>(reading.first.value_or(now)), end};
  if (asked->from < end) return {asked->from, std::min(asked->to, end)};
  throw Error(Kind::kUsage, "report-period",
              fmt::format("the period begins on {}, which is to come", day_of(asked->from)),
              "give a first day that is not after today");
}

// Each entry that the report names, once.
std::uint64_t unvouched_in(const Report& report) {
  std::set<std::uint64_t> entries;
  const auto take = [&](const Source& source) {
    if (!source.vouched) entries.insert(source.entry);
  };
  for (const auto& key : report.keys) take(key.made);
  for (const auto& version : report.versions) {
    if (version.at_start) take(version.at_start->by);
    if (version.at_end) take(version.at_end->by);
  }
  for (const auto& rotation : report.rotations) {
    for (const auto& one : rotation.activations) take(one.by);
  }
  for (const auto& place : report.places) {
    take(place.at_end.by);
    if (place.proof) take(place.proof->by);
  }
  for (const auto& one : report.exceptions) take(one.told);
  for (const auto& one : report.shreds) take(one.by);
  return entries.size();
}

LogFacts log_facts_of(const Reading& reading, const site::Site& site) {
  const auto& verified = reading.audited.verified;
  const auto source =
      audit::TranscriptSource{.folder = site.path(site::kTranscriptName), .site = site.folder};
  return {.origin = verified.checkpoint.origin,
          .size = verified.checkpoint.head.size,
          .root = to_hex(verified.checkpoint.head.root),
          .checkpoint = as_text(audit::audited_checkpoint(source, reading.audited)),
          .verified_by = verified.signatures.verified,
          .vkeys_given = !reading.audited.keys_of_site,
          .earlier = verified.from ? std::optional(verified.from->head.size) : std::nullopt,
          .unsigned_entries = verified.unsigned_entries,
          .torn_bytes = verified.torn_bytes,
          .set_back = reading.audited.marks.set_back()};
}

Report report_of(const ReportRequest& request, const act::Context& context) {
  const site::Site& site = act::required_site(context);
  const auto asked = period_of(request.from, request.to);
  const Reading reading = read_log_of(site, request.vkey, request.checkpoint, context.progress);
  const Time now = act::time_of(context);
  const Period period = period_in(asked, reading, now);
  registry::Registry registry(site.path(site::kRegistryName));
  act::require_readable(registry, site);
  act::require_decisions_of_log(registry, site);
  const auto view = registry.read();
  const auto& stores = *view.operator->();
  const Account whole =
      account_until(site, reading, stores.log.position(site.settings.log.origin).size);
  Report report = gathered(reading, whole, stores, period, now);
  report.whole_log = !asked.has_value();
  report.made = now;
  report.tool = context.tool_version;
  report.log = log_facts_of(reading, site);
  report.log.unvouched = unvouched_in(report);
  const Framework* framework = request.framework ? find_framework(*request.framework) : nullptr;
  if (framework != nullptr) report.framework = evidence_for(*framework, reading.acts, period);
  return report;
}

}  // namespace

const std::vector<act::Field<ReportRequest>>& ReportRequest::table() {
  using R = ReportRequest;
  using act::Binds;
  static const std::vector<act::Field<R>> fields{
      {{.name = "from",
        .value = "DAY",
        .help = "first day of the period, in UTC, as 2027-01-01",
        .default_text = "the first day of the log",
        .binds = Binds::plain()},
       &R::from},
      {{.name = "to",
        .value = "DAY",
        .help = "last day of the period",
        .default_text = "today",
        .binds = Binds::plain()},
       &R::to},
      {{.name = "framework",
        .value = "WORD",
        .help = "also lists which entries are evidence towards which requirement of it",
        .choices = {"csf2", "nhi", "pci", "iso27001"},
        .binds = Binds::plain()},
       &R::framework},
      {audit::vkey_field(), &R::vkey},
      {{.name = "checkpoint",
        .value = "FILE",
        .help = "an earlier checkpoint of the log that somebody else kept: the log must contain it",
        .binds = Binds::input()},
       &R::checkpoint},
      {{.name = "out",
        .value = "FILE",
        .help = "the new page; a file that is there is never overwritten",
        .need = act::Need::kRequired,
        .binds = Binds::output()},
       &R::out}};
  return fields;
}

inventory::Shown write_report(const ReportRequest& request, const act::Context& context) {
  (void)act::required_site(context);
  require_writable_new_path(request.out);
  const Report report = report_of(request, context);
  const std::string page = page_of(report);
  write_new_file(request.out, as_bytes(page));
  const std::string sha256 = crypto::sha256_hex(as_bytes(page));
  inventory::Shown shown{.document = to_json(report)};
  shown.document["file"] = request.out;
  shown.document["sha256"] = sha256;
  const auto say = [&](const std::string& text) {
    for (const auto& line : wrap_words(text, kColumns)) shown.text.push_back(line);
  };
  say(headline_of(report));
  for (const auto& one : report.wrong) say("does not agree: " + one);
  if (report.log.unsigned_entries != 0)
    say(fmt::format(
        "not signed, and not counted: {} after the checkpoint; keyrite resume signs them",
        counted_entries(report.log.unsigned_entries)));
  shown.text.push_back(
      fmt::format("the report is {}; SHA-256:\n  {}", printable(request.out), sha256));
  if (!report.wrong.empty()) shown.code = static_cast<int>(Kind::kVerification);
  return shown;
}

}  // namespace keyrite::report
