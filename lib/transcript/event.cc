#include "transcript/event.h"

#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/lower_hex.h"
#include "transcript/entry_time.h"
#include "transcript/outcome.h"

namespace keyrite::transcript {

namespace {

// What every act says of itself, and `more`.
std::vector<EventField> of_an_act(const std::vector<EventField>& more) {
  using enum FieldForm;
  std::vector<EventField> fields{
      {"act", kText}, {"time", kTime}, {"operator", kText}, {"run", kRun}};
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

const std::vector<EventRule>& rules() {
  using enum FieldForm;
  using enum WrittenBy;
  using enum PlaceInRun;
  static const std::vector<EventRule> table{
      {kOpened, kAnybody, kFirst,
       of_an_act({{"vkey", kText}, {"site_sha256", kHash}, {"keys", kList}})},
      {kIntent, kByItsAct, kOpens,
       of_an_act({{"request", kObject}, {"keys", kList}, {"outputs", kList}})},
      {kPart, kByItsAct, kWithin, of_an_act({{"part", kCount}, {"facts", kObject}})},
      {kResult, kByItsAct, kCloses, of_an_act({{"outcome", kOutcome}})},
      // Its run is that of an intent, which 0.1.0 may have signed as anything.
      {kSettled,
       kTokenHolder,
       kCloses,
       {{"act", kText},
        {"time", kTime},
        {"operator", kText},
        {"run", kText},
        {"intent", kCount},
        {"found", kObject}}},
      {kRefused, kAnybody, kBefore, of_an_act({{"error", kObject}})},
      {kApprovalRequested, kAnybody, kBefore, of_an_act({{"statement", kHash}})},
      {kTruncated, kAnybody, kFree, {{"act", kText}, {"bytes", kCount}, {"sha256", kHash}}},
      {kDropped, kTokenHolder, kFree,
       of_an_act({{"first", kCount}, {"bytes", kCount}, {"sha256", kHash}})},
      {kUnvouched, kTokenHolder, kFree, of_an_act({{"first", kCount}, {"last", kCount}})},
      {kClockConfirmed, kTokenHolder, kFree, of_an_act({{"latest", kTime}})},
      {kLastSignedAccepted, kTokenHolder, kFree, of_an_act({{"size", kCount}, {"root", kHash}})},
  };
  return table;
}

// As approval::kOperations has their place (tests/unit/act compares the two).
constexpr std::array<std::string_view, 23> kActsOnFiles{
    "verify-import",     "tenant-add",           "tenant-change",
    "tenant-suspend",    "tenant-hold",          "tenant-release",
    "key-add",           "key-change",           "key-suspend",
    "key-resume",        "key-set-deactivation", "key-mark-compromised",
    "destination-add",   "destination-change",   "destination-retire",
    "inventory-restore", "inventory-sign-off",   "dek-prune",
    "credential-change", "credential-revoke",    "tenant-offboard",
    "shred-freeze",      "shred-unfreeze"};
constexpr std::size_t kRunBytes = 16;

bool is_text(const Json& value, FieldForm form) {
  using enum FieldForm;
  if (!value.is_string()) return false;
  const auto& text = value.get_ref<const std::string&>();
  switch (form) {
    case kTime:
      return entry_time(text).has_value();
    case kRun:
      return is_lower_hex(text, kRunBytes);
    case kHash:
      return is_lower_hex(text, kSha256Bytes);
    case kOutcome:
      return std::ranges::find(kOutcomes, text) != kOutcomes.end();
    default:
      return true;
  }
}

bool has_form(const Json& value, FieldForm form) {
  using enum FieldForm;
  switch (form) {
    case kCount:
      return value.is_number_unsigned();
    case kObject:
      return value.is_object();
    case kList:
      return value.is_array();
    default:
      return is_text(value, form);
  }
}

bool is_key(const Json& key) {
  return key.is_object() && std::ranges::all_of(key, [](const Json& of) { return of.is_string(); });
}

bool all_in(const Json& entry, const char* name, bool (*fits)(const Json&)) {
  const auto list = entry.find(name);
  if (list == entry.end()) return true;
  return list->is_array() && std::ranges::all_of(*list, fits);
}

}  // namespace

const EventRule* event_rule(std::string_view event) {
  const auto rule = std::ranges::find(rules(), event, &EventRule::event);
  return rule == rules().end() ? nullptr : &*rule;
}

bool is_act_on_files(std::string_view act) {
  return std::ranges::find(kActsOnFiles, act) != kActsOnFiles.end();
}

std::string_view wrong_field(const EventRule& rule, const Json& entry) {
  for (const auto& field : rule.fields) {
    const auto value = entry.find(field.name);
    if (value == entry.end() || !has_form(*value, field.form)) return field.name;
  }
  if (!all_in(entry, "keys", is_key)) return "keys";
  if (!all_in(entry, "outputs", [](const Json& output) { return output.is_string(); }))
    return "outputs";
  return {};
}

}  // namespace keyrite::transcript
