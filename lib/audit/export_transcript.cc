#include "audit/export_transcript.h"

#include <algorithm>

#include <fmt/format.h>

#include "audit/internal/export_introduction.h"
#include "audit/internal/export_page.h"
#include "audit/internal/export_part.h"
#include "audit/internal/export_table.h"
#include "base/error.h"
#include "base/file.h"
#include "crypto/digest.h"
#include "transcript/entry.h"
#include "transcript/layout.h"

namespace keyrite::audit {

namespace {

constexpr std::size_t kLongestLog = std::size_t{4} << 30U;
constexpr const char* kVerify = "VERIFY.txt";
constexpr const char* kYes = "yes";

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

ExportedLog read_exported(const ExportRequest& request, const ReadProgress& progress) {
  ExportedLog log{.source = transcript_source(request.folder, request.vkey, progress)};
  log.audited = audit(log.source);
  log.checkpoint = as_text(audited_checkpoint(log.source, log.audited));
  log.log = as_text(read_file(transcript::log_of(log.source.folder), kLongestLog));
  read_entries(log);
  return log;
}

std::string sums_of(std::vector<FolderFile> files) {
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  std::string lines;
  for (const auto& file : files)
    lines += fmt::format("{}  {}\n", crypto::sha256_hex(file.content), file.name);
  return lines;
}

// `told`: where what report.html says of the part goes.
void join_part(ExportPart& whole, ExportPart part, std::vector<std::string>* told = nullptr) {
  if (told != nullptr) std::move(part.told.begin(), part.told.end(), std::back_inserter(*told));
  whole.verify.add(part.verify);
  std::move(part.files.begin(), part.files.end(), std::back_inserter(whole.files));
  std::move(part.passed_over.begin(), part.passed_over.end(),
            std::back_inserter(whole.passed_over));
}

ExportPart gather(const ExportRequest& request, const ExportedLog& log, Exported& exported) {
  ExportPart whole{.verify = introduction(log)};
  join_part(whole, export_log(log, exported.proofs));
  PageMatter page;
  std::vector<ExportedApproval>& approvals = page.approvals;
  ExportPart approved = export_approvals(log, request.names == kYes, approvals);
  exported.approvals = approvals.size();
  exported.withheld = static_cast<std::size_t>(
      std::ranges::count_if(approvals, [](const auto& one) { return one.withheld; }));
  whole.verify.add(completeness(approvals));
  const auto rows = entry_rows(log.entries);
  whole.files.push_back(text_file(kTableName, entries_table(rows)));
  join_part(whole, export_policies(log), &page.policies);
  join_part(whole, std::move(approved));
  ExportPart evidence = export_evidence(log, whole.files);
  exported.evidence = evidence.files.size();
  join_part(whole, std::move(evidence));
  join_part(whole, export_timestamps(log), &page.others);
  join_part(whole, export_witnessed(log), &page.others);
  whole.files.push_back(text_file(kPageName, export_page(log, rows, page)));
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

Exported export_transcript(const ExportRequest& request, const ReadProgress& progress) {
  const ExportedLog log = read_exported(request, progress);
  require_writable_new_path(request.out);
  Exported exported{.audited = log.audited};
  ExportPart whole = gather(request, log, exported);
  exported.passed_over = std::move(whole.passed_over);
  whole.files.push_back(text_file(kVerify, whole.verify.text()));
  const std::string sums = sums_of(whole.files);
  exported.sums_sha256 = crypto::sha256_hex(as_bytes(sums));
  whole.files.push_back(text_file(kSumsName, sums));
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
