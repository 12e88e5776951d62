// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "certificate/page.h"

#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <kainjow/mustache.hpp>

#include "base/text.h"
#include "certificate/internal/page_template.h"
#include "certificate/internal/sentences.h"
#include "page/page.h"

namespace keyrite::certificate {

namespace {

using kainjow::mustache::data;
using kainjow::mustache::mustache;
using Values = std::vector<std::string>;
using Rows = std::vector<std::pair<std::string, Values>>;

// A control character or one that turns the reading direction would hide what a name is.
data text(const std::string& value) { return printable(value); }

data list_of(const char* name, const Values& values) {
  data list{data::type::list};
  for (const auto& value : values) list << data{name, text(value)};
  return list;
}

// An id or a digest is set as code: its digits are compared one by one.
bool is_digits(const std::string& value) {
  constexpr std::size_t kFewest = 16;
  return value.size() >= kFewest &&
         value.find_first_not_of("0123456789abcdef") == std::string::npos;
}

data values_of(const Values& values) {
  data list{data::type::list};
  for (const auto& value : values) list << data{is_digits(value) ? "digits" : "value", text(value)};
  return list;
}

data rows_of(const Rows& rows) {
  data list{data::type::list};
  for (const auto& [name, values] : rows) {
    if (values.empty()) continue;
    data row;
    row.set("name", text(name));
    row.set("values", values_of(values));
    list << row;
  }
  return list;
}

data section(const std::string& heading, const std::string& intro, const Values& sentences) {
  data one;
  one.set("heading", heading);
  if (!intro.empty()) one.set("intro", intro);
  one.set("sentences", list_of("sentence", sentences));
  return one;
}

template <class Each, class Told>
Values each_once(const std::vector<Each>& all, Told told) {
  Values values;
  std::set<std::string> seen;
  for (const auto& one : all) {
    for (const std::string& value : told(one)) {
      if (!value.empty() && seen.insert(value).second) values.push_back(value);
    }
  }
  return values;
}

std::string subject_of(const Document& document) {
  if (document.names.tenant) return "keys of " + *document.names.tenant;
  return "keys of tenant " + document.scope.tenant;
}

Values key_words(const Facts& facts, const GivenNames& names) {
  Values values;
  for (const auto& key : facts.keys) {
    const auto name = names.keys.find(key.id);
    const std::string what =
        name == names.keys.end() ? key.id : fmt::format("\"{}\" ({})", name->second, key.id);
    values.push_back(fmt::format("{}: {}, usage {}", what, key.type, key.usage));
  }
  return values;
}

Values data_key_words(const Facts& facts) {
  Values values;
  for (const auto& decision : facts.decisions)
    values.push_back(
        fmt::format("{} listed as unreadable (entry {})", decision.deks, decision.entry));
  return values;
}

// Completed is what a certificate alone says.
Values closing_times(const Facts& facts) {
  return each_once(facts.closings, [](const auto& one) { return Values{one.time}; });
}

Values site_words(const Facts& facts) {
  Values values;
  for (const auto& site : facts.other_sites) {
    const char* state = "no result is here";
    if (site.result) state = site.result->pending.empty() ? "proven by its log" : "pending there";
    values.push_back(fmt::format("{}: {}", site.named.origin, state));
  }
  return values;
}

Rows summary_of(const Document& document, const Facts& facts, bool is_complete) {
  const auto& names = document.names;
  return {
      {"Tenant",
       {names.tenant ? fmt::format("{} ({})", *names.tenant, document.scope.tenant)
                     : document.scope.tenant}},
      {"Keys", key_words(facts, names)},
      {"Requested",
       each_once(facts.decisions, [](const auto& one) { return Values{one.requested_at}; })},
      {"Frozen", facts.frozen_at ? Values{*facts.frozen_at} : Values{}},
      {"Decided", each_once(facts.decisions, [](const auto& one) { return Values{one.time}; })},
      {"Approved by", each_once(facts.decisions, [](const auto& one) { return one.approved_by; })},
      {"Performed", each_once(facts.runs, [](const auto& one) { return Values{one.time}; })},
      {"Performed by", each_once(facts.runs, [](const auto& one) { return Values{one.by}; })},
      {"Completed", is_complete ? closing_times(facts) : Values{}},
      {"Interim", is_complete ? Values{} : Values{"not complete: see what is pending"}},
      {"Closed in the log", is_complete ? Values{} : closing_times(facts)},
      {"Other sites", site_words(facts)},
      {"Data keys", data_key_words(facts)},
      {"Tools", each_once(facts.runs, [](const auto& one) { return Values{one.tool}; })},
      {"Issued", {fmt::format("{}, by {}", document.issued, document.tool)}}};
}

Values copy_words(const VersionFacts& version, const std::string& form) {
  Values values;
  for (const auto& copy : version.copies) {
    if (copy.form != form) continue;
    const std::string state = fmt::format("{} (entry {})", copy.state, copy.entry);
    values.push_back(form == "token" ? fmt::format("token {}: {}", copy.token_serial, state)
                                     : fmt::format("{}, SHA-256:", state));
    if (form != "token") values.push_back(copy.sha256);
  }
  return values;
}

Values place_words(const Facts& facts, const VersionRef& version) {
  Values values;
  for (const auto& place : facts.places) {
    if (place.version != version) continue;
    values.push_back(fmt::format(
        "{} {}: {}{} (entry {}){}", provider_words(place.provider),
        place.where.empty() ? place.destination : place.where, place.state,
        place.until.empty() ? std::string() : " until " + place.until, place.entry,
        place.waived ? fmt::format(", waived (entry {})", *place.waived) : std::string()));
  }
  return values;
}

data versions_of(const Document& document, const Facts& facts) {
  data list{data::type::list};
  for (const auto& version : facts.versions) {
    Values values;
    for (const auto& value : version.check_values)
      values.push_back(fmt::format("{} ({})", value.value, value.alg));
    data one;
    one.set("heading", text(capital(version_words(version.id, document.names))));
    one.set(
        "rows",
        rows_of({{"State",
                  {fmt::format("{} (entry {})", or_unknown(version.state), version.state_entry)}},
                 {"CKA_ID as it was", {or_unknown(version.cka_id)}},
                 {"Check values as they were", values},
                 {"Origin", {or_unknown(version.origin)}},
                 {"Copies on tokens", copy_words(version, "token")},
                 {"Bundles", copy_words(version, "bundle")},
                 {"Wrapped backups", copy_words(version, "backup")},
                 {"Destinations", place_words(facts, version.id)}}));
    list << one;
  }
  return list;
}

data decisions_of(const Facts& facts) {
  data list{data::type::list};
  for (const auto& decision : facts.decisions) {
    data one;
    one.set("heading", text(fmt::format("Decision of {}", decision.time)));
    one.set("rows", rows_of({{"Decided by", {or_unknown(decision.by)}},
                             {"Statement SHA-256", {or_unknown(decision.statement_sha256)}},
                             {"Roster SHA-256", {or_unknown(decision.roster_sha256)}},
                             {"SHA-256 of what was listed", {or_unknown(decision.list_sha256)}},
                             {"SHA-256 of the data keys", {or_unknown(decision.dek_list_sha256)}},
                             {"Entry", {fmt::format("{}", decision.entry)}}}));
    list << one;
  }
  return list;
}

data tokens_of(const Facts& facts) {
  data list{data::type::list};
  for (const auto& run : facts.runs) {
    data one;
    one.set("heading",
            text(fmt::format("Token {}, at {}", or_unknown(run.token.serial), run.time)));
    one.set("rows", rows_of({{"Manufacturer", {or_unknown(run.token.manufacturer)}},
                             {"Model", {or_unknown(run.token.model)}},
                             {"Firmware", {or_unknown(run.token.firmware)}},
                             {"Module SHA-256", {or_unknown(run.module_sha256)}},
                             {"Objects seen", {fmt::format("{}", run.objects_seen)}},
                             {"Entry", {fmt::format("{}", run.entry)}}}));
    list << one;
  }
  return list;
}

data sections_of(const Statement& statement) {
  data list{data::type::list};
  if (!statement.pending.empty()) list << section("What is pending", "", statement.pending);
  list << section("What is proven, and how",
                  "Each sentence names the entry of the log that it rests on.", statement.proven);
  list << section("What is only declared",
                  "Somebody's word, or what a registry says. No entry of the log proves it.",
                  statement.declared);
  list << section("What this does not prove", "", statement.not_proven);
  return list;
}

}  // namespace

std::string page_of(const Document& document, const Facts& facts, const Statement& statement,
                    const std::string& sha256) {
  const std::string style(keyrite::page::style());
  data page;
  page.set("title", statement.is_complete() ? "Certificate of key destruction"
                                            : "Interim statement on key destruction");
  page.set("kind_class", statement.is_complete() ? "complete" : "interim");
  page.set("subject", text(subject_of(document)));
  page.set("style", style);
  page.set("style_sha256", keyrite::page::style_sha256(style));
  page.set("origin", text(document.origin));
  page.set("headline", text(statement.headline));
  page.set("summary", rows_of(summary_of(document, facts, statement.is_complete())));
  page.set("sections", sections_of(statement));
  page.set("versions", versions_of(document, facts));
  page.set("decisions", decisions_of(facts));
  page.set("tokens", tokens_of(facts));
  page.set("sha256", sha256);
  page.set("checkpoint", document.checkpoint);
  mustache form{std::string(keyrite::page::head()) + std::string(page_template())};
  return form.render(page);
}

}  // namespace keyrite::certificate
