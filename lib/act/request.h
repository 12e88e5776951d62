// The request table: one list of an act's fields makes its command-line options, its ceremony step,
// the JSON that is recorded, and the options part of its man page. A field is bound to a member of
// the request struct, so the struct is the only place where a value lives. Tables are static and
// immutable; a bound request is used by one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace keyrite::act {

enum class Need { kOptional, kRequired };
enum class Shape { kOption, kPositional };

// What a field's value is to approvers and to the log. Each row of every table says it: there is no
// default, so a row that does not say it does not compile.
class Binds {
 public:
  enum class What { kPlain, kWord, kName, kInput, kOutput };
  using IsWord = bool (*)(std::string_view text);
  // In the log and in request.json as it is: a flag, a number, one of the field's choices. If an
  // act is recorded, no other text may be plain.
  [[nodiscard]] static constexpr Binds plain() { return Binds(What::kPlain); }
  // Also there as it is: a text that `is_word` knows as hex, a time, or a word of a table. Any
  // other text is refused before anything is recorded.
  [[nodiscard]] static constexpr Binds word(IsWord is_word) { return Binds(What::kWord, is_word); }
  // May reveal whose key it is (a label, a cloud key): a pseudonym replaces it.
  [[nodiscard]] static constexpr Binds name() { return Binds(What::kName); }
  // A file that is read: bound by the SHA-256 of the bytes that were read, wherever it is.
  [[nodiscard]] static constexpr Binds input() { return Binds(What::kInput); }
  // A file or folder that is made: bound by its absolute path (real_place), for which a pseudonym
  // stands.
  [[nodiscard]] static constexpr Binds output() { return Binds(What::kOutput); }
  [[nodiscard]] constexpr What what() const { return what_; }
  [[nodiscard]] constexpr bool takes(std::string_view text) const {
    return is_word_ != nullptr && is_word_(text);
  }

 private:
  explicit constexpr Binds(What what, IsWord is_word = nullptr) : what_(what), is_word_(is_word) {}
  What what_;
  IsWord is_word_;
};

// What people see of a field. `value` names the argument in help ("URI", "FILE"; empty for a flag).
struct FieldInfo {
  std::string_view name{};  // long option without dashes, TOML and JSON key with '-' as it is
  std::string_view value{};
  std::string_view help{};
  std::string_view default_text{};  // shown in help; empty: none
  Need need{Need::kOptional};
  Shape shape{Shape::kOption};
  std::vector<std::string_view> choices{};  // empty: free text
  Binds binds;
};

template <class Request>
using Member =
    std::variant<std::string Request::*, std::optional<std::string> Request::*, bool Request::*,
                 std::optional<std::uint32_t> Request::*, std::vector<std::string> Request::*>;

template <class Request>
struct Field {
  FieldInfo info;
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

// One field as a transcript records it, and as approvers approve it.
struct RecordedField {
  std::string name{};
  Json value{};
  bool is_name{false};  // a pseudonym is to replace the value, or each of a list
};
using RecordedRequest = std::vector<RecordedField>;

// What an act has read: by the field's name the SHA-256 (hex) of the bytes of each of its files, in
// the order given. Hashed are the bytes that are parsed: each file is read once.
using ReadInputs = std::map<std::string, std::vector<std::string>, std::less<>>;

// In table order, unset fields left out; an input as {"sha256": HEX}, an output by its absolute
// path. Errors kUsage "value-not-allowed" for a text that is none of the field's words or choices;
// kInternal "input-not-read" for an input that `inputs` does not have, "field-not-listed" for a
// plain text without choices.
[[nodiscard]] RecordedRequest record(const BoundRequest& request, const ReadInputs& inputs = {});
template <class Request>
[[nodiscard]] RecordedRequest record(Request request, const ReadInputs& inputs = {}) {
  return record(bind(Request::table(), request), inputs);
}
// Error kUsage "value-missing" naming the first required field that has no value.
void require_complete(const BoundRequest& request);

}  // namespace keyrite::act
