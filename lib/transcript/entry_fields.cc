#include "transcript/entry_fields.h"

#include <utility>

#include "base/json.h"

namespace keyrite::transcript {

namespace {

// Null where there is none, and in what is not an object.
const Json& member(const Json& value, std::string_view name) {
  static const Json none;
  const auto found = value.find(name);
  return found == value.end() ? none : *found;
}

const Json& member(const Json& value, std::string_view name, std::string_view inner) {
  const Json& outer = member(value, name);
  return inner.empty() ? outer : member(outer, inner);
}

}  // namespace

std::string entry_text(const Json& entry, std::string_view name, std::string_view inner) {
  const Json& value = member(entry, name, inner);
  return value.is_string() ? value.get<std::string>() : std::string();
}

Json entry_list(const Json& entry, std::string_view name, std::string_view inner) {
  const Json& value = member(entry, name, inner);
  return value.is_array() ? value : Json::array();
}

std::vector<std::string> entry_texts(const Json& entry, std::string_view name) {
  std::vector<std::string> texts;
  for (const Json& one : entry_list(entry, name)) {
    if (one.is_string()) texts.push_back(one.get<std::string>());
  }
  return texts;
}

std::vector<std::string> entry_evidence(const Json& entry) {
  std::vector<std::string> named;
  for (const Json* one : {&member(entry, "facts", "evidence_sha256"), &member(entry, "evidence")}) {
    if (one->is_string()) named.push_back(one->get<std::string>());
  }
  for (auto& one : entry_texts(entry, "evidence")) named.push_back(std::move(one));
  return named;
}

Json entry_object(const Json& entry, std::string_view name) {
  const Json& value = member(entry, name);
  return value.is_object() ? value : Json::object();
}

}  // namespace keyrite::transcript
