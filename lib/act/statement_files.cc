#include "act/statement_files.h"

#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "act/asked_request.h"
#include "act/intent.h"
#include "approval/statement_comparison.h"
#include "base/file.h"
#include "base/presence.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "site/layout.h"
#include "transcript/entry_fields.h"

namespace keyrite::act {

namespace {

namespace fs = std::filesystem;

using transcript::entry_object;
using transcript::entry_text;
using transcript::entry_texts;

std::optional<Bytes> file_beside(const std::string& path, const char* name) {
  const fs::path beside = fs::path(path).parent_path() / name;
  if (!is_there(beside)) return std::nullopt;
  return read_file(beside);
}

[[noreturn]] void contradicts(std::string code, std::string message, std::string_view hint) {
  throw Error(Kind::kVerification, std::move(code), std::move(message), std::string(hint));
}

// The bytes of a file beside the statement are those that it names.
void require_named(const std::optional<Bytes>& bytes, const std::string& sha256, const char* name,
                   const char* code, const std::string& path, std::string_view hint) {
  if (!bytes || crypto::sha256_hex(*bytes) == sha256) return;
  contradicts(
      code,
      fmt::format("{} beside {} is not the file that the statement names", name, printable(path)),
      hint);
}

// Version 1 did not say what is done beside the act; one option did.
std::string operation_in(const Json& request, std::uint64_t version) {
  auto also = entry_texts(request, "also");
  if (version == 1 && entry_object(request, "request").contains("trust-wrapping-key"))
    also.emplace_back("trust-wrapping-key");
  return operation_of(entry_text(request, "act"), also);
}

std::string key_in_version_1(const Json& request) {
  const Json fields = entry_object(request, "request");
  std::string label = entry_text(fields, "label");
  if (!label.empty()) return label;
  const std::string id = entry_text(fields, "id");
  return id.empty() ? std::string() : "id " + id;
}

// What a request says of its statement.
approval::Due due_by_request(const Json& request, const approval::Statement& statement) {
  approval::Due due;
  due.statement.operation = operation_in(request, statement.version);
  if (statement.version == 1) {
    due.only = {"operation", "kek_label"};
    due.statement.kek_label = key_in_version_1(request);
    return due;
  }
  due.only = {"operation", "kek_ref"};
  due.statement.kek_ref = entry_text(request, "request", "label");
  due.latest = end_of_parameters(request);
  return due;
}

// Every pseudonym of the request. What is plain has another form, but for ids.
std::vector<std::string> pseudonyms_asked(const Json& request) {
  std::vector<std::string> all = entry_texts(request, "outputs");
  for (const char* member : {"inputs", "request"}) {
    // A range-for does not keep alive what items() is called on.
    const Json values = entry_object(request, member);
    for (const auto& [name, value] : values.items()) {
      if (has_ids(name)) continue;
      for (const auto& one : value.is_array() ? value : Json::array({value})) {
        if (one.is_string() && approval::is_pseudonym(one.get_ref<const std::string&>()))
          all.push_back(one.get<std::string>());
      }
    }
  }
  return all;
}

void require_names(const StatementFiles& files, std::string_view hint) {
  std::vector<std::string> wanted = pseudonyms_asked(*files.request);
  if (!files.statement.kek_ref.empty()) wanted.push_back(files.statement.kek_ref);
  for (const auto& pseudonym : wanted) {
    if (files.names->contains(pseudonym)) continue;
    contradicts("names-incomplete",
                fmt::format("names.json beside {} does not say whose pseudonym {} is",
                            printable(files.path), printable(pseudonym)),
                hint);
  }
}

}  // namespace

StatementFiles read_statement_files(const std::string& path, std::string_view if_changed) {
  StatementFiles files{.path = path, .bytes = read_file(path)};
  files.statement = approval::statement_from_bytes(files.bytes, path);
  files.sha256 = approval::statement_sha256(files.bytes);
  files.request_bytes = file_beside(path, site::kRequestName);
  files.names_bytes = file_beside(path, site::kNamesName);
  require_named(files.request_bytes, files.statement.request_sha256, site::kRequestName,
                "request-other", path, if_changed);
  // Version 1 does not name the file.
  if (files.statement.version > 1)
    require_named(files.names_bytes, files.statement.names_sha256, site::kNamesName, "names-other",
                  path, if_changed);
  if (files.request_bytes) files.request = parse_json(*files.request_bytes, site::kRequestName);
  if (files.names_bytes)
    files.names = approval::names_from_bytes(*files.names_bytes, site::kNamesName);
  return files;
}

void require_agreement(const StatementFiles& files, std::string_view if_changed) {
  if (!files.request) return;
  if (!files.request->is_object())
    contradicts("request-other", fmt::format("{} is not a JSON object", site::kRequestName),
                if_changed);
  const auto found =
      approval::differences(files.statement, due_by_request(*files.request, files.statement));
  if (!found.empty()) {
    contradicts(found.front().code(),
                fmt::format("the statement contradicts its request: {}", found.front().message()),
                if_changed);
  }
  if (files.statement.version > 1 && files.names) require_names(files, if_changed);
}

}  // namespace keyrite::act
