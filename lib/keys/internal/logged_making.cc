#include "keys/internal/logged_making.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "keys/internal/making_lines.h"
#include "site/layout.h"
#include "transcript/entry.h"
#include "transcript/layout.h"

namespace keyrite::keys {

namespace {

Json parsed_entry(const std::string& line) {
  return parse_json(as_bytes(line), "an entry of the log");
}

// A text at a path of objects; empty where there is none.
std::string text_at(const Json& json, std::initializer_list<const char*> path) {
  const Json* at = &json;
  for (const char* name : path) {
    if (!at->is_object() || !at->contains(name)) return {};
    at = &at->at(name);
  }
  return at->is_string() ? at->get<std::string>() : std::string();
}

// Facts, which stand beside the log where they are large.
Json facts_in(const Json& entry, const std::string& folder) {
  Json facts = entry.value("facts", Json::object());
  const std::string sha256 = text_at(facts, {"evidence_sha256"});
  if (sha256.empty()) return facts;
  const auto path = std::filesystem::path(folder) / transcript::kEvidenceName / sha256;
  const Bytes content = read_file(path);
  if (crypto::sha256_hex(content) != sha256) {
    throw Error(Kind::kVerification, "evidence-changed",
                fmt::format("the content of {} does not match the SHA-256 in its log entry",
                            printable(path.native())),
                "find out who changed it, and restore it from a backup");
  }
  return parse_json(content, path.native());
}

bool is_vouched_for(const Json& entry, const transcript::NoteKey& key) {
  try {
    return transcript::is_vouched(entry, key);
  } catch (const Error& error) {
    if (error.kind() != Kind::kVerification) throw;
    return false;
  }
}

std::optional<LoggedMaking> making_in(const MakingLines& lines, const site::Site& site,
                                      std::string_view id) {
  const Json entry = parsed_entry(lines.result);
  const Json facts = facts_in(entry, site.path(site::kTranscriptName));
  if (text_at(facts, {"key_id"}) != id) return std::nullopt;
  LoggedMaking making{.entry = lines.index,
                      .vouched = is_vouched_for(entry, site.log_key),
                      .key_type = text_at(facts, {"key_type"}),
                      .public_key_sha256 = text_at(facts, {"public_key", "sha256"}),
                      .use_sha256 = text_at(facts, {"use_sha256"}),
                      .attributes = facts.value("attributes", Json::object())};
  if (lines.intent.empty()) return making;
  const Json begun = parsed_entry(lines.intent);
  making.token = begun.value("token", Json());
  making.made_for = text_at(begun, {"inputs", "key_id"});
  making.vouched = making.vouched && is_vouched_for(begun, site.log_key);
  return making;
}

// Each by the log's key, or none: what the registry names is believed no further than that.
std::vector<LoggedMaking> all_vouched(const std::vector<MakingLines>& lines, const site::Site& site,
                                      const std::string& id) {
  std::vector<LoggedMaking> makings;
  for (const auto& one : lines) {
    auto making = making_in(one, site, id);
    if (!making || !making->vouched) return {};
    makings.push_back(std::move(*making));
  }
  std::ranges::sort(makings, {}, &LoggedMaking::entry);
  return makings;
}

MakingsOfKeys vouched_on_record(const site::Site& site, std::span<const std::string> ids) {
  MakingsOfKeys known;
  for (const auto& [id, lines] : making_lines_on_record(site, ids)) {
    auto makings = all_vouched(lines, site, id);
    if (!makings.empty()) known.emplace(id, std::move(makings));
  }
  return known;
}

}  // namespace

MakingsOfKeys logged_makings(const site::Site& site, std::span<const std::string> ids) {
  MakingsOfKeys makings = vouched_on_record(site, ids);
  std::vector<std::string> unknown;
  std::ranges::copy_if(ids, std::back_inserter(unknown),
                       [&](const std::string& id) { return !makings.contains(id); });
  if (unknown.empty()) return makings;
  // Two objects of a token may have one id.
  std::ranges::sort(unknown);
  unknown.erase(std::unique(unknown.begin(), unknown.end()), unknown.end());
  for (const auto& [id, lines] : making_lines_in_log(site, unknown)) {
    for (const auto& one : lines) {
      if (auto making = making_in(one, site, id)) makings[id].push_back(std::move(*making));
    }
  }
  return makings;
}

std::vector<LoggedMaking> logged_makings(const site::Site& site, const std::string& id) {
  auto makings = logged_makings(site, std::span(&id, 1));
  return makings.empty() ? std::vector<LoggedMaking>() : std::move(makings.begin()->second);
}

}  // namespace keyrite::keys
