// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/internal/export_page.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "audit/internal/export_page_acts.h"
#include "base/counted.h"
#include "transcript/event.h"

namespace keyrite::audit {

namespace {

using page::Section;
using page::Table;
using Lines = std::vector<std::string>;

constexpr std::string_view kStyle = R"css(
tbody th { min-width: 3rem; }
td { min-width: 5.5rem; }
td:nth-child(2) { min-width: 11rem; }
)css";

Section approvals_section(const PageMatter& matter) {
  Table table{.caption = "Approved statements",
              .columns = {"Statement, SHA-256", "Entries", "Approved by", "In this folder"}};
  for (const auto& one : matter.approvals) {
    table.rows.push_back({{{one.statement_sha256},
                           {fmt::format("{}", fmt::join(one.entries, ", "))},
                           one.identities,
                           {one.withheld ? "NO: it has names" : "approvals/"}},
                          one.withheld ? std::size_t{3} : std::size_t{0}});
  }
  Section section{.heading = "Approvals"};
  section.intros.emplace_back(matter.approvals.empty()
                                  ? "No signed entry acted under an approval statement."
                                  : "The signatures of these people counted when the act began. "
                                    "VERIFY.txt has the commands that check them.");
  if (!matter.policies.empty())
    section.intros.emplace_back("The policy of the site required these approvals:");
  section.points = matter.policies;
  section.tables.push_back(std::move(table));
  return section;
}

std::string unsigned_words(const ExportedLog& log) {
  const auto& verified = log.audited.verified;
  if (verified.unsigned_entries == 0 && verified.torn_bytes == 0)
    return "Nothing in log.jsonl follows what is signed.";
  const std::string torn =
      verified.torn_bytes == 0
          ? std::string()
          : fmt::format(" and {} of an incomplete line", counted(verified.torn_bytes, "byte"));
  return fmt::format(
      "NOT signed: {}{} in log.jsonl, behind the signed ones. This page does not show them. "
      "Whoever could write the folder of the site can have written them.",
      counted_entries(verified.unsigned_entries), torn);
}

Section signed_section(const ExportedLog& log, const std::vector<EntryRow>& rows,
                       const PageMatter& matter) {
  const auto unvouched = std::ranges::count(rows, false, &EntryRow::vouched);
  const auto bare = std::ranges::count_if(rows, [&](const EntryRow& row) {
    return row.vouched && !log.entries[row.entry].contains("vouch");
  });
  Section section{.heading = "What is signed, and what is not"};
  section.points = {
      fmt::format("Signed: the first {} of the log, by one signature over all of them.",
                  counted_entries(rows.size())),
      unsigned_words(log)};
  if (unvouched > 0) {
    section.points.push_back(fmt::format(
        "{} signed {} marked with {}: nobody needed the token to write them, so anybody "
        "who could write the folder of the site can have done so. Refusals, requests "
        "for approvals and acts on files are always of this kind.",
        unvouched, unvouched == 1 ? "entry is" : "entries are", page::kMark));
  }
  if (bare > 0) {
    section.points.push_back(
        fmt::format("{} without a signature of their own: they rest on the one over the whole log. "
                    "Version 0.1.0 wrote all entries so.",
                    counted_entries(static_cast<std::uint64_t>(bare))));
  }
  section.points.insert(section.points.end(), matter.others.begin(), matter.others.end());
  if (matter.others.empty())
    section.points.emplace_back("No timestamp and no line of a witness is in this folder.");
  return section;
}

Section unknown_section(const ExportedLog& log, const PageMatter& matter) {
  Section section{.heading = "What cannot be known from this folder"};
  const auto add = [&](std::string_view point) { section.points.emplace_back(point); };
  add(log.source.keys_of_site
          ? "Whether the keys are those of this site. They come from the site itself: compare them "
            "with those that were noted when it was made."
          : "Whether the keys are those of this site. Whoever made this folder gave them: compare "
            "them with those that you have from elsewhere.");
  add(fmt::format(
      "Whether the same keys signed a second history. Only a checkpoint, a timestamp or "
      "the line of a witness that somebody else kept shows that{}.",
      matter.others.empty() ? "; this folder has none" : ""));
  add("Whether the times are right. They are what the clock of the machine said; the order of the "
      "entries is proven.");
  add("Who was at the keyboard. An operator's name is what the machine or the command line said. "
      "An "
      "approver is whoever has the key that the roster lists under that name.");
  add("What was done at the token without keyrite, by somebody who has its PIN.");
  add("What a cloud holds today. An entry says what was made and judged at its time.");
  add("Which key, folder or cloud key a pseudonym means. The registry of the site has the names.");
  add("What happened after the last signed entry.");
  const auto withheld = std::ranges::count(matter.approvals, true, &ExportedApproval::withheld);
  if (withheld > 0) {
    add(fmt::format("What was approved by {} whose files are left out because they have names.",
                    counted(static_cast<std::uint64_t>(withheld), "statement")));
  }
  return section;
}

std::string key_text(const ExportedLog& log) {
  std::string text;
  for (const auto& key : log.source.keys) text += key.text() + "\n";
  return text;
}

Section check_section(const ExportedLog& log) {
  return {
      .heading = "Check this page",
      .steps = {{.text = "This page is not signed, and no command compares it with the log. Run "
                         "the commands of VERIFY.txt in this folder; they need openssl, python3 "
                         "and ssh-keygen, and nothing of keyrite. They make entries.csv again "
                         "from the signed entries: compare what you rely on with that."},
                {.text = "The page was made of the log that this checkpoint signs:",
                 .shown = log.checkpoint},
                {.text = "These keys verified it:", .shown = key_text(log)}}};
}

// "generate-kek: 5 done, 1 refused"
Lines act_counts(const std::vector<EntryRow>& rows) {
  std::map<std::string, std::map<std::string, std::uint64_t>> counts;
  for (const auto& row : rows) {
    if (row.event == transcript::kIntent) ++counts[row.act][row.outcome];
    if (row.event == transcript::kRefused) ++counts[row.act]["refused before it began"];
  }
  Lines lines;
  for (const auto& [act, outcomes] : counts) {
    Lines words;
    for (const auto& [outcome, count] : outcomes)
      words.push_back(fmt::format("{} {}", count, outcome));
    lines.push_back(fmt::format("{}: {}", act, fmt::join(words, ", ")));
  }
  return lines;
}

Lines operators_of(const std::vector<EntryRow>& rows) {
  std::set<std::string> names;
  for (const auto& row : rows) {
    if (!row.actor.empty()) names.insert(row.actor);
  }
  return {names.begin(), names.end()};
}

Lines all_approvers(const PageMatter& matter) {
  std::set<std::string> names;
  for (const auto& one : matter.approvals)
    names.insert(one.identities.begin(), one.identities.end());
  return {names.begin(), names.end()};
}

// The first and the last time that the entries say; the log's own order says which came first.
std::string time_words(const std::vector<EntryRow>& rows) {
  const auto told = [](const EntryRow& row) { return !row.time.empty(); };
  const auto first = std::ranges::find_if(rows, told);
  if (first == rows.end()) return "no entry says when it was written";
  const auto last = std::find_if(rows.rbegin(), rows.rend(), told);
  return fmt::format("{} to {}", first->time, last->time);
}

page::SummaryRows summary_of(const ExportedLog& log, const std::vector<EntryRow>& rows,
                             const PageMatter& matter) {
  page::SummaryRows summary{
      {"Signed", {counted_entries(rows.size())}},
      {"Written", {time_words(rows)}},
      {"Root of the log", {to_hex(log.audited.verified.checkpoint.head.root)}}};
  const auto add = [&](const char* name, Lines lines) {
    if (!lines.empty()) summary.emplace_back(name, std::move(lines));
  };
  add("Operators", operators_of(rows));
  add("Approvers", all_approvers(matter));
  add("Acts", act_counts(rows));
  return summary;
}

}  // namespace

std::string export_page(const ExportedLog& log, const std::vector<EntryRow>& rows,
                        const PageMatter& matter) {
  const auto first = first_section(log, rows);
  const std::size_t remarks = first.tables.front().rows.size();
  const auto& verified = log.audited.verified;
  const bool all_signed = verified.unsigned_entries == 0 && verified.torn_bytes == 0;
  return page::tabled_page(
      {.title = "What the log says",
       .subject = verified.checkpoint.origin,
       .origin = verified.checkpoint.origin,
       .headline = fmt::format(
           "{} signed and verified. {} {}", counted(rows.size(), "entry is", "entries are"),
           all_signed ? std::string("Nothing follows them.")
                      : fmt::format("What follows is NOT signed: {}.",
                                    counted_entries(verified.unsigned_entries)),
           remarks == 0 ? std::string("No signed entry needs an explanation.")
                        : fmt::format("{} an explanation.",
                                      counted(remarks, "entry needs", "entries need"))),
       .alarm = remarks > 0 || !all_signed,
       .summary = summary_of(log, rows, matter),
       .sections = {first, acts_section(log, rows), approvals_section(matter),
                    signed_section(log, rows, matter), unknown_section(log, matter),
                    check_section(log)}},
      kStyle);
}

}  // namespace keyrite::audit
