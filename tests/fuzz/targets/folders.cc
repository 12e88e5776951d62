// What is carried as a folder or kept as one: bundles and their manifests, a site's configuration,
// its registry, a statement with what stands beside it, an export's table.
#include "fuzz/targets/all.h"

#include <algorithm>
#include <filesystem>

#include "act/statement_files.h"
#include "audit/internal/export_page.h"
#include "audit/statement_uses.h"
#include "base/json.h"
#include "base/text.h"
#include "bundle/manifest.h"
#include "bundle/script_hashes.h"
#include "bundle/verify.h"
#include "crypto/digest.h"
#include "registry/registry.h"
#include "shredding/sites.h"
#include "site/site.h"
#include "transcript/entry_head.h"

namespace keyrite::fuzz {

namespace {

namespace fs = std::filesystem;

const bundle::Contents& good_bundle() {
  static const bundle::Contents contents = bundle::read_contents(old_path("bundles/aws-acme-mac"));
  return contents;
}

bundle::Policy policy_at(const std::string& time) {
  bundle::Policy policy;
  policy.now = parse_rfc3339(time, "now");
  return policy;
}

// Fields of one line by RFC 4180 section 2; 0 for what is none.
std::size_t csv_fields(std::string_view& table) {
  std::size_t fields = 0;
  while (table.starts_with('"')) {
    std::size_t at = 1;
    while (at < table.size() && (table[at] != '"' || table.substr(at, 2) == "\"\""))
      at += table[at] == '"' ? 2U : 1U;
    if (at >= table.size()) return 0;
    ++fields;
    table.remove_prefix(at + 1);
    if (table.starts_with(',')) {
      table.remove_prefix(1);
      continue;
    }
    if (!table.starts_with("\r\n") && !table.starts_with('\n')) return 0;
    table.remove_prefix(table.front() == '\r' ? 2 : 1);
    return fields;
  }
  return 0;
}

}  // namespace

Outcome manifest(ByteView bytes) {
  const auto read =
      taken([&] { return bundle::manifest_from_json(parse_json(bytes, "input"), "input"); });
  if (!read) return Outcome::kRefused;
  // Versions 1 and 2 are read and no longer written.
  if (read->version != bundle::kManifestVersion) return Outcome::kTaken;
  const std::string text = dump_json(bundle::to_json(*read));
  require(bundle::manifest_from_json(parse_json(as_bytes(text), "written"), "written") == *read,
          "a manifest is written as it was read");
  return Outcome::kTaken;
}

// The first byte chooses the file of a good bundle in whose place the rest stands.
Outcome bundle_file(ByteView bytes) {
  bundle::Contents contents = good_bundle();
  FolderFile& changed = contents.at(choice(bytes, contents.size()));
  const bool same = changed.content == Bytes(bytes.begin(), bytes.end());
  changed.content.assign(bytes.begin(), bytes.end());
  static const std::string manifest_sha256 = [] {
    for (const auto& file : good_bundle())
      if (file.name == bundle::kManifestFile) return crypto::sha256_hex(file.content);
    return std::string();
  }();
  bundle::Policy policy = policy_at("2026-02-13T10:00:00Z");
  policy.allow_expired = true;
  policy.expect_manifest = manifest_sha256;
  const auto report = taken([&] { return bundle::verify(contents, policy); });
  if (!report) return Outcome::kRefused;
  for (const auto& check : report->checks) {
    require(printable(check.object) == check.object, "a check is safe to print");
    if (check.failure) require_plain(*check.failure);
  }
  require(report->good() == same, "a bundle is good as it was made, and in no other form");
  return outcome_of(report->good());
}

Outcome import_script(ByteView bytes) {
  static const auto files = [] {
    const FolderFile* manifest = nullptr;
    for (const auto& file : good_bundle())
      if (file.name == bundle::kManifestFile) manifest = &file;
    return bundle::manifest_from_json(parse_json(manifest->content, "manifest"), "manifest").files;
  }();
  const std::string why = bundle::script_contradiction(as_text(bytes), files);
  require(printable(why) == why, "why is safe to print");
  return outcome_of(why.empty());
}

Outcome site_toml(ByteView bytes) {
  static_cast<void>(as_file(fixed("log/vkeys"), "site/vkeys"));
  static_cast<void>(as_file(fixed("approvals/roster.toml"), "site/roster.toml"));
  const auto folder = fs::path(as_file(bytes, "site/site.toml")).parent_path().native();
  const auto read = taken([&] { return site::read_site(folder); });
  if (!read) return Outcome::kRefused;
  if (read->settings.version != site::kSiteVersion) return Outcome::kTaken;
  const std::string text = site::site_toml(read->settings);
  static_cast<void>(as_file(as_bytes(text), "site/site.toml"));
  require(site::site_toml(site::read_site(folder).settings) == text,
          "a site is written as it was read");
  return Outcome::kTaken;
}

Outcome registry(ByteView bytes) {
  const std::string path = as_file(bytes, "registry.sqlite");
  std::error_code ignored;
  fs::remove(path + "-journal", ignored);
  return passes([&] {
    registry::Registry names(path);
    const std::string fresh(32, 'a');
    const std::string pseudonym = names.pseudonym_of("fuzz", fresh);
    require(names.known_pseudonym("fuzz") == pseudonym, "a name keeps its pseudonym");
    require(names.name_of(pseudonym) == "fuzz" || pseudonym != fresh, "a pseudonym is of its name");
    require(names.erase("fuzz") && !names.known_pseudonym("fuzz"), "an erased name is gone");
  });
}

Outcome shred_list(ByteView bytes) {
  const auto list = taken([&] { return shredding::read_site_list(as_file(bytes, "list")); });
  if (!list) return Outcome::kRefused;
  const std::string again = as_file({}, "again");
  std::error_code ignored;
  fs::remove(again, ignored);
  shredding::write_site_list(again, *list);
  const auto read = shredding::read_site_list(again);
  require(shredding::to_json(read) == shredding::to_json(*list), "a list reads back as written");
  require(std::ranges::is_sorted(list->tokens) &&
              std::ranges::adjacent_find(list->tokens) == list->tokens.end(),
          "each token stands once, in its order");
  return Outcome::kTaken;
}

// request.json or names.json beside a statement that names those in fixed/approvals.
Outcome beside_statement(ByteView bytes) {
  const bool request = choice(bytes, 2) == 0;
  const std::string path = as_file(fixed("approvals/statement.json"), "approval/statement.json");
  const Bytes good_request = fixed("approvals/request.json");
  const Bytes good_names = fixed("approvals/names.json");
  static_cast<void>(as_file(request ? bytes : ByteView(good_request), "approval/request.json"));
  static_cast<void>(as_file(request ? ByteView(good_names) : bytes, "approval/names.json"));
  const bool same = std::ranges::equal(bytes, ByteView(request ? good_request : good_names));
  const auto files = taken([&] { return act::read_statement_files(path); });
  const Outcome agreed =
      files ? passes([&] { act::require_agreement(*files); }) : Outcome::kRefused;
  require((agreed == Outcome::kTaken) == same, "a statement agrees with what it names alone");
  return agreed;
}

// Lines of a log that somebody else wrote, as an auditor's tools read them.
Outcome statement_uses(ByteView bytes) {
  const std::string text = as_text(bytes);
  audit::StatementUses uses;
  std::vector<Json> entries;
  std::uint64_t index = 0;
  std::string_view rest(text);
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    uses.take(index, line);
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    ++index;
    const auto entry = taken([&] { return parse_json(as_bytes(line), "line"); });
    const auto head = transcript::entry_head(line);
    entries.push_back(entry && entry->is_object() && head ? *entry : Json::object());
  }
  for (const auto& [sha256, of_one] : uses.all()) {
    for (const auto& use : of_one) {
      require(use.at >= parse_rfc3339(use.entry.at("time").get<std::string>(), "time"),
              "no act is judged by a time before its own");
    }
  }
  static_cast<void>(passes([&] { uses.require_one_run_each(); }));
  const auto entry_rows = audit::entry_rows(entries);
  const std::string table = audit::entries_table(entry_rows);
  std::string_view csv(table);
  const std::size_t columns = csv_fields(csv);
  std::size_t rows = 0;
  for (; !csv.empty(); ++rows)
    require(csv_fields(csv) == columns, "each row of the table has its columns");
  require(columns != 0 && rows == entries.size(), "each entry is a row");
  const std::string page = audit::export_page({.entries = entries}, entry_rows, {});
  require(is_utf8(page), "the page is text");
  require(page.find("<script") == std::string::npos, "no entry adds an element to the page");
  return outcome_of(!uses.all().empty());
}

}  // namespace keyrite::fuzz
