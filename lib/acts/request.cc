#include "acts/request.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.h"

namespace keyrite::acts {

namespace {

[[noreturn]] void refuse(const FieldInfo& info, std::string code, std::string_view why,
                         std::string hint = {}) {
  throw Error(Kind::kUsage, std::move(code), fmt::format("--{} {}", info.name, why),
              std::move(hint));
}

void require_allowed(const FieldInfo& info, const std::string& word) {
  if (word.empty())
    refuse(info, "value-empty", "is given an empty value", "give a value, or leave it out");
  if (info.choices.empty()) return;
  if (std::find(info.choices.begin(), info.choices.end(), word) != info.choices.end()) return;
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

RecordedRequest record(const BoundRequest& request) {
  RecordedRequest recorded;
  for (const auto& field : request) {
    if (!field.is_set()) continue;
    const auto& info = field.info();
    Json value = field.value();
    const bool text = value.is_string() || value.is_array();
    recorded.push_back({.name = std::string(info.name),
                        .value = std::move(value),
                        .is_name = text && info.choices.empty() && !info.names_nobody});
  }
  return recorded;
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

}  // namespace keyrite::acts
