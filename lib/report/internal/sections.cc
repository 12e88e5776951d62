// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "report/internal/sections.h"

#include <chrono>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/clock.h"
#include "base/counted.h"
#include "report/document.h"

namespace keyrite::report {

namespace {

std::string state_words(const std::optional<StateTold>& told) {
  if (!told) return "\u2013";
  return fmt::format("{} ({})", told->state, entry_text(told->by));
}

std::string version_name(const Whose& whose, std::int64_t number) {
  return fmt::format("{}, version {}", whose.text(), number);
}

Section differences(const Report& report) {
  Section section{.heading = "What does not agree",
                  .intros = {"Registry and log say different things. Until somebody found out why, "
                             "neither can be relied on here: the log decides what this report "
                             "counts."}};
  Table table{.caption = "Differences", .columns = {"Difference"}};
  for (const auto& one : report.wrong) table.rows.push_back({{{one}}});
  section.tables.push_back(std::move(table));
  return section;
}

Section not_signed_section(const Report& report) {
  Section section{
      .heading = "What is not signed yet",
      .intros = {"These changes came after the last checkpoint. Nobody signed them, and "
                 "this report does not count them. keyrite resume signs the log."}};
  Table table{.caption = "After the checkpoint", .columns = {"Change", "Entry"}};
  for (const auto& one : report.not_signed)
    table.rows.push_back({{{one.text}, {fmt::format("{}", one.entry)}}});
  section.tables.push_back(std::move(table));
  return section;
}

Section population_section(const Report& report) {
  Section section{.heading = "All keys at both ends of the period",
                  .intros = {fmt::format(
                      "{} at the beginning, {} at the end: each key and each version that "
                      "the log tells of, also those that are destroyed.",
                      counted(report.keys_at_start, "key"), counted(report.keys_at_end, "key"))},
                  .pictures = {states_picture(report)}};
  Table table{.caption = "Versions of all keys",
              .columns = {"Key (tenant)", "Version", "Made for", "At the beginning", "At the end"}};
  std::size_t at = 0;
  for (const auto& key : report.keys) {
    const std::string made_for =
        key.type.empty() ? std::string("the log does not say") : key.type + ", " + key.usage;
    bool any = false;
    while (at < report.versions.size() && report.versions[at].whose.key_id == key.whose.key_id) {
      const auto& version = report.versions[at++];
      any = true;
      table.rows.push_back(
          {{{key.whose.text()},
            {fmt::format("{}", version.number)},
            {made_for},
            {state_words(version.at_start)},
            {state_words(version.at_end) +
             (version.frozen && version.at_end->state != "destroyed" ? ", frozen" : "")}}});
    }
    if (!any)
      table.rows.push_back({{{key.whose.text()},
                             {"none yet"},
                             {made_for},
                             {"\u2013"},
                             {"added (" + entry_text(key.made) + ")"}}});
  }
  section.tables.push_back(std::move(table));
  return section;
}

Lines activations_of(const RotationFacts& rotation) {
  Lines lines;
  for (const auto& one : rotation.activations)
    lines.push_back(
        fmt::format("version {} on {} ({})", one.number, day_of(one.by.at), entry_text(one.by)));
  if (lines.empty()) lines.emplace_back("none");
  return lines;
}

Row rotation_row(const RotationFacts& rotation) {
  Row row;
  row.cells.push_back({rotation.whose.text()});
  row.cells.push_back({rotation.period_days ? fmt::format("{} days", *rotation.period_days)
                                            : std::string("not known")});
  row.cells.push_back(activations_of(rotation));
  row.cells.push_back({rotation.serving ? fmt::format("version {}, {} days old",
                                                      rotation.serving->number, rotation.age_days)
                                        : std::string("none")});
  std::string due = rotation.due ? day_of(*rotation.due) : std::string("\u2013");
  if (rotation.overdue) due = "OVERDUE since " + due;
  row.cells.push_back(rotation.reason.empty() ? Lines{due} : Lines{due, rotation.reason});
  if (rotation.overdue) row.late = row.cells.size() - 1;
  return row;
}

Section rotation_section(const Report& report) {
  Section section{.heading = "Rotations against the period of each key",
                  .intros = {"A version is active from the entry that says so. The period is what "
                             "the policy of the key said at the end."}};
  if (auto picture = ages_picture(report)) section.pictures.push_back(std::move(*picture));
  if (auto picture = calendar_picture(report)) section.pictures.push_back(std::move(*picture));
  Table table{
      .caption = "The keys that are due first come first",
      .columns = {"Key (tenant)", "Period", "Became active in this period", "Serves", "Due"}};
  for (const auto& one : report.rotations) table.rows.push_back(rotation_row(one));
  if (table.rows.empty()) section.intros.emplace_back("There is no key to rotate.");
  section.tables.push_back(std::move(table));
  return section;
}

std::string proof_words(const PlaceFacts& place) {
  if (!place.proof) return "not proven";
  const auto& proof = *place.proof;
  if (proof.state == "accepted")
    return fmt::format("accepted by name until {} ({})", proof.until.substr(0, 10),
                       entry_text(proof.by));
  return fmt::format("proven: {} ({})", proof.basis.empty() ? "basis not told" : proof.basis,
                     entry_text(proof.by));
}

Section place_section(const Report& report) {
  Section section{.heading = "Destinations, and what proves them",
                  .intros = {"For the place where a key is there is only the word of the cloud. "
                             "A proof shows that it uses the same key."}};
  Table table{.caption = "Versions at destinations",
              .columns = {"Key (tenant)", "Destination", "State", "Proof"}};
  for (const auto& one : report.places) {
    table.rows.push_back({{{version_name(one.whose, one.number)},
                           {one.where + (one.region.empty() ? "" : ", " + one.region) +
                            (one.retired ? ", retired" : "")},
                           {state_words(one.at_end)},
                           {proof_words(one)}}});
  }
  if (table.rows.empty()) section.intros = {"No version has a destination."};
  section.tables.push_back(std::move(table));
  return section;
}

Section alert_section(const Report& report) {
  Section section{
      .heading = "Alerts",
      .intros = {"What was wrong when this report was made, as keyrite inventory alerts "
                 "says it. The registry says so, and its counts are not in the log."}};
  Table table{.caption = "Alerts", .columns = {"Alert", "Whose", "What"}};
  for (const auto& one : report.alerts)
    table.rows.push_back(
        {{{std::string(inventory::alert_word(one.what))},
          {one.name.empty() ? one.tenant : fmt::format("{} ({})", one.name, one.tenant)},
          {one.detail}}});
  if (table.rows.empty()) section.intros.emplace_back("There is none.");
  section.tables.push_back(std::move(table));
  return section;
}

Section exception_section(const Report& report) {
  Section section{.heading = "Exceptions that somebody accepted",
                  .intros = {"Each has a name and an end. It proves nothing."}};
  Table table{.caption = "By their ends", .columns = {"Exception", "By", "Reason", "Until"}};
  for (const auto& one : report.exceptions)
    table.rows.push_back({{{fmt::format("{}: {}", one.what, one.about)},
                           {fmt::format("{} ({})", one.by, entry_text(one.told))},
                           {one.reason},
                           {day_of(one.until) + (one.ended ? ", over" : "")}}});
  if (table.rows.empty()) section.intros = {"There was none in this period."};
  section.tables.push_back(std::move(table));
  return section;
}

Section shred_section(const Report& report) {
  Section section{.heading = "Destruction of keys"};
  Table table{.caption = "What is pending comes first",
              .columns = {"Key (tenant)", "Stands", "Waits for"}};
  for (const auto& one : report.shreds) {
    const bool open = one.stands != "destroyed" || !one.waits.empty();
    table.rows.push_back(
        {{{version_name(one.whose, one.number)},
          {fmt::format("{} ({})", one.stands, entry_text(one.by))},
          one.waits.empty() ? Lines{open ? "the next run of shred" : "nothing"} : one.waits},
         open ? 1U : 0U});
  }
  if (table.rows.empty()) section.intros = {"No key was destroyed or frozen for it."};
  section.tables.push_back(std::move(table));
  return section;
}

Section owner_section(const Report& report) {
  Section section{.heading = "Owners that are missing",
                  .intros = {"By the registry, when this report was made: the log names nobody."}};
  Table table{.caption = "Nobody answers for", .columns = {"Name (tenant)", "What"}};
  for (const auto& one : report.ownerless)
    table.rows.push_back(
        {{{fmt::format("{} ({})", one.key, one.tenant)},
          {one.what == inventory::DueWhat::kKeyOwner ? "a key" : "a credential"}}});
  if (table.rows.empty()) section.intros.emplace_back("None is.");
  section.tables.push_back(std::move(table));
  return section;
}

Section unwrap_section(const Report& report) {
  Section section{.heading = "Data keys that were given out"};
  if (auto picture = unwraps_picture(report)) section.pictures.push_back(std::move(*picture));
  Table table{.caption = "Unwraps per day", .columns = {"Day", "Unwraps", "Entries"}};
  for (const auto& one : report.unwraps) {
    const auto mark = one.vouched ? std::string_view() : kMark;
    table.rows.push_back(
        {{{one.day},
          {fmt::format("{}", one.count)},
          {one.first == one.last ? fmt::format("{}{}", one.first, mark)
                                 : fmt::format("{} to {}{}", one.first, one.last, mark)}}});
  }
  if (table.rows.empty()) section.intros = {"None in this period."};
  section.tables.push_back(std::move(table));
  return section;
}

Lines signed_words(const LogFacts& log) {
  Lines lines{
      fmt::format("entries 0 to {}: the checkpoint signs them", log.size == 0 ? 0 : log.size - 1)};
  if (log.size == 0) lines = {"none"};
  lines.push_back(log.unsigned_entries == 0
                      ? std::string("no entry follows it")
                      : fmt::format("{} after it: not signed, and not counted here",
                                    counted_entries(log.unsigned_entries)));
  if (log.earlier)
    lines.push_back(fmt::format("an earlier checkpoint of {} is contained in it",
                                counted_entries(*log.earlier)));
  return lines;
}

Lines vouch_words(const LogFacts& log) {
  if (log.unvouched == 0) return {"the log's key vouches for every entry of this report"};
  return {
      fmt::format("{} of this report ({}): the log's key signed the whole log, and does not "
                  "vouch for who wrote them. Acts on files (tenant, key, destination, "
                  "verify-import) are such.",
                  counted_entries(log.unvouched), kMark)};
}

Section check_section(const Report& report) {
  return {
      .heading = "Check this report",
      .steps = {
          {.text = "This page is not signed. Each number in it can be counted again: entry N is "
                   "line N+1 of transcript/log.jsonl in the site, and keyrite transcript show "
                   "lists them for people. Take the key of the log (vkey) from a place that "
                   "the issuer of this page cannot change, and run:",
           .shown = "keyrite transcript verify SITE --vkey VKEY"},
          {.text = "The report was made of the log that this checkpoint signs:",
           .shown = report.log.checkpoint}}};
}

}  // namespace

std::string entry_text(const Source& source) {
  return fmt::format("entry {}{}", source.entry, source.vouched ? std::string_view() : kMark);
}

std::string period_text(const Report& report) {
  const auto last = report.period.to - std::chrono::milliseconds(1);
  return fmt::format("{} to {}", day_of(report.period.from), day_of(last));
}

page::SummaryRows summary_rows(const Report& report) {
  const auto& log = report.log;
  page::SummaryRows rows{
      {"Period", {period_text(report) + (report.whole_log ? ", the whole log" : "") + ", in UTC"}},
      {"Made", {fmt::format("{}, by {}", format_rfc3339(report.made), report.tool)}},
      {"The log was verified",
       {fmt::format("by {}", fmt::join(log.verified_by, ", ")),
        log.vkeys_given
            ? "with a vkey that was given from outside of the site"
            : "with the vkey of the site itself: that is no more than the site's own word"}},
      {"Signed entries", signed_words(log)},
      {"Not vouched for", vouch_words(log)},
      {"Names", {"of tenants, keys and owners are the registry's: the log has pseudonyms"}}};
  if (!log.set_back.empty())
    rows.emplace_back("Time set back",
                      Lines{fmt::format("at entries {}", fmt::join(log.set_back, ", "))});
  return rows;
}

std::vector<Section> sections_of(const Report& report) {
  std::vector<Section> sections;
  if (!report.wrong.empty()) sections.push_back(differences(report));
  if (!report.not_signed.empty()) sections.push_back(not_signed_section(report));
  sections.push_back(population_section(report));
  sections.push_back(rotation_section(report));
  sections.push_back(place_section(report));
  sections.push_back(alert_section(report));
  sections.push_back(exception_section(report));
  sections.push_back(shred_section(report));
  sections.push_back(owner_section(report));
  sections.push_back(unwrap_section(report));
  if (report.framework) sections.push_back(framework_section(*report.framework));
  sections.push_back(check_section(report));
  return sections;
}

}  // namespace keyrite::report
