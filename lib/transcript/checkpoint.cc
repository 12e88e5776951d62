#include "transcript/checkpoint.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace keyrite::transcript {

namespace {

constexpr std::string_view kProofHeader = "c2sp.org/tlog-proof@v1";
constexpr std::size_t kMaxProof = 63;  // a tree has at most 2^63 leaves

[[noreturn]] void bad_checkpoint(std::string_view origin, std::string_view why) {
  throw Error(Kind::kVerification, "checkpoint-invalid",
              fmt::format("{} is not a checkpoint: {}", printable(origin), why),
              "give the checkpoint as it was written, byte for byte");
}

[[noreturn]] void bad_proof(std::string_view origin, std::string_view why) {
  throw Error(Kind::kVerification, "proof-invalid",
              fmt::format("{} is not a proof file: {}", printable(origin), why),
              "give the .tlog-proof file as it was written, byte for byte");
}

// Digits without a leading zero, below 2^63.
std::optional<std::uint64_t> decimal(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = failure == std::errc{} && end == text.data() + text.size();
  if (!whole || (text.size() > 1 && text.front() == '0') || value >> 63U != 0) return std::nullopt;
  return value;
}

std::optional<Hash> hash_in_base64(std::string_view text) {
  try {
    return hash_of(from_base64(text, "hash"));
  } catch (const Error&) {
    return std::nullopt;
  }
}

// Takes the first line off, without its LF; nullopt when none ends.
std::optional<std::string_view> take_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

}  // namespace

std::string Checkpoint::text() const {
  return fmt::format("{}\n{}\n{}\n", origin, head.size, to_base64(head.root));
}

Checkpoint parse_checkpoint(std::string_view note_text, std::string_view origin) {
  Checkpoint checkpoint;
  const auto name = take_line(note_text);
  const auto size = take_line(note_text);
  const auto root = take_line(note_text);
  if (!root || !note_text.empty()) bad_checkpoint(origin, "it does not have exactly three lines");
  if (name->empty()) bad_checkpoint(origin, "its origin is empty");
  const auto number = decimal(*size);
  if (!number) bad_checkpoint(origin, "its second line is not a size");
  const auto hash = hash_in_base64(*root);
  if (!hash) bad_checkpoint(origin, "its third line is not a SHA-256 in base64");
  return {.origin = std::string(*name), .head = {.size = *number, .root = *hash}};
}

SignedCheckpoint parse_signed_checkpoint(std::string_view bytes, std::string_view origin) {
  Note note = parse_note(bytes, origin);
  Checkpoint checkpoint = parse_checkpoint(note.text, origin);
  return {std::move(checkpoint), std::move(note)};
}

NoteVerdict verify_checkpoint(const SignedCheckpoint& checkpoint, const std::vector<NoteKey>& keys,
                              std::string_view origin) {
  std::vector<NoteKey> own;
  std::copy_if(keys.begin(), keys.end(), std::back_inserter(own), [&](const NoteKey& key) {
    return key.name() == checkpoint.checkpoint.origin && key.type() != SignatureType::kCosignature;
  });
  if (own.empty()) {
    throw Error(Kind::kVerification, "checkpoint-of-other-log",
                fmt::format("{} is a checkpoint of the log {}, and no vkey of that log was given",
                            printable(origin), printable(checkpoint.checkpoint.origin)),
                "give the checkpoint of this log, or the vkey of the other log");
  }
  // A witness beside the log does not stand for it, but must not be wrong either.
  (void)verify_note(checkpoint.note, own, origin);
  return verify_note(checkpoint.note, keys, origin);
}

std::string ProofFile::bytes() const {
  std::string text = fmt::format("{}\nindex {}\n", kProofHeader, index);
  for (const Hash& hash : proof) text += to_base64(hash) + "\n";
  return text + "\n" + checkpoint;
}

ProofFile parse_proof_file(std::string_view bytes, std::string_view origin) {
  if (take_line(bytes) != kProofHeader) bad_proof(origin, "its first line is wrong");
  auto line = take_line(bytes);
  // "extra" is not authenticated and not used.
  if (line && line->starts_with("extra ")) line = take_line(bytes);
  constexpr std::string_view kIndex = "index ";
  if (!line || !line->starts_with(kIndex)) bad_proof(origin, "it has no index");
  const auto index = decimal(line->substr(kIndex.size()));
  if (!index) bad_proof(origin, "its index is not a number");
  ProofFile file{.index = *index};
  while ((line = take_line(bytes)) && !line->empty()) {
    const auto hash = hash_in_base64(*line);
    if (!hash) bad_proof(origin, "a line is not a SHA-256 in base64");
    file.proof.push_back(*hash);
    if (file.proof.size() > kMaxProof) bad_proof(origin, "it has too many hashes");
  }
  if (!line) bad_proof(origin, "no empty line before the checkpoint");
  file.checkpoint = std::string(bytes);
  return file;
}

}  // namespace keyrite::transcript
