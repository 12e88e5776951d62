#include "keys/internal/logged_making.h"

#include <filesystem>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "keys/generate_kek.h"
#include "site/layout.h"
#include "transcript/entry.h"
#include "transcript/entry_head.h"
#include "transcript/event.h"
#include "transcript/layout.h"
#include "transcript/outcome.h"
#include "transcript/verify.h"

namespace keyrite::keys {

namespace {

// What verify() read along; nothing is believed before it returns.
struct ReadAlong {
  struct Line {
    std::uint64_t index{};
    std::string bytes{};
  };
  void take(std::uint64_t index, std::string_view line, std::string_view id) {
    const auto head = transcript::entry_head(line);
    if (!head || head->act != kGenerateKekAct) return;
    if (head->event == transcript::kIntent) intents[std::string(head->run)] = std::string(line);
    const bool made =
        head->event == transcript::kResult && head->outcome == transcript::kOutcomeDone;
    if (made && line.find(id) != std::string_view::npos)
      results.push_back({index, std::string(line)});
  }
  std::map<std::string, std::string> intents{};  // by run
  std::vector<Line> results{};
};

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

std::optional<LoggedMaking> making_in(const ReadAlong::Line& line, const ReadAlong& log,
                                      const site::Site& site, std::string_view id) {
  const Json entry = parsed_entry(line.bytes);
  const Json facts = facts_in(entry, site.path(site::kTranscriptName));
  if (text_at(facts, {"key_id"}) != id) return std::nullopt;
  LoggedMaking making{.entry = line.index,
                      .vouched = is_vouched_for(entry, site.log_key),
                      .key_type = text_at(facts, {"key_type"}),
                      .public_key_sha256 = text_at(facts, {"public_key", "sha256"}),
                      .use_sha256 = text_at(facts, {"use_sha256"}),
                      .attributes = facts.value("attributes", Json::object())};
  const auto intent = log.intents.find(text_at(entry, {"run"}));
  if (intent == log.intents.end()) return making;
  const Json begun = parsed_entry(intent->second);
  making.token = begun.value("token", Json());
  making.vouched = making.vouched && is_vouched_for(begun, site.log_key);
  return making;
}

}  // namespace

std::vector<LoggedMaking> logged_makings(const site::Site& site, std::string_view id) {
  const std::string folder = site.path(site::kTranscriptName);
  ReadAlong log;
  (void)transcript::verify(
      {.log = transcript::log_of(folder),
       .checkpoint = transcript::checkpoint_of(folder),
       .keys = {site.log_key}},
      [&](const transcript::SignedEntry& entry) { log.take(entry.index, entry.line, id); });
  std::vector<LoggedMaking> makings;
  for (const auto& line : log.results) {
    if (auto making = making_in(line, log, site, id)) makings.push_back(std::move(*making));
  }
  return makings;
}

}  // namespace keyrite::keys
