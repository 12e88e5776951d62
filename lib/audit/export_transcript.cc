#include "audit/export_transcript.h"

#include <algorithm>

#include <fmt/format.h>

#include "audit/internal/export_part.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "transcript/entry.h"
#include "transcript/layout.h"

namespace keyrite::audit {

namespace {

constexpr std::size_t kLongestLog = std::size_t{4} << 30U;
constexpr const char* kVerify = "VERIFY.txt";
constexpr const char* kYes = "yes";
constexpr const char* kNo = "no";
constexpr const char* kSums = "SHA256SUMS";
constexpr const char* kTable = "entries.csv";

// A log of version 0.1.0 may have signed lines that are no entries: nothing can be read from them.
Json entry_or_nothing(std::string_view line, const transcript::Place& place) {
  try {
    return transcript::parse_entry(line, place);
  } catch (const Error&) {
    return Json::object();
  }
}

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
    log.entries.push_back(entry_or_nothing(line, place));
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

// Whatever SHA256SUMS does not name, or names and is not there, and whatever is no plain file. No
// name, however odd, can be one that is listed: that has only printable characters.
ShellWords strangers_command() {
  const auto syntax = ShellWord::syntax;
  return {syntax("(LC_ALL=C; export LC_ALL;"),
          syntax("{ sed 's|^.\\{66\\}|./|' SHA256SUMS;"),
          syntax("echo ./SHA256SUMS;"),
          syntax("find . -type f -print0 | tr '\\n\\0' '?\\n';"),
          syntax("find . ! -type d ! -type f -exec printf 'no plain file: %s\\0' '{}' + |"),
          syntax("tr '\\n\\0' '?\\n'; } |"),
          syntax("sort | uniq -u | tr -c '[:print:]\\n' '?' | { ! grep -a . ; })")};
}

VerifyText introduction(const ExportedLog& log) {
  VerifyText text;
  text.title(
      fmt::format("How to verify the log {}", printable(log.audited.verified.checkpoint.origin)));
  text.say(
      "Each indented line is a command. Run it in a shell in this folder. The commands need "
      "openssl 3, coreutils, find, grep, sed, python3 and ssh-keygen, and nothing of keyrite. Each "
      "command must end with exit code 0; a failed check says WRONG, or what the program itself "
      "says. The commands find a file that was damaged on its way, and an entry that differs from "
      "what was signed.");
  text.say(
      "The commands cannot find out whether these are the right keys, or whether the keys signed "
      "another history too. Compare the keys and the root with those that you have from an "
      "independent source. The two programs in this folder come from whoever gave you the folder: "
      "read them, or compare their SHA-256 with those in the README of keyrite.");
  text.say(
      "First look for files that SHA256SUMS does not name. This command lists them, and ends with "
      "exit code 0 when there are none. Run nothing else before that.");
  text.command(strangers_command());
  text.say(
      "Check that all files are as they were exported. Note the SHA-256 of SHA256SUMS itself "
      "elsewhere:");
  text.command({"sha256sum", "--check", "--strict", "--quiet", kSums});
  return text;
}

VerifyText completeness(const std::vector<ExportedApproval>& approvals) {
  VerifyText text;
  text.title("3. Whether this folder is what the log names");
  text.say(
      "Check that every approval, proof and evidence file that a signed entry names is here, that "
      "there are no other files, and that entries.csv agrees with the entries:");
  ShellWords words{"--complete", "--csv", kTable};
  std::size_t withheld = 0;
  for (const auto& approval : approvals) {
    if (!approval.withheld) continue;
    if (withheld++ == 0) words.emplace_back("--withheld");
    words.emplace_back(approval.statement_sha256);
  }
  text.command(root_command(transcript::kCheckpointName, words));
  text.say(
      "No entry names the timestamps and witnesses of the log. If one of them is missing, only "
      "SHA256SUMS shows it.");
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

void join_part(ExportPart& whole, ExportPart part) {
  whole.verify.add(part.verify);
  std::move(part.files.begin(), part.files.end(), std::back_inserter(whole.files));
  std::move(part.passed_over.begin(), part.passed_over.end(),
            std::back_inserter(whole.passed_over));
}

ExportPart gather(const ExportRequest& request, const ExportedLog& log, Exported& exported) {
  ExportPart whole{.verify = introduction(log)};
  join_part(whole, export_log(log, exported.proofs));
  std::vector<ExportedApproval> approvals;
  ExportPart approved = export_approvals(log, request.names == kYes, approvals);
  exported.approvals = approvals.size();
  exported.withheld = static_cast<std::size_t>(
      std::ranges::count_if(approvals, [](const auto& one) { return one.withheld; }));
  whole.verify.add(completeness(approvals));
  whole.files.push_back(text_file(kTable, entries_table(log.entries)));
  join_part(whole, export_policies(log));
  join_part(whole, std::move(approved));
  ExportPart evidence = export_evidence(log, whole.files);
  exported.evidence = evidence.files.size();
  join_part(whole, std::move(evidence));
  join_part(whole, export_timestamps(log));
  join_part(whole, export_witnessed(log));
  return whole;
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

const std::vector<act::Field<ExportRequest>>& ExportRequest::table() {
  using R = ExportRequest;
  static const std::vector<act::Field<R>> fields{
      {transcript_folder_field(), &R::folder},
      {vkey_field(), &R::vkey},
      {{.name = "out",
        .value = "DIR",
        .help = "new folder to write",
        .need = act::Need::kRequired,
        .binds = act::Binds::output()},
       &R::out},
      {{.name = "names",
        .value = "yes|no",
        .help = "also export what names keys, folders and cloud keys",
        .default_text = kNo,
        .choices = {kYes, kNo},
        .binds = act::Binds::plain()},
       &R::names},
  };
  return fields;
}

Exported export_transcript(const ExportRequest& request) {
  const ExportedLog log = read_exported(request);
  require_writable_new_path(request.out);
  Exported exported{.audited = log.audited};
  ExportPart whole = gather(request, log, exported);
  exported.passed_over = std::move(whole.passed_over);
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
  json["withheld"] = withheld;
  json["passed_over"] = passed_over;
  json["sums_sha256"] = sums_sha256;
  return json;
}

}  // namespace keyrite::audit
