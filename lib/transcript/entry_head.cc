#include "transcript/entry_head.h"

#include <cstddef>

#include "transcript/entry.h"

namespace keyrite::transcript {

namespace {

constexpr auto kNone = std::string_view::npos;

// Whether the character at `at` has an odd number of backslashes before it.
bool is_escaped(std::string_view json, std::size_t at) {
  std::size_t before = 0;
  while (before < at && json[at - before - 1] == '\\') ++before;
  return before % 2 == 1;
}

// After the text whose quote stands at `at`; kNone when it does not end.
std::size_t after_text(std::string_view json, std::size_t at) {
  do {
    at = json.find('"', at + 1);
  } while (at != kNone && is_escaped(json, at));
  return at == kNone ? kNone : at + 1;
}

std::size_t after_nested(std::string_view json, std::size_t at) {
  std::size_t depth = 0;
  while (at < json.size()) {
    switch (json[at]) {
      case '"':
        at = after_text(json, at);
        continue;
      case '{':
      case '[':
        ++depth;
        break;
      case '}':
      case ']':
        if (--depth == 0) return at + 1;
        break;
      default:
        break;
    }
    ++at;
  }
  return kNone;
}

std::size_t after_value(std::string_view json, std::size_t at) {
  if (at >= json.size()) return kNone;
  if (json[at] == '"') return after_text(json, at);
  if (json[at] == '{' || json[at] == '[') return after_nested(json, at);
  while (at < json.size() && json[at] != ',' && json[at] != '}') ++at;
  return at < json.size() ? at : kNone;
}

// Gives `take` each key, without its quotes, and the bytes of its value. False for what is no
// object.
template <class Take>
bool each_field(std::string_view object, const Take& take) {
  if (object.size() < 2 || object.front() != '{' || object.back() != '}') return false;
  if (object.size() == 2) return true;
  std::size_t at = 1;
  while (at < object.size() && object[at] == '"') {
    const std::size_t colon = after_text(object, at);
    if (colon == kNone || colon >= object.size() || object[colon] != ':') return false;
    const std::size_t end = after_value(object, colon + 1);
    if (end == kNone || end >= object.size()) return false;
    take(object.substr(at + 1, colon - at - 2), object.substr(colon + 1, end - colon - 1));
    if (object[end] == '}') return end + 1 == object.size();
    if (object[end] != ',') return false;
    at = end + 1;
  }
  return false;
}

std::string_view plain_text(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.find('\\') != kNone) return {};
  return value.substr(1, value.size() - 2);
}

void read_approval(std::string_view approval, EntryHead& head) {
  std::string_view statement;
  std::string_view not_after;
  const bool is_object = each_field(approval, [&](std::string_view key, std::string_view value) {
    if (key == "statement_sha256") statement = plain_text(value);
    if (key == "not_after") not_after = plain_text(value);
  });
  head.statement_sha256 = is_object ? statement : std::string_view();
  head.statement_not_after = is_object ? not_after : std::string_view();
}

}  // namespace

std::optional<EntryHead> entry_head(std::string_view line) {
  EntryHead head;
  const bool is_object = each_field(line, [&](std::string_view key, std::string_view value) {
    if (key == "act") head.act = plain_text(value);
    if (key == "event") head.event = plain_text(value);
    if (key == "run") head.run = plain_text(value);
    if (key == "time") head.time = plain_text(value);
    if (key == "outcome") head.outcome = plain_text(value);
    if (key == "approval") read_approval(value, head);
    if (key == kHistorySha256) head.history_sha256 = plain_text(value);
    if (key == "prev") head.prev = plain_text(value);
    if (key == "seq") head.seq = value;
    if (key == "first") head.first = value;
    if (key == "last") head.last = value;
    if (key == kVouch) head.vouched = true;
    if (key == kDecides) head.decides = value == "true";
  });
  if (!is_object) return std::nullopt;
  return head;
}

}  // namespace keyrite::transcript
