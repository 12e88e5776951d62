// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/planned_request.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "act/ceremony_use.h"
#include "base/error.h"
#include "base/file.h"
#include "crypto/digest.h"

namespace keyrite::ceremony {

namespace {

// Of each file of an input field; nullopt where one of them is a folder, whose files are read when
// the act is done.
std::optional<std::vector<std::string>> hashes_of(const Json& given) {
  const Json paths = given.is_array() ? given : Json::array({given});
  std::vector<std::string> hashes;
  for (const auto& path : paths) {
    const auto& text = path.get_ref<const std::string&>();
    if (std::filesystem::is_directory(text)) return std::nullopt;
    hashes.push_back(crypto::sha256_hex(read_file(text)));
  }
  return hashes;
}

const Json* field_of(const Step& step, std::string_view name) {
  const auto found =
      std::ranges::find_if(step.fields, [&](const auto& field) { return field.first == name; });
  return found == step.fields.end() ? nullptr : &found->second;
}

// A step refers to earlier ones only, so this comes to an end.
class FixedValues {
 public:
  FixedValues(const Ceremony& ceremony, const Bindings& bindings)
      : ceremony_(ceremony), bindings_(bindings) {}

  // NOLINTNEXTLINE(misc-no-recursion): as deep as steps refer to earlier ones
  [[nodiscard]] std::optional<std::string> of(const std::string& name) const {
    if (const Input* input = ceremony_.input_named(name))
      return input->when == BoundWhen::kFixed ? bindings_.value(name) : std::nullopt;
    const auto dot = name.find('.');
    const Step* step =
        dot == std::string::npos ? nullptr : ceremony_.step_named(name.substr(0, dot));
    const Json* field = step == nullptr ? nullptr : field_of(*step, name.substr(dot + 1));
    if (field == nullptr || !field->is_string()) return std::nullopt;
    return resolved(std::string_view(field->get_ref<const std::string&>()),
                    [this](const std::string& one) { return of(one); });
  }

 private:
  const Ceremony& ceremony_;
  const Bindings& bindings_;
};

}  // namespace

ValueOf fixed_values(const Ceremony& ceremony, const Bindings& bindings) {
  return [values = FixedValues(ceremony, bindings)](const std::string& name) {
    return values.of(name);
  };
}

std::vector<std::string> fresh_inputs_of(const Step& step, const Ceremony& ceremony) {
  std::vector<std::string> names;
  for (const auto& [field, value] : step.fields) {
    for (const auto& name : references_in(value)) {
      const Input* input = ceremony.input_named(name);
      const bool fresh = input != nullptr && input->when == BoundWhen::kFresh;
      if (fresh && std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

PlannedRequest planned_request(const Step& step, const ValueOf& value_of) {
  PlannedRequest planned{.request = find_act(step.act)->request()};
  FieldValues known;
  for (const auto& [name, value] : step.fields) {
    if (auto now = resolved(value, value_of)) {
      known.emplace_back(name, std::move(*now));
    } else {
      planned.later.push_back(name);
    }
  }
  try {
    set_fields(planned.request, known);
  } catch (const Error& error) {
    throw Error(error.kind(), error.code(), "step \"" + step.name + "\": " + error.message(),
                error.hint());
  }
  return planned;
}

act::RecordedRequest recorded_request(const Step& step, const ValueOf& value_of) {
  auto planned = planned_request(step, value_of);
  act::ReadInputs inputs;
  act::BoundRequest known;
  for (const auto& field : planned.request.fields) {
    const bool input = field.info().binds.what() == act::Binds::What::kInput;
    if (input && field.is_set()) {
      auto hashes = hashes_of(field.value());
      if (!hashes) {
        planned.later.emplace_back(field.info().name);
        continue;
      }
      inputs[std::string(field.info().name)] = std::move(*hashes);
    }
    known.push_back(field);
  }
  act::RecordedRequest recorded{{.name = act::step_member(step.number, "act"), .value = step.act}};
  for (auto& field : act::record(known, inputs)) {
    field.name = act::step_member(step.number, field.name);
    recorded.push_back(std::move(field));
  }
  for (const auto& name : planned.later)
    recorded.push_back({.name = act::step_member(step.number, name), .value = act::kFreshValue});
  return recorded;
}

act::RecordedRequest plain_request(const Step& step) {
  const auto planned =
      planned_request(step, [](const std::string& /*name*/) { return std::nullopt; });
  act::BoundRequest plain;
  for (const auto& field : planned.request.fields) {
    const auto what = field.info().binds.what();
    if (what == act::Binds::What::kPlain || what == act::Binds::What::kWord) plain.push_back(field);
  }
  return act::record(plain);
}

std::string field_text(const ActRequest& request, std::string_view name) {
  const auto field = std::ranges::find_if(request.fields,
                                          [&](const auto& one) { return one.info().name == name; });
  if (field == request.fields.end() || !field->is_set()) return {};
  const Json value = field->value();
  return value.is_string() ? value.get<std::string>() : std::string();
}

}  // namespace keyrite::ceremony
