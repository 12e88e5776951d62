#include "acts/statement_files.h"

#include <algorithm>
#include <filesystem>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "acts/intent.h"
#include "acts/internal/asked_request.h"
#include "approval/statement_comparison.h"
#include "base/canonical_json.h"
#include "base/file.h"
#include "base/presence.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "site/layout.h"
#include "transcript/history.h"

namespace keyrite::acts {

namespace {

namespace fs = std::filesystem;

constexpr const char* kDoNotSign = "do not sign; find out who changed it";

std::optional<Bytes> file_beside(const std::string& path, const char* name) {
  const fs::path beside = fs::path(path).parent_path() / name;
  if (!is_there(beside)) return std::nullopt;
  return read_file(beside);
}

[[noreturn]] void contradicts(std::string code, std::string message) {
  throw Error(Kind::kVerification, std::move(code), std::move(message), kDoNotSign);
}

std::string text_in(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Json object_in(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_object()) return Json::object();
  return *found;
}

std::vector<std::string> texts_in(const Json& object, const char* name) {
  std::vector<std::string> texts;
  const auto found = object.find(name);
  if (found == object.end() || !found->is_array()) return texts;
  for (const auto& one : *found) {
    if (one.is_string()) texts.push_back(one.get<std::string>());
  }
  return texts;
}

// Version 1 did not say what is done beside the act; one option did.
std::string operation_in(const Json& request, std::uint64_t version) {
  auto also = texts_in(request, "also");
  if (version == 1 && object_in(request, "request").contains("trust-wrapping-key"))
    also.emplace_back("trust-wrapping-key");
  return operation_of(text_in(request, "act"), also);
}

std::string key_in_version_1(const Json& request) {
  const Json fields = object_in(request, "request");
  std::string label = text_in(fields, "label");
  if (!label.empty()) return label;
  const std::string id = text_in(fields, "id");
  return id.empty() ? std::string() : "id " + id;
}

// The earliest end of import parameters among the inputs.
std::optional<TimePoint> end_of_parameters(const Json& request) {
  std::optional<TimePoint> earliest;
  const Json inputs = object_in(request, "inputs");
  for (const char* name : {"parameters_valid_to", "verification_parameters_valid_to"}) {
    const std::string text = text_in(inputs, name);
    if (text.empty()) continue;
    const TimePoint end = std::chrono::floor<std::chrono::seconds>(parse_rfc3339(text, name));
    if (!earliest || end < *earliest) earliest = end;
  }
  return earliest;
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
  due.statement.kek_ref = text_in(object_in(request, "request"), "label");
  due.latest = end_of_parameters(request);
  return due;
}

bool is_hex(std::string_view text, std::size_t digits) {
  return text.size() == digits &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_sha256(std::string_view text) {
  constexpr std::size_t kDigits = 64;
  return is_hex(text, kDigits);
}

bool is_pseudonym(const Json& value) {
  constexpr std::size_t kDigits = 32;
  return value.is_string() && is_hex(value.get<std::string>(), kDigits);
}

// Every pseudonym of the request. What is plain has another form, but for the CKA_ID in "id".
std::vector<std::string> pseudonyms_in(const Json& request) {
  std::vector<std::string> all = texts_in(request, "outputs");
  for (const char* member : {"inputs", "request"}) {
    // A range-for does not keep alive what items() is called on.
    const Json values = object_in(request, member);
    for (const auto& [name, value] : values.items()) {
      if (name == "id") continue;
      for (const auto& one : value.is_array() ? value : Json::array({value})) {
        if (is_pseudonym(one)) all.push_back(one.get<std::string>());
      }
    }
  }
  return all;
}

void require_names(const StatementFiles& files) {
  std::vector<std::string> wanted = pseudonyms_in(*files.request);
  if (!files.statement.kek_ref.empty()) wanted.push_back(files.statement.kek_ref);
  for (const auto& pseudonym : wanted) {
    if (files.names->contains(pseudonym)) continue;
    contradicts("names-incomplete",
                fmt::format("names.json beside {} does not say whose pseudonym {} is",
                            printable(files.path), printable(pseudonym)));
  }
}

std::string module_of(const Json& entry) {
  const std::string sha256 = text_in(object_in(entry, "module"), "sha256");
  return sha256.empty() ? approval::kNoModule : sha256;
}

std::string key_of(const Json& entry) {
  const auto keys = entry.find("keys");
  if (keys == entry.end() || !keys->is_array() || keys->empty()) return {};
  return text_in(keys->front(), "key");
}

// What an intent says of the statement that it used. How many had to approve, only the site's
// policy says; names_sha256 is compared with the file.
approval::Due due_by_intent(const StatementUse& use, const LogOfUse& log,
                            const approval::Statement& statement) {
  const Json& entry = use.entry;
  approval::Due due{.at = use.at < statement.not_before ? use.latest : use.at};
  due.only = {"operation",    "tool_version", "tenant_ref", "module_sha256",
              "token_serial", "token_model",  "log_origin", "roster_sha256"};
  due.statement.operation = operation_of(text_in(entry, "act"), texts_in(entry, "also"));
  due.statement.tool_version = text_in(object_in(entry, "tool"), "version");
  due.statement.module_sha256 = module_of(entry);
  due.statement.token_serial = text_in(object_in(entry, "token"), "serial");
  due.statement.token_model = text_in(object_in(entry, "token"), "model");
  due.statement.log_origin = log.origin;
  due.statement.roster_sha256 = text_in(object_in(entry, "approval"), "roster_sha256");
  // Approvers saw what stood before the intent.
  due.root_of = [&log, index = use.index](std::uint64_t size) -> std::optional<std::string> {
    if (size > index) return std::nullopt;
    return log.root_of(size);
  };
  if (statement.version == 1) {
    due.statement.tenant_ref = key_of(entry);
    return due;
  }
  for (const char* name :
       {"request_sha256", "script_sha256", "operator", "kek_ref", "kek_version"}) {
    due.only->insert(name);
  }
  due.statement.request_sha256 =
      crypto::sha256_hex(as_bytes(canonical_json(asked_in_entry(entry))));
  due.statement.operator_name = text_in(entry, "operator");
  due.statement.kek_ref = key_of(entry);
  due.latest = end_of_parameters(entry);
  return due;
}

// With names in it, its members can be compared and its plain values.
void require_version_1_request(const StatementFiles& files, const StatementUse& use) {
  if (files.statement.version != 1 || !files.request) return;
  const Json asked = object_in(*files.request, "request");
  const Json done = object_in(use.entry, "request");
  const bool same_act = text_in(*files.request, "act") == text_in(use.entry, "act");
  bool same = same_act && asked.size() == done.size() &&
              object_in(*files.request, "inputs") == object_in(use.entry, "inputs");
  for (const auto& [name, value] : done.items()) {
    const bool plain = !value.is_array() && !is_pseudonym(value);
    same = same && asked.contains(name) && (!plain || asked.at(name) == value);
  }
  if (same) return;
  throw Error(Kind::kVerification, "statement-other-request",
              fmt::format("entry {} did another request than the one beside the statement {}",
                          use.index, files.sha256),
              "find out who let it act");
}

}  // namespace

StatementFiles read_statement_files(const std::string& path) {
  StatementFiles files{.path = path, .bytes = read_file(path)};
  files.statement = approval::statement_from_bytes(files.bytes, path);
  files.sha256 = approval::statement_sha256(files.bytes);
  files.request_bytes = file_beside(path, site::kRequestName);
  if (files.request_bytes) files.request = parse_json(*files.request_bytes, site::kRequestName);
  files.names_bytes = file_beside(path, site::kNamesName);
  if (files.names_bytes)
    files.names = approval::names_from_bytes(*files.names_bytes, site::kNamesName);
  return files;
}

void require_agreement(const StatementFiles& files) {
  const auto& statement = files.statement;
  if (files.request && crypto::sha256_hex(*files.request_bytes) != statement.request_sha256) {
    contradicts("request-other",
                fmt::format("{} beside {} is not the request that the statement names",
                            site::kRequestName, printable(files.path)));
  }
  const bool has_names = statement.version > 1 && files.names;
  if (has_names && crypto::sha256_hex(*files.names_bytes) != statement.names_sha256) {
    contradicts("names-other", fmt::format("{} beside {} is not the one that the statement names",
                                           site::kNamesName, printable(files.path)));
  }
  if (!files.request) return;
  if (!files.request->is_object())
    contradicts("request-other", fmt::format("{} is no JSON object", site::kRequestName));
  const auto found = approval::differences(statement, due_by_request(*files.request, statement));
  if (!found.empty()) {
    contradicts(found.front().code(),
                fmt::format("the statement contradicts its request: {}", found.front().message()));
  }
  if (has_names) require_names(files);
}

void StatementUses::take(std::uint64_t index, std::string_view line) {
  clock_.take(line);
  // Of a long log few lines are parsed.
  if (line.find("\"statement_sha256\"") == std::string_view::npos) return;
  try {
    Json entry = parse_json(as_bytes(line), "entry");
    if (!entry.is_object() || text_in(entry, "event") != transcript::kIntent) return;
    const std::string sha256 = text_in(object_in(entry, "approval"), "statement_sha256");
    const TimePoint own = parse_rfc3339(text_in(entry, "time"), "time");
    const TimePoint latest = std::max(own, clock_.latest().value_or(own));
    uses_[sha256].push_back(
        {.index = index, .entry = std::move(entry), .at = own, .latest = latest});
  } catch (const Error&) {
    return;  // no entry: it says nothing
  }
}

void LatestTime::take(std::string_view line) {
  // Canonical JSON: the entry's own "time" stands behind those of its parts that may have one.
  constexpr std::string_view kTime = ",\"time\":\"";
  const auto found = line.rfind(kTime);
  if (found == std::string_view::npos) return;
  const std::string_view rest = line.substr(found + kTime.size());
  const std::string text(rest.substr(0, rest.find('"')));
  const bool confirmed = line.find("\"event\":\"clock-confirmed\"") != std::string_view::npos;
  try {
    const TimePoint at = parse_rfc3339(text, "time");
    if (confirmed || !latest_ || at > *latest_) latest_ = at;
  } catch (const Error&) {
    return;
  }
}

void StatementUses::require_one_run_each() const {
  for (const auto& [sha256, uses] : uses_) {
    const StatementUse& first = uses.front();
    for (const StatementUse& use : uses) {
      if (text_in(use.entry, "run") == text_in(first.entry, "run")) continue;
      throw Error(Kind::kVerification, "statement-used-twice",
                  fmt::format("entries {} and {} are of two runs, and both acted under the "
                              "statement {}, which stands for one",
                              first.index, use.index, printable(sha256)),
                  "find out who let the second one act");
    }
  }
}

LogOfUse log_of_use(const std::string& origin, const std::vector<transcript::Hash>& leaves) {
  return {.origin = origin, .root_of = [&leaves](std::uint64_t size) -> std::optional<std::string> {
            if (size > leaves.size()) return std::nullopt;
            transcript::Hasher hasher;
            return to_hex(transcript::root_of(hasher, std::span(leaves).first(size)));
          }};
}

void require_use(const StatementFiles& files, const StatementUse& use, const LogOfUse& log) {
  require_version_1_request(files, use);
  approval::require_due(
      files.statement, due_by_intent(use, log, files.statement),
      fmt::format("entry {} acted under the statement {}: ", use.index, files.sha256));
}

std::size_t require_statements(const StatementUses& uses, const std::string& folder,
                               const LogOfUse& log, bool must_be_there) {
  uses.require_one_run_each();
  if (!must_be_there && !is_there(folder)) return 0;
  for (const auto& [sha256, all] : uses.all()) {
    const fs::path statement = fs::path(folder) / sha256 / site::kStatementName;
    if (!is_sha256(sha256) || !is_there(statement)) {
      throw Error(Kind::kVerification, "approval-missing",
                  fmt::format("entry {} acted under the approval {}, which is not in {}",
                              all.front().index, printable(sha256), printable(folder)),
                  "restore it from a copy of the site");
    }
    const auto files = read_statement_files(statement);
    if (files.sha256 != sha256) {
      throw Error(Kind::kVerification, "approval-missing",
                  fmt::format("entry {} acted under the approval {}, and in its place stands "
                              "another one",
                              all.front().index, printable(sha256)),
                  "restore it from a copy of the site");
    }
    require_agreement(files);
    for (const auto& use : all) require_use(files, use, log);
  }
  return uses.all().size();
}

}  // namespace keyrite::acts
