#include "act/request.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/presence.h"
#include "base/text.h"

namespace keyrite::act {

namespace {

[[noreturn]] void refuse(const FieldInfo& info, std::string code, std::string_view why,
                         std::string hint = {}) {
  throw Error(Kind::kUsage, std::move(code), fmt::format("--{} {}", info.name, why),
              std::move(hint));
}

bool is_choice(const FieldInfo& info, std::string_view word) {
  return std::find(info.choices.begin(), info.choices.end(), word) != info.choices.end();
}

void require_allowed(const FieldInfo& info, const std::string& word) {
  if (word.empty())
    refuse(info, "value-empty", "is given an empty value", "give a value, or leave it out");
  if (info.choices.empty() || is_choice(info, word)) return;
  refuse(info, "value-not-allowed", fmt::format("does not take \"{}\"", printable(word)),
         fmt::format("it takes {}", fmt::join(info.choices, ", ")));
}

std::uint32_t number(const FieldInfo& info, const std::string& word) {
  std::uint32_t value = 0;
  const auto [end, failure] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (failure != std::errc() || end != word.data() + word.size()) {
    refuse(info, "value-not-a-number", fmt::format("does not take \"{}\"", printable(word)),
           "it takes a whole number");
  }
  return value;
}

struct Setter {
  const FieldInfo& info;
  const std::vector<std::string>& words;

  [[nodiscard]] const std::string& one() const {
    if (words.size() != 1)
      refuse(info, "value-given-twice", "is given more than once", "give it once");
    return words.front();
  }
  void operator()(std::string* target) const { *target = one(); }
  void operator()(std::optional<std::string>* target) const { *target = one(); }
  void operator()(bool* target) const { *target = true; }
  void operator()(std::optional<std::uint32_t>* target) const { *target = number(info, one()); }
  void operator()(std::vector<std::string>* target) const { *target = words; }
};

struct Getter {
  Json operator()(const std::string* value) const {
    return value->empty() ? Json(nullptr) : Json(*value);
  }
  Json operator()(const std::optional<std::string>* value) const {
    return *value ? Json(**value) : Json(nullptr);
  }
  Json operator()(const bool* value) const { return *value ? Json(true) : Json(nullptr); }
  Json operator()(const std::optional<std::uint32_t>* value) const {
    return *value ? Json(**value) : Json(nullptr);
  }
  Json operator()(const std::vector<std::string>* value) const {
    return value->empty() ? Json(nullptr) : Json(*value);
  }
};

}  // namespace

void BoundField::set(const std::vector<std::string>& words) const {
  for (const auto& word : words) require_allowed(*info_, word);
  std::visit(Setter{*info_, words}, target_);
}

Json BoundField::value() const { return std::visit(Getter{}, target_); }

bool BoundField::is_set() const { return !value().is_null(); }

Json to_json(const BoundRequest& request) {
  Json json = Json::object();
  for (const auto& field : request) {
    if (field.is_set()) json[std::string(field.info().name)] = field.value();
  }
  return json;
}

namespace {

// Through no link: one that points elsewhere by now would take what leaves there.
std::string from_the_root(const std::string& path) { return real_place(path).native(); }

Json one_or_list(bool list, std::vector<Json> values) {
  if (list) return values;
  return std::move(values.front());
}

// By content: what the file is called and where it stands decides nothing.
Json content_of(const BoundField& field, const ReadInputs& inputs) {
  const auto read = inputs.find(field.info().name);
  const std::size_t given = field.is_list() ? field.value().size() : 1;
  if (read == inputs.end() || read->second.size() != given) {
    throw Error(Kind::kInternal, "input-not-read",
                fmt::format("--{} names an input of the act, and keyrite did not hash it",
                            field.info().name));
  }
  std::vector<Json> hashes;
  for (const auto& sha256 : read->second) hashes.push_back(Json{{"sha256", sha256}});
  return one_or_list(field.is_list(), std::move(hashes));
}

Json paths_of(const BoundField& field) {
  const Json value = field.value();
  if (value.is_string()) return from_the_root(value.get<std::string>());
  Json paths = Json::array();
  for (const auto& path : value) paths.push_back(from_the_root(path.get<std::string>()));
  return paths;
}

// What anybody typed does not get into the log because its field has a harmless name.
Json listed_value(const BoundField& field) {
  const FieldInfo& info = field.info();
  Json value = field.value();
  for (const Json& one : value.is_array() ? value : Json::array({value})) {
    if (!one.is_string()) continue;
    const auto& text = one.get_ref<const std::string&>();
    if (info.binds.what() == Binds::What::kWord ? info.binds.takes(text) : is_choice(info, text))
      continue;
    if (info.binds.what() == Binds::What::kPlain && info.choices.empty()) {
      throw Error(Kind::kInternal, "field-not-listed",
                  fmt::format("--{} may be any text, and would be in the log", info.name));
    }
    refuse(info, "value-not-allowed", fmt::format("does not take \"{}\"", printable(text)),
           std::string(info.help));
  }
  return value;
}

RecordedField recorded(const BoundField& field, const ReadInputs& inputs) {
  const std::string name(field.info().name);
  switch (field.info().binds.what()) {
    case Binds::What::kInput:
      return {.name = name, .value = content_of(field, inputs)};
    case Binds::What::kOutput:
      return {.name = name, .value = paths_of(field), .is_name = true};
    case Binds::What::kName:
      return {.name = name, .value = field.value(), .is_name = true};
    case Binds::What::kPlain:
    case Binds::What::kWord:
      break;
  }
  return {.name = name, .value = listed_value(field)};
}

}  // namespace

RecordedRequest record(const BoundRequest& request, const ReadInputs& inputs) {
  RecordedRequest all;
  for (const auto& field : request) {
    if (field.is_set()) all.push_back(recorded(field, inputs));
  }
  return all;
}

void require_complete(const BoundRequest& request) {
  for (const auto& field : request) {
    if (field.info().need == Need::kRequired && !field.is_set()) {
      const bool positional = field.info().shape == Shape::kPositional;
      throw Error(Kind::kUsage, "value-missing",
                  fmt::format("{}{} is missing", positional ? "" : "--",
                              positional ? field.info().value : field.info().name),
                  fmt::format("{}", field.info().help));
    }
  }
}

}  // namespace keyrite::act
