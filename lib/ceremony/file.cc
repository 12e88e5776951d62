// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/file.h"

#include <utility>

#include <fmt/format.h>

#include "base/file.h"
#include "base/toml.h"
#include "ceremony/internal/fields.h"
#include "ceremony/internal/file_checks.h"
#include "ceremony/internal/step_reading.h"
#include "ceremony/problems.h"
#include "crypto/digest.h"

namespace keyrite::ceremony {

namespace {

constexpr std::int64_t kMostPeople = 50;
constexpr std::int64_t kLongestDays = 31;
constexpr std::int64_t kUsualDays = 7;
constexpr std::array<std::string_view, 3> kClouds{"aws", "azure", "google"};

void read_kind(Fields& file) {
  if (file.word("format", Must::kBeThere) != "keyrite-ceremony")
    file.problems().add(file.at("format"), "\"format\" must be \"keyrite-ceremony\"");
  if (file.number("version", 0, 0, 1'000'000) != kCeremonyVersion)
    file.problems().add(file.at("version"),
                        fmt::format("\"version\" must be {}", kCeremonyVersion));
}

People read_people(Fields& file) {
  People people;
  const auto item = file.table("people");
  if (!item) return people;
  Fields fields(*item->table, item->pointer, file.problems());
  if (const auto way = fields.choice("check_in", kCheckInWords, Must::kMayLack))
    people.check_in = static_cast<CheckIn>(*way);
  people.independent_witness = fields.flag("independent_witness");
  fields.finish();
  return people;
}

// `read` takes the fields of each table of the list `name`.
template <class One, class Read>
std::vector<One> read_each(Fields& file, const char* name, const Read& read) {
  std::vector<One> all;
  for (const auto& item : file.tables(name)) {
    Fields fields(*item.table, item.pointer, file.problems());
    all.push_back(read(fields));
    fields.finish();
  }
  return all;
}

Role read_role(Fields& fields) {
  return {.name = fields.word("name", Must::kBeThere),
          .people = fields.number("people", 1, 1, kMostPeople),
          .duty = fields.line("duty", Must::kMayLack)};
}

Material read_material(Fields& fields) {
  constexpr std::int64_t kMostThings = 10'000;
  return {.name = fields.line("name", Must::kBeThere),
          .quantity = fields.number("quantity", 1, 1, kMostThings),
          .serial = fields.line("serial", Must::kMayLack)};
}

Duty read_duty(Fields& fields) {
  return {.text = fields.text("text", Must::kBeThere), .role = fields.word("role", Must::kBeThere)};
}

Input read_input(Fields& fields) {
  Input input{.name = fields.word("name", Must::kBeThere)};
  if (const auto kind = fields.choice("kind", kInputKindWords, Must::kMayLack))
    input.kind = static_cast<InputKind>(*kind);
  if (const auto when = fields.choice("when", kBoundWhenWords, Must::kMayLack))
    input.when = static_cast<BoundWhen>(*when);
  input.help = fields.line("help", Must::kBeThere);
  if (const auto cloud = fields.choice("cloud", kClouds, Must::kMayLack))
    input.cloud = kClouds.at(*cloud);
  input.rehearsal = fields.line("rehearsal", Must::kMayLack);
  return input;
}

Ceremony read_all(Fields& file) {
  Ceremony ceremony;
  read_kind(file);
  ceremony.title = file.line("title", Must::kBeThere);
  ceremony.purpose = file.text("purpose", Must::kBeThere);
  ceremony.valid_days = file.number("valid_days", kUsualDays, 1, kLongestDays);
  ceremony.preconditions = file.texts("preconditions");
  ceremony.people = read_people(file);
  ceremony.roles = read_each<Role>(file, "role", read_role);
  ceremony.materials = read_each<Material>(file, "material", read_material);
  ceremony.duties = read_each<Duty>(file, "duty", read_duty);
  ceremony.inputs = read_each<Input>(file, "input", read_input);
  ceremony.steps = read_steps(file, "step", 1);
  ceremony.teardown =
      read_steps(file, "teardown", static_cast<std::uint32_t>(ceremony.steps.size()) + 1);
  ceremony.rehearsal = read_setups(file, "rehearsal");
  file.finish();
  return ceremony;
}

}  // namespace

Ceremony read_ceremony(ByteView content, const std::string& origin) {
  auto placed = parse_placed_toml(content, origin);
  Problems problems(origin, std::move(placed.places));
  Fields file(placed.json, "", problems);
  Ceremony ceremony = read_all(file);
  ceremony.sha256 = crypto::sha256_hex(content);
  check_whole(ceremony, problems);
  problems.require_none();
  return ceremony;
}

CeremonyFile ceremony_file(const std::string& path) {
  CeremonyFile file{.content = read_file(path)};
  file.ceremony = read_ceremony(file.content, path);
  return file;
}

}  // namespace keyrite::ceremony
