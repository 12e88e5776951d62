#include "audit/transcript_source.h"

#include <chrono>
#include <filesystem>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/presence.h"
#include "base/text.h"
#include "site/layout.h"
#include "transcript/layout.h"
#include "transcript/vkey_file.h"

namespace keyrite::audit {

namespace {

namespace fs = std::filesystem;

bool is_site(const fs::path& folder) { return is_there(folder / site::kConfigName); }

std::vector<transcript::NoteKey> keys_of(const std::vector<std::string>& given) {
  std::vector<transcript::NoteKey> keys;
  for (const auto& one : given) {
    const auto more = transcript::vkeys_given(one);
    keys.insert(keys.end(), more.begin(), more.end());
  }
  return keys;
}

// A file of the site, given by hand, is the site's own word all the same.
std::optional<std::string> given_of_site(const TranscriptSource& source,
                                         const std::vector<std::string>& vkey) {
  for (const auto& one : vkey) {
    if (!is_there(one)) continue;
    if (site::is_within(one, source.folder) || (source.site && site::is_within(one, *source.site)))
      return one;
  }
  return std::nullopt;
}

TranscriptSource place_of(const std::string& folder) {
  const fs::path given(folder);
  if (is_site(given)) return {.folder = given / site::kTranscriptName, .site = folder};
  std::error_code ignored;
  const fs::path whole = fs::canonical(given, ignored);
  if (!ignored && whole.has_relative_path() && is_site(whole.parent_path()))
    return {.folder = folder, .site = whole.parent_path()};
  return {.folder = folder};
}

}  // namespace

const act::FieldInfo& transcript_folder_field() {
  static const act::FieldInfo field{
      .name = "folder",
      .value = "FOLDER",
      .help = "folder of a site, or of its transcript: log.jsonl and checkpoint",
      .need = act::Need::kRequired,
      .shape = act::Shape::kPositional,
      .binds = act::Binds::input()};
  return field;
}

const act::FieldInfo& vkey_field() {
  static const act::FieldInfo field{.name = "vkey",
                                    .value = "VKEY",
                                    .help =
                                        "key that signs this log: the vkey that was noted when the "
                                        "site was made, or a file with one vkey in each line",
                                    .default_text = "the vkeys of the site itself",
                                    .binds = act::Binds::plain()};
  return field;
}

TranscriptSource transcript_source(const std::string& folder, const std::vector<std::string>& vkey,
                                   const ReadProgress& progress) {
  require_folder_there(folder);
  TranscriptSource source = place_of(folder);
  source.progress = progress;
  if (!vkey.empty()) {
    source.keys = keys_of(vkey);
    source.keys_of_site = given_of_site(source, vkey);
  } else if (source.site) {
    source.keys_of_site = site::in_site(*source.site, site::kVkeysName);
    source.keys = transcript::read_vkeys(*source.keys_of_site);
  } else {
    throw Error(Kind::kUsage, "vkey-missing",
                fmt::format("{} is not part of a site that names its keys, and --vkey is not given",
                            printable(folder)),
                "give the vkey that was noted when the site was made, with --vkey");
  }
  return source;
}

namespace {

// Of what takes less than a second nobody needs to know how far it has come.
std::function<void(std::uint64_t done, std::uint64_t total)> after_a_second(
    const ReadProgress& progress) {
  using Clock = std::chrono::steady_clock;
  if (!progress) return {};
  return [progress, begun = Clock::now()](std::uint64_t done, std::uint64_t total) {
    if (Clock::now() - begun > std::chrono::seconds(1)) progress(done, total);
  };
}

}  // namespace

AuditedTranscript audit(const TranscriptSource& source, const std::optional<std::string>& from,
                        const transcript::EntryReader& read) {
  AuditedTranscript audited{.keys_of_site = source.keys_of_site};
  audited.verified = transcript::verify({.log = transcript::log_of(source.folder),
                                         .checkpoint = transcript::checkpoint_of(source.folder),
                                         .keys = source.keys,
                                         .from = from,
                                         .progress = after_a_second(source.progress)},
                                        [&](const transcript::SignedEntry& entry) {
                                          audited.marks.take(entry.index, entry.head);
                                          if (read) read(entry);
                                        });
  return audited;
}

Bytes audited_checkpoint(const TranscriptSource& source, const AuditedTranscript& audited) {
  Bytes bytes = read_file(transcript::checkpoint_of(source.folder));
  if (!as_text(bytes).starts_with(audited.verified.checkpoint.text() + "\n"))
    refuse_moving_transcript();
  return bytes;
}

void refuse_moving_transcript() {
  throw Error(Kind::kVerification, "log-changed", "the transcript changed while keyrite read it",
              "find out what wrote to it, then run the command again");
}

Json AuditedTranscript::to_json() const {
  Json json = verified.to_json();
  json["vkeys_from"] = keys_of_site ? "site" : "given";
  json["unvouched"] = Json::array();
  for (const auto& range : marks.unvouched())
    json["unvouched"].push_back({{"first", range.first}, {"last", range.last}});
  json["time_set_back"] = marks.set_back();
  if (!statements) return json;
  json["statements_compared"] = statements->compared;
  json["statements_not_here"] = statements->not_here;
  return json;
}

}  // namespace keyrite::audit
