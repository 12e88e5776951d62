// The options of a place as JSON: one table for each cloud.
#include <type_traits>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "provider/key_place.h"
#include "provider/place_words.h"

namespace keyrite::provider {
namespace {

template <class Options>
struct StoredOption {
  std::string_view name{};  // of wrap-for-import
  std::variant<std::optional<std::string> Options::*, std::vector<std::string> Options::*,
               bool Options::*>
      member{};
};

template <class Options>
const std::vector<StoredOption<Options>>& stored_table();

template <>
const std::vector<StoredOption<aws::ImportOptions>>& stored_table() {
  using O = aws::ImportOptions;
  static const std::vector<StoredOption<O>> table{{"wrapping-algorithm", &O::wrapping_algorithm},
                                                  {"wrapping-key-spec", &O::wrapping_key_spec},
                                                  {"key-spec", &O::key_spec},
                                                  {"key-usage", &O::key_usage},
                                                  {"expiration-model", &O::expiration_model},
                                                  {"valid-to", &O::valid_to},
                                                  {"profile", &O::profile},
                                                  {"multi-region", &O::multi_region},
                                                  {"replica-of", &O::replica_of}};
  return table;
}

template <>
const std::vector<StoredOption<azure::ImportOptions>>& stored_table() {
  using O = azure::ImportOptions;
  static const std::vector<StoredOption<O>> table{
      {"store", &O::store}, {"ops", &O::ops}, {"tags", &O::tags}, {"expires", &O::expires}};
  return table;
}

template <>
const std::vector<StoredOption<google::ImportOptions>>& stored_table() {
  using O = google::ImportOptions;
  static const std::vector<StoredOption<O>> table{
      {"import-method", &O::import_method},
      {"protection-level", &O::protection_level},
      {"algorithm", &O::algorithm},
      {"purpose", &O::purpose},
      {"destroy-scheduled-duration", &O::destroy_scheduled_duration},
      {"keep-primary", &O::keep_primary}};
  return table;
}

void put(Json& json, std::string_view name, const std::optional<std::string>& value) {
  if (value) json[std::string(name)] = *value;
}
void put(Json& json, std::string_view name, const std::vector<std::string>& value) {
  if (!value.empty()) json[std::string(name)] = value;
}
void put(Json& json, std::string_view name, bool value) {
  if (value) json[std::string(name)] = true;
}

void take(const JsonView& value, std::optional<std::string>& to) { to = value.text(); }
void take(const JsonView& value, std::vector<std::string>& to) {
  to.clear();
  for (const auto& one : value.items()) to.push_back(one.text());
}
void take(const JsonView& value, bool& to) { to = value.boolean(); }

template <class Options>
Json to_stored(const Options& options) {
  Json json = Json::object();
  for (const auto& one : stored_table<Options>())
    std::visit([&](auto member) { put(json, one.name, options.*member); }, one.member);
  return json;
}

std::string shown(const std::optional<std::string>& value) { return value.value_or(""); }
std::string shown(const std::vector<std::string>& value) {
  std::string list;
  for (const auto& one : value) list += (list.empty() ? "" : ", ") + one;
  return list;
}
std::string shown(bool value) { return value ? "yes" : "no"; }

template <class Value>
void fill(std::string_view name, Value& to, const Value& from) {
  if (from == Value{}) return;
  if (to != Value{} && to != from) not_of_destination(name, shown(to), shown(from));
  to = from;
}

template <class Options>
void fill_from(Options& to, const ImportOptions& from) {
  const auto* same = std::get_if<Options>(&from);
  if (same == nullptr) throw Error(Kind::kInternal, "options-provider", "options of two clouds");
  for (const auto& one : stored_table<Options>()) {
    std::visit([&](auto member) { fill(one.name, to.*member, same->*member); }, one.member);
  }
}

template <class Options>
Options from_stored(Provider provider, const JsonView& view) {
  if (!view.is_object()) {
    throw Error(Kind::kConfig, "json-wrong-type",
                fmt::format("{}: the options are not an object", printable(view.where())),
                "give them by the names of the options of wrap-for-import");
  }
  Options options;
  std::size_t known = 0;
  std::string names;
  for (const auto& one : stored_table<Options>()) {
    names += (names.empty() ? "" : ", ") + std::string(one.name);
    if (!view.raw().contains(std::string(one.name))) continue;
    ++known;
    std::visit([&](auto member) { take(view.at(one.name), options.*member); }, one.member);
  }
  if (known == view.raw().size()) return options;
  for (const auto& [name, value] : view.raw().items()) {
    bool there = false;
    for (const auto& one : stored_table<Options>()) there = there || one.name == name;
    if (there) continue;
    throw Error(Kind::kUsage, "option-not-for-provider",
                fmt::format("a destination at {} does not take the option \"{}\"",
                            provider_title(provider), printable(name)),
                "its options are: " + names);
  }
  return options;
}

}  // namespace

Json stored_options(const ImportOptions& options) {
  return std::visit([](const auto& one) { return to_stored(one); }, options);
}

void fill_stored(ImportOptions& options, const ImportOptions& from) {
  std::visit([&](auto& one) { fill_from(one, from); }, options);
}

ImportOptions read_stored_options(Provider provider, const JsonView& options) {
  switch (provider) {
    case Provider::kAws:
      return from_stored<aws::ImportOptions>(provider, options);
    case Provider::kAzure:
      return from_stored<azure::ImportOptions>(provider, options);
    case Provider::kGoogle:
      return from_stored<google::ImportOptions>(provider, options);
  }
  throw Error(Kind::kInternal, "value-outside-table", "a provider outside the table");
}

}  // namespace keyrite::provider
