// The request table: one list of an act's fields makes its command-line options, its ceremony step,
// the JSON that is recorded, and the options part of its man page. A field is bound to a member of
// the request struct, so the struct is the only place where a value lives. Tables are static and
// immutable; a bound request is used by one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace keyrite::acts {

enum class Need { kOptional, kRequired };
enum class Shape { kOption, kPositional };

// What people see of a field. `value` names the argument in help ("URI", "FILE"; empty for a flag).
struct FieldInfo {
  std::string_view name{};  // long option without dashes, TOML and JSON key with '-' as it is
  std::string_view value{};
  std::string_view help{};
  std::string_view default_text{};  // shown in help; empty: none
  Need need{Need::kOptional};
  Shape shape{Shape::kOption};
  std::vector<std::string_view> choices{};  // empty: free text
  bool names_nobody{false};                 // a free text that may stand in the transcript as it is
};

template <class Request>
using Member =
    std::variant<std::string Request::*, std::optional<std::string> Request::*, bool Request::*,
                 std::optional<std::uint32_t> Request::*, std::vector<std::string> Request::*>;

template <class Request>
struct Field {
  FieldInfo info{};
  Member<Request> member{};
};

// A field of one request object, its type erased: what cli, ceremony and the transcript work with.
class BoundField {
 public:
  using Target = std::variant<std::string*, std::optional<std::string>*, bool*,
                              std::optional<std::uint32_t>*, std::vector<std::string>*>;
  BoundField(const FieldInfo& info, Target target) : info_(&info), target_(target) {}

  [[nodiscard]] const FieldInfo& info() const { return *info_; }
  [[nodiscard]] bool is_flag() const { return std::holds_alternative<bool*>(target_); }
  [[nodiscard]] bool is_list() const {
    return std::holds_alternative<std::vector<std::string>*>(target_);
  }
  // Sets from command-line words (flag: empty list sets true). Errors kUsage: "value-not-allowed"
  // (choices), "value-not-a-number", "value-given-twice", "value-empty".
  void set(const std::vector<std::string>& words) const;
  // The value as recorded: null when unset.
  [[nodiscard]] Json value() const;
  [[nodiscard]] bool is_set() const;

 private:
  const FieldInfo* info_;
  Target target_;
};

using BoundRequest = std::vector<BoundField>;

template <class Request>
[[nodiscard]] BoundRequest bind(const std::vector<Field<Request>>& table, Request& request) {
  BoundRequest bound;
  bound.reserve(table.size());
  for (const auto& field : table) {
    std::visit(
        [&](auto member) {
          bound.emplace_back(field.info, BoundField::Target{&(request.*member)});
        },
        field.member);
  }
  return bound;
}

// The request as JSON, in table order, unset fields left out.
[[nodiscard]] Json to_json(const BoundRequest& request);

// One field as a transcript records it. A free text may tell whose key it is (a label, a folder, a
// cloud key) unless its table says that it does not; flags, numbers and choices never do.
struct RecordedField {
  std::string name{};
  Json value{};
  bool is_name{false};
};
using RecordedRequest = std::vector<RecordedField>;
// In table order, unset fields left out.
[[nodiscard]] RecordedRequest record(const BoundRequest& request);
template <class Request>
[[nodiscard]] RecordedRequest record(Request request) {
  return record(bind(Request::table(), request));
}
// Error kUsage "value-missing" naming the first required field that has no value.
void require_complete(const BoundRequest& request);

}  // namespace keyrite::acts
