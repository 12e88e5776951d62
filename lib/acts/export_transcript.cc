#include "acts/export_transcript.h"

#include <algorithm>

#include <fmt/format.h>

#include "acts/internal/export_part.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "transcript/entry.h"
#include "transcript/layout.h"

namespace keyrite::acts {

namespace {

constexpr std::size_t kLongestLog = std::size_t{4} << 30U;
constexpr const char* kVerify = "VERIFY.txt";
constexpr const char* kSums = "SHA256SUMS";

// Reads what was verified, entry by entry, and holds it to the verified root.
void read_entries(ExportedLog& log) {
  const transcript::TreeHead& head = log.audited.verified.checkpoint.head;
  transcript::Hasher hasher;
  transcript::Place place;
  std::string_view rest = log.log;
  while (log.entries.size() < head.size) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) refuse_moving_transcript();
    const std::string_view line = rest.substr(0, end);
    log.entries.push_back(transcript::parse_entry(line, place));
    log.leaves.push_back(hasher.leaf(as_bytes(line)));
    place = {.seq = log.entries.size(), .prev = log.leaves.back()};
    rest.remove_prefix(end + 1);
  }
  log.signed_bytes = log.log.size() - rest.size();
  if (transcript::root_of(hasher, log.leaves) != head.root) refuse_moving_transcript();
}

ExportedLog read_exported(const ExportRequest& request) {
  ExportedLog log{.source = transcript_source(request.folder, request.vkey)};
  log.audited = audit(log.source);
  log.checkpoint = as_text(audited_checkpoint(log.source, log.audited));
  log.log = as_text(read_file(transcript::log_of(log.source.folder), kLongestLog));
  read_entries(log);
  return log;
}

VerifyText introduction(const ExportedLog& log) {
  VerifyText text;
  text.title(
      fmt::format("How to verify the log {}", printable(log.audited.verified.checkpoint.origin)));
  text.say(
      "Each line that is set in is a command for a shell in this folder. It needs openssl 3, "
      "coreutils, python3 and ssh-keygen, and nothing of keyrite. Each must end with exit code 0; "
      "what is wrong says WRONG, or whatever the program says. They find a file that was damaged "
      "on its way, and an entry that is not what was signed.");
  text.say(
      "They cannot find out whether these keys are the right ones, or whether this is the only "
      "history that they signed: for that compare with what you have from another hand.");
  text.say("All files as they were exported; note the SHA-256 of SHA256SUMS itself elsewhere:");
  text.command({"sha256sum", "--check", "--strict", "--quiet", kSums});
  return text;
}

std::string sums_of(std::vector<FolderFile> files) {
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  std::string lines;
  for (const auto& file : files)
    lines += fmt::format("{}  {}\n", crypto::sha256_hex(file.content), file.name);
  return lines;
}

void join(ExportPart& whole, ExportPart part) {
  whole.verify.add(part.verify);
  std::move(part.files.begin(), part.files.end(), std::back_inserter(whole.files));
}

// What arrived on the disk is what was verified.
void verify_written(const ExportRequest& request, const ExportedLog& log) {
  try {
    const AuditedTranscript again = audit({.folder = request.out, .keys = log.source.keys});
    if (again.verified.checkpoint.head == log.audited.verified.checkpoint.head) return;
    refuse_moving_transcript();
  } catch (const Error&) {
    remove_folder(request.out);
    throw;
  }
}

}  // namespace

const std::vector<Field<ExportRequest>>& ExportRequest::table() {
  using R = ExportRequest;
  static const std::vector<Field<R>> fields{
      {transcript_folder_field(), &R::folder},
      {vkey_field(), &R::vkey},
      {{.name = "out",
        .value = "DIR",
        .help = "the new folder to write",
        .need = Need::kRequired,
        .binds = Binds::output()},
       &R::out},
  };
  return fields;
}

Exported export_transcript(const ExportRequest& request) {
  const ExportedLog log = read_exported(request);
  require_writable_new_path(request.out);
  Exported exported{.audited = log.audited};
  ExportPart whole{.verify = introduction(log)};
  join(whole, export_log(log, exported.proofs));
  ExportPart evidence = export_evidence(log);
  exported.evidence = evidence.files.size();
  join(whole, std::move(evidence));
  std::vector<ExportedApproval> approvals;
  join(whole, export_approvals(log, approvals));
  exported.approvals = approvals.size();
  join(whole, export_timestamps(log));
  join(whole, export_witnessed(log));
  whole.files.push_back(text_file(kVerify, whole.verify.text()));
  const std::string sums = sums_of(whole.files);
  exported.sums_sha256 = crypto::sha256_hex(as_bytes(sums));
  whole.files.push_back(text_file(kSums, sums));
  exported.files = whole.files.size();
  write_new_folder(request.out, whole.files);
  verify_written(request, log);
  return exported;
}

Json Exported::to_json() const {
  Json json = audited.to_json();
  json["files"] = files;
  json["proofs"] = proofs;
  json["evidence"] = evidence;
  json["approvals"] = approvals;
  json["sums_sha256"] = sums_sha256;
  return json;
}

}  // namespace keyrite::acts
