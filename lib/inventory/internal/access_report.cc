#include "inventory/internal/access_report.h"

#include <chrono>

#include <fmt/format.h>

#include "base/text.h"
#include "inventory/due.h"
#include "inventory/internal/rows.h"

namespace keyrite::inventory {

namespace {

using AccessRows = std::vector<std::vector<std::string>>;

constexpr std::size_t kWideAccess = 60;  // of 80 columns, beside the widest label

Json signed_json(const AccessReport& report) {
  if (!report.sign_off) return {};
  const auto& mark = report.sign_off->mark;
  return {{"time", time_text(mark.at)},
          {"due", time_text(mark.at + std::chrono::days(kSignOffDays))},
          {"actor", mark.actor},
          {"entry", mark.entry.seq},
          {"changed_since", report.sign_off->report_sha256 != report.sha256}};
}

std::string list_text(const Json& names) {
  std::string text;
  for (const auto& name : names)
    text += (text.empty() ? "" : ", ") + printable(name.get<std::string>());
  return text.empty() ? "nobody" : text;
}

void add_people(AccessRows& rows, const Json& people) {
  rows.push_back({"operators", cut_words(list_text(people.at("operators")), kWideAccess)});
  for (const auto& row : people.at("operations")) {
    std::string needs;
    for (const auto& role : row.at("approvals")) {
      needs += fmt::format(
          "{}{} of {} ({})", needs.empty() ? "" : "; ", role.at("number").get<std::uint64_t>(),
          printable(role.at("role").get<std::string>()), list_text(role.at("people")));
    }
    rows.push_back({row.at("operation").get<std::string>(),
                    cut_words(needs.empty() ? "no approval" : needs, kWideAccess)});
  }
}

void add_version_rows(AccessRows& rows, const Json& version) {
  const auto add = [&](const char* label, const std::string& text) {
    rows.push_back({label, cut_words(text, kWideAccess)});
  };
  add("version", fmt::format("{} {}: may {}", version.at("number").get<std::int64_t>(),
                             version.at("state").get<std::string>(),
                             version.at("may").empty() ? "nothing" : list_text(version.at("may"))));
  for (const auto& copy : version.at("copies")) {
    add("  copy", fmt::format("{} {}: {}", copy.at("form").get<std::string>(),
                              printable(copy.at("where").get<std::string>()),
                              copy.at("state").get<std::string>()));
  }
  if (!version.at("dek_holders").empty()) add("  data keys", list_text(version.at("dek_holders")));
  for (const auto& one : version.at("credentials")) {
    add("  credential", fmt::format("{}/{}", printable(one.at("service").get<std::string>()),
                                    printable(one.at("environment").get<std::string>())));
  }
}

void add_report(AccessRows& rows, const AccessReport& report) {
  const auto add = [&](const char* label, const std::string& text) {
    rows.push_back({label, cut_words(text, kWideAccess)});
  };
  rows.push_back({"key", whose_text(report.held.tenant, report.held.key, kWideAccess)});
  add("owner", report.held.owner() ? printable(*report.held.owner()) : "MISSING");
  for (const auto& version : report.access.at("versions")) add_version_rows(rows, version);
  for (const auto& one : report.access.at("serves")) {
    add("serves",
        fmt::format("version {} at {}: {}, {}", one.at("version").get<std::int64_t>(),
                    one.at("where").get<std::string>(), one.at("state").get<std::string>(),
                    one.at("proof").get<std::string>()));
  }
  const auto& sign_off = report.sign_off;
  add("signed off",
      !sign_off
          ? "never"
          : fmt::format("{}, by {}, entry {}{}", day_text(sign_off->mark.at),
                        printable(sign_off->mark.actor), sign_off->mark.entry.seq,
                        sign_off->report_sha256 == report.sha256 ? "" : "; CHANGED SINCE THEN"));
  add("report", report.sha256);
}

}  // namespace

Shown shown_access(const Json& people, const std::vector<AccessReport>& reports) {
  Shown shown{.document = {{"people", people}, {"keys", Json::array()}}};
  AccessRows rows;
  add_people(rows, people);
  shown.text.push_back(format_table(rows));
  for (const auto& report : reports) {
    Json one = report.access;
    one["report_sha256"] = report.sha256;
    one["sign_off"] = signed_json(report);
    shown.document["keys"].push_back(std::move(one));
    AccessRows of_key;
    add_report(of_key, report);
    shown.text.push_back("\n" + format_table(of_key));
  }
  return shown;
}

}  // namespace keyrite::inventory
