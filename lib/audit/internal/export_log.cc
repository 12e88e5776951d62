#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "audit/internal/export_part.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/text.h"
#include "transcript/entry_fields.h"
#include "transcript/history.h"
#include "transcript/layout.h"
#include "transcript/proof_tree.h"

namespace keyrite::audit {

namespace {

namespace fs = std::filesystem;

// In a longer log only results have a proof of their own: a file for each entry would be many, and
// keyrite transcript prove makes any other.
constexpr std::size_t kEveryEntry = 1000;

bool has_proof(const ExportedLog& log, std::size_t index) {
  return log.entries.size() < kEveryEntry ||
         transcript::entry_text(log.entries[index], "event") == transcript::kResult;
}

std::string vkey_lines(const std::vector<transcript::NoteKey>& keys) {
  std::string lines;
  for (const auto& key : keys) lines += key.text() + "\n";
  return lines;
}

void add_proofs(const ExportedLog& log, ExportPart& part, std::size_t& proofs) {
  transcript::Hasher hasher;
  const transcript::ProofTree tree(hasher, log.leaves);
  for (std::size_t i = 0; i < log.entries.size(); ++i) {
    if (!has_proof(log, i)) continue;
    const transcript::ProofFile proof{
        .index = i, .proof = tree.inclusion(i), .checkpoint = log.checkpoint};
    part.files.push_back(text_file(fmt::format("proofs/entry-{}.tlog-proof", i), proof.bytes()));
    ++proofs;
  }
}

void describe_keys(const ExportedLog& log, VerifyText& text) {
  text.title("1. Whose log this is");
  text.say(
      log.source.keys_of_site
          ? "These keys come from the site itself. Compare them, letter for letter, with those "
            "that were noted when the site was made, or that you have from an independent source:"
          : "The person who exported this folder gave these keys. Compare them, letter for letter, "
            "with those that you have:");
  for (const auto& key : log.source.keys) text.say(key.text());
  text.say("Check that they signed the checkpoint:");
  text.command(signature_command(transcript::kCheckpointName));
}

// What a signature over the whole log does not say of each entry.
void describe_marks(const transcript::EntryMarks& marks, VerifyText& text) {
  for (const auto& range : marks.unvouched()) {
    text.say(fmt::format(
        "Entries {} to {} are UNVOUCHED: the key of the log does not vouch for them, and anybody "
        "who could write the log may have written them. A later entry says so.",
        range.first, range.last));
  }
  for (const std::uint64_t index : marks.set_back()) {
    text.say(fmt::format(
        "The time of entry {} is before the time of an earlier entry: the clock was set back.",
        index));
  }
}

void describe_log(const ExportedLog& log, std::size_t proofs, VerifyText& text) {
  text.title("2. Whether the log is what they signed");
  text.say(fmt::format("The checkpoint signs {}. The root, also in words:",
                       counted_entries(log.audited.verified.checkpoint.head.size)));
  text.say(to_hex(log.audited.verified.checkpoint.head.root));
  std::string words;
  for (const auto& word : pgp_words(log.audited.verified.checkpoint.head.root)) words += word + " ";
  text.say(words);
  text.command(root_command(transcript::kCheckpointName));
  describe_marks(log.audited.marks, text);
  if (proofs == 0) return;
  text.say(fmt::format(
      "proofs/ has proofs of their own for {}. Such a proof needs no other part of the log.",
      counted_entries(proofs)));
}

}  // namespace

ShellWords root_command(const std::string& checkpoint, const ShellWords& more) {
  ShellWords words{"python3", "-I", kVerifyRoot, transcript::kLogName, checkpoint};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

ShellWords signature_command(const std::string& checkpoint, const ShellWords& more) {
  ShellWords words{"sh", kVerifySignature, checkpoint, kVkeys};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::vector<std::string> names_in_folder(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code failed;
  for (auto entry = fs::directory_iterator(folder, failed);
       !failed && entry != fs::directory_iterator(); entry.increment(failed))
    names.push_back(entry->path().filename());
  // What cannot be read is not empty.
  if (failed && failed != std::errc::no_such_file_or_directory) {
    throw Error(Kind::kConfig, "folder-unreadable",
                fmt::format("{} cannot be read: {}", printable(folder), failed.message()),
                "correct what the system reports, then run the command again");
  }
  std::sort(names.begin(), names.end());
  return names;
}

ExportPart export_log(const ExportedLog& log, std::size_t& proofs) {
  ExportPart part;
  part.files = {text_file(transcript::kLogName, log.log),
                text_file(transcript::kCheckpointName, log.checkpoint),
                text_file(kVkeys, vkey_lines(log.source.keys)),
                text_file(kVerifyRoot, verify_root_program()),
                text_file(kVerifySignature, verify_signature_program())};
  add_proofs(log, part, proofs);
  describe_keys(log, part.verify);
  describe_log(log, proofs, part.verify);
  return part;
}

}  // namespace keyrite::audit
