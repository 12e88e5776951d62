#include "act/asked_request.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "act/ceremony_use.h"
#include "base/canonical_json.h"
#include "base/error.h"
#include "base/presence.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "transcript/entry_fields.h"

namespace keyrite::act {

namespace {

constexpr std::array kMembers{"act", "also", "inputs", "outputs", "request"};
constexpr std::array<std::string_view, 6> kIdMembers{"after", "campaign", "ceremony",
                                                     "id",    "ids",      "waive"};
// Of a step of a ceremony: the keys that its rows name.
constexpr std::string_view kStepKeys = "keys";

void require_plain(const RecordedField& field) {
  if (has_ids(field.name)) return;
  const Json list = field.value.is_array() ? field.value : Json::array({field.value});
  for (const auto& one : list) {
    if (!one.is_string() || !approval::is_pseudonym(one.get_ref<const std::string&>())) continue;
    throw Error(Kind::kInternal, "field-not-listed",
                fmt::format("{} is recorded in clear, and its value looks like a pseudonym",
                            printable(field.name)));
  }
}

// Approvers would read the one name where the other is meant.
[[noreturn]] void refuse_shared(std::string_view pseudonym, std::string_view one,
                                std::string_view other) {
  throw Error(Kind::kVerification, "pseudonym-shared",
              fmt::format("\"{}\" and \"{}\" have the same pseudonym {} in the site's registry",
                          printable(one), printable(other), pseudonym),
              "keyrite gives each name its own: find out who changed registry.sqlite, and put back "
              "the copy that you trust");
}

class Writer {
 public:
  Writer(const std::function<std::string(const std::string&)>& pseudonym_of, approval::Names& names)
      : pseudonym_of_(pseudonym_of), names_(names) {}

  [[nodiscard]] Json name(const std::string& name) const {
    std::string pseudonym = pseudonym_of_(name);
    const auto known = names_.try_emplace(pseudonym, name).first;
    if (known->second != name) refuse_shared(pseudonym, known->second, name);
    return pseudonym;
  }
  [[nodiscard]] Json members(const RecordedRequest& fields) const {
    Json object = Json::object();
    for (const auto& field : fields) object[field.name] = value(field);
    return object;
  }

 private:
  [[nodiscard]] Json value(const RecordedField& field) const {
    if (!field.is_name) {
      require_plain(field);
      return field.value;
    }
    if (field.value.is_string()) return name(field.value.get<std::string>());
    Json list = Json::array();
    for (const auto& one : field.value) list.push_back(name(one.get<std::string>()));
    return list;
  }

  const std::function<std::string(const std::string&)>& pseudonym_of_;
  approval::Names& names_;
};

std::set<std::string> keys_of(const Json& one, const Json& other) {
  std::set<std::string> keys;
  for (const Json* json : {&one, &other}) {
    for (const auto& [key, value] : json->items()) keys.insert(key);
  }
  return keys;
}

void add_differing(const Json& one, const Json& other, const std::string& path,
                   std::vector<std::string>& found) {
  for (const auto& key : keys_of(one, other)) {
    const Json left = one.value(key, Json());
    const Json right = other.value(key, Json());
    if (left != right) found.push_back(printable(path + key));
  }
}

}  // namespace

std::string AskedRequest::text() const { return canonical_json(json); }

std::string AskedRequest::sha256() const { return crypto::sha256_hex(as_bytes(text())); }

AskedRequest asked_request(
    const Intent& intent, const std::function<std::string(const std::string& name)>& pseudonym_of) {
  AskedRequest asked;
  const Writer writer(pseudonym_of, asked.names);
  asked.json["act"] = intent.act;
  asked.json["also"] = intent.also;
  asked.json["inputs"] = writer.members(intent.inputs);
  asked.json["outputs"] = Json::array();
  for (const auto& output : intent.outputs) {
    asked.json["outputs"].push_back(writer.name(real_place(output).native()));
  }
  asked.json["request"] = writer.members(intent.request);
  asked.key = transcript::entry_text(asked.json, "request", "label");
  if (intent.label) asked.label = pseudonym_of(*intent.label);
  return asked;
}

bool has_ids(std::string_view member) {
  const auto of_step = step_of_member(member).second;
  if (of_step == kStepKeys) return true;
  const std::string_view name = of_step.empty() ? member : of_step;
  return name.ends_with("_id") || name.ends_with("_ids") ||
         std::ranges::find(kIdMembers, name) != kIdMembers.end();
}

Json asked_in_entry(const Json& entry) {
  Json json = Json::object();
  for (const char* member : kMembers) {
    const auto found = entry.find(member);
    if (found != entry.end()) json[member] = *found;
  }
  return json;
}

std::optional<TimePoint> end_of_parameters(const Json& request) {
  std::optional<TimePoint> earliest;
  for (const char* name : {"parameters_valid_to", "verification_parameters_valid_to"}) {
    const std::string text = transcript::entry_text(request, "inputs", name);
    if (text.empty()) continue;
    const TimePoint end = std::chrono::floor<std::chrono::seconds>(parse_rfc3339(text, name));
    if (!earliest || end < *earliest) earliest = end;
  }
  return earliest;
}

std::string differing_members(const Json& one, const Json& other) {
  std::vector<std::string> found;
  for (const auto& key : keys_of(one, other)) {
    const Json left = one.value(key, Json());
    const Json right = other.value(key, Json());
    if (left.is_object() && right.is_object()) {
      // What a person can change is an option.
      add_differing(left, right, key == "request" ? std::string("--") : key + ".", found);
    } else if (left != right) {
      found.push_back(printable(key));
    }
  }
  return fmt::format("{}", fmt::join(found, ", "));
}

}  // namespace keyrite::act
