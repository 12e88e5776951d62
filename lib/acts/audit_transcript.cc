#include "acts/audit_transcript.h"

#include <charconv>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "transcript/entry.h"
#include "transcript/layout.h"
#include "transcript/vkey_file.h"

namespace keyrite::acts {

namespace {

constexpr FieldInfo kFolder{.name = "folder",
                            .value = "FOLDER",
                            .help = "the transcript: log.jsonl and checkpoint",
                            .need = Need::kRequired,
                            .shape = Shape::kPositional};
constexpr FieldInfo kVkey{
    .name = "vkey",
    .value = "VKEY",
    .help =
        "who signs this log: the vkey as it was noted when the site was made, or a file with "
        "one in each line",
    .need = Need::kRequired};

[[noreturn]] void changed_meanwhile() {
  throw Error(Kind::kVerification, "log-changed", "the transcript changed while it was read",
              "find out what wrote to it, then run this again");
}

std::vector<transcript::NoteKey> keys_of(const std::vector<std::string>& given) {
  std::vector<transcript::NoteKey> keys;
  for (const auto& one : given) {
    // A vkey has two plus signs; a file that has them in its name can be given as ./NAME.
    const auto plus = one.find('+');
    const bool text = plus != std::string::npos && one.find('+', plus + 1) != std::string::npos &&
                      !one.starts_with('.') && !one.starts_with('/');
    if (text) {
      keys.push_back(transcript::NoteKey::parse(one));
    } else {
      const auto of_file = transcript::read_vkeys(one);
      keys.insert(keys.end(), of_file.begin(), of_file.end());
    }
  }
  return keys;
}

transcript::Verified verified(const std::string& folder, const std::vector<std::string>& vkey,
                              const std::optional<std::string>& from = std::nullopt) {
  return transcript::verify({.log = transcript::log_of(folder),
                             .checkpoint = transcript::checkpoint_of(folder),
                             .keys = keys_of(vkey),
                             .from = from});
}

std::uint64_t parse_index(const std::string& text) {
  std::uint64_t index = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (failure != std::errc{} || end != text.data() + text.size()) {
    throw Error(Kind::kUsage, "index-invalid",
                fmt::format("\"{}\" is no entry's number", printable(text)),
                "entries count from 0; keyrite transcript show lists them");
  }
  return index;
}

// The bytes of one entry.
std::string entry_at(const std::string& log, std::uint64_t index) {
  std::string found;
  (void)transcript::read_log(log, [&](std::uint64_t at, std::string_view entry) {
    if (at == index) found = entry;
    return at != index;
  });
  return found;
}

bool proves(const transcript::ProofFile& proof, const std::string& entry,
            const transcript::Checkpoint& checkpoint) {
  transcript::Hasher hasher;
  return verifies_inclusion(hasher, proof.index, checkpoint.head.size, hasher.leaf(as_bytes(entry)),
                            proof.proof, checkpoint.head.root);
}

}  // namespace

const std::vector<Field<VerifyTranscriptRequest>>& VerifyTranscriptRequest::table() {
  using R = VerifyTranscriptRequest;
  static const std::vector<Field<R>> fields{
      {kFolder, &R::folder},
      {kVkey, &R::vkey},
      {{.name = "from",
        .value = "FILE",
        .help = "an earlier checkpoint, kept by somebody else: the log must still hold all of it"},
       &R::from},
  };
  return fields;
}

const std::vector<Field<ShowTranscriptRequest>>& ShowTranscriptRequest::table() {
  using R = ShowTranscriptRequest;
  static const std::vector<Field<R>> fields{
      {kFolder, &R::folder},
      {kVkey, &R::vkey},
      {{.name = "act", .value = "ACT", .help = "only entries of this act: \"generate-kek\""},
       &R::act},
  };
  return fields;
}

const std::vector<Field<ProveEntryRequest>>& ProveEntryRequest::table() {
  using R = ProveEntryRequest;
  static const std::vector<Field<R>> fields{
      {kFolder, &R::folder},
      {{.name = "index",
        .value = "INDEX",
        .help = "the entry's number, from 0",
        .need = Need::kRequired,
        .shape = Shape::kPositional},
       &R::index},
      {kVkey, &R::vkey},
      {{.name = "out",
        .value = "FILE",
        .help = "the proof file to write, by custom NAME.tlog-proof",
        .need = Need::kRequired},
       &R::out},
  };
  return fields;
}

transcript::Verified verify_transcript(const VerifyTranscriptRequest& request) {
  return verified(request.folder, request.vkey, request.from);
}

ShownTranscript show_transcript(const ShowTranscriptRequest& request) {
  ShownTranscript shown{.verified = verified(request.folder, request.vkey)};
  const transcript::TreeHead& head = shown.verified.checkpoint.head;
  transcript::Hasher hasher;
  transcript::Tree tree(hasher);
  transcript::Place place;
  (void)transcript::read_log(
      transcript::log_of(request.folder), [&](std::uint64_t index, std::string_view line) {
        Json entry = transcript::parse_entry(line, place);
        place = {.seq = index + 1, .prev = hasher.leaf(as_bytes(line))};
        if (index < head.size) tree.append(*place.prev);
        if (request.act && entry.value("act", Json(nullptr)) != Json(*request.act)) return true;
        shown.entries.push_back(
            {.index = index, .is_signed = index < head.size, .entry = std::move(entry)});
        return true;
      });
  // What is shown as signed must be the bytes that were verified, not those of a moment later.
  if (tree.size() != head.size || tree.root() != head.root) changed_meanwhile();
  return shown;
}

ProvenEntry prove_entry(const ProveEntryRequest& request) {
  ProvenEntry proven{.verified = verified(request.folder, request.vkey),
                     .index = parse_index(request.index)};
  const auto& checkpoint = proven.verified.checkpoint;
  if (proven.index >= checkpoint.head.size) {
    throw Error(Kind::kUsage, "index-not-signed",
                fmt::format("entry {} is not signed yet: the checkpoint has {} entries",
                            proven.index, checkpoint.head.size),
                "only what a checkpoint signs can be proven");
  }
  transcript::Hasher hasher;
  const auto leaves = leaf_hashes(hasher, transcript::log_of(request.folder), checkpoint.head.size);
  const transcript::ProofFile proof{
      .index = proven.index,
      .proof = inclusion_proof(hasher, leaves, proven.index),
      .checkpoint = as_text(read_file(transcript::checkpoint_of(request.folder)))};
  const std::string entry = entry_at(transcript::log_of(request.folder), proven.index);
  if (!proves(transcript::parse_proof_file(proof.bytes(), "the proof"), entry, checkpoint)) {
    changed_meanwhile();
  }
  proven.entry_sha256 = crypto::sha256_hex(as_bytes(entry));
  write_new_file(request.out, as_bytes(proof.bytes()));
  return proven;
}

Json ShownTranscript::to_json() const {
  Json json = verified.to_json();
  json["entries"] = Json::array();
  for (const auto& one : entries)
    json["entries"].push_back(
        {{"index", one.index}, {"signed", one.is_signed}, {"entry", one.entry}});
  return json;
}

Json ProvenEntry::to_json() const {
  Json json = verified.to_json();
  json["index"] = index;
  json["entry_sha256"] = entry_sha256;
  return json;
}

}  // namespace keyrite::acts
