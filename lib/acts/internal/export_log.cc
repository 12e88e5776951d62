#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "acts/internal/export_part.h"
#include "base/error.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "transcript/history.h"
#include "transcript/layout.h"
#include "transcript/proof_tree.h"

namespace keyrite::acts {

namespace {

namespace fs = std::filesystem;

// In a longer log only results have a proof of their own: a file for each entry would be many, and
// keyrite transcript prove makes any other.
constexpr std::size_t kEveryEntry = 1000;

bool has_proof(const ExportedLog& log, std::size_t index) {
  return log.entries.size() < kEveryEntry ||
         log.entries[index].value("event", Json(nullptr)) == Json(transcript::kResult);
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
  text.say(log.source.keys_of_site
               ? "These keys are the site's own word. Compare them, letter for letter, with those "
                 "that were noted when the site was made, or that you got from another hand:"
               : "These keys were given to whoever exported this. Compare them, letter for letter, "
                 "with those that you have:");
  for (const auto& key : log.source.keys) text.say(key.text());
  text.say("Whether they signed the checkpoint:");
  text.command(signature_command(transcript::kCheckpointName));
}

void describe_log(const ExportedLog& log, std::size_t proofs, VerifyText& text) {
  text.title("2. Whether the log is what they signed");
  text.say(fmt::format("The checkpoint signs {} entries. Their root, also in words:",
                       log.audited.verified.checkpoint.head.size));
  text.say(to_hex(log.audited.verified.checkpoint.head.root));
  std::string words;
  for (const auto& word : pgp_words(log.audited.verified.checkpoint.head.root)) words += word + " ";
  text.say(words);
  text.command(root_command(transcript::kCheckpointName));
  if (proofs == 0) return;
  text.say(
      fmt::format("{} entries also have a proof of their own, good without the rest of the "
                  "log:",
                  proofs));
  text.command(root_command(transcript::kCheckpointName, {"--proof", "proofs/*.tlog-proof"}));
}

// A file's name is the SHA-256 of what is in it.
bool is_sha256_name(const std::string& name) {
  return name.size() == 64 && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

std::vector<std::string> root_command(const std::string& checkpoint,
                                      std::vector<std::string> more) {
  more.insert(more.begin(), {"python3", "-I", kVerifyRoot, transcript::kLogName, checkpoint});
  return more;
}

std::vector<std::string> signature_command(const std::string& checkpoint,
                                           std::vector<std::string> more) {
  more.insert(more.begin(), {"sh", kVerifySignature, checkpoint, kVkeys});
  return more;
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
                "mend what the system says of it, then run this again");
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

ExportPart export_evidence(const ExportedLog& log) {
  ExportPart part;
  const fs::path folder = fs::path(log.source.folder) / transcript::kEvidenceName;
  for (const auto& name : names_in_folder(folder)) {
    // A crash may have left some that no entry names, or an entry that is not signed yet.
    if (!is_sha256_name(name) || log.signed_lines().find(name) == std::string_view::npos) continue;
    const Bytes content = read_file(folder / name);
    if (crypto::sha256_hex(content) != name) {
      throw Error(Kind::kVerification, "evidence-changed",
                  fmt::format("the evidence {} has another SHA-256 than its name", name),
                  "compare with a copy kept elsewhere: it was changed");
    }
    part.files.push_back({.name = "evidence/" + name, .content = content});
  }
  if (part.files.empty()) return part;
  part.verify.title("Evidence");
  part.verify.say(
      "What was too long for an entry stands in a file of its own, named by its SHA-256, which the "
      "entry has:");
  part.verify.command(root_command(transcript::kCheckpointName, {"--evidence", "evidence/*"}));
  return part;
}

}  // namespace keyrite::acts
