// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/script_page.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "ceremony/internal/paper.h"
#include "ceremony/internal/script_steps.h"
#include "ceremony/internal/script_template.h"
#include "ceremony/internal/terms.h"

namespace keyrite::ceremony {

namespace {

constexpr std::size_t kGuests = 2;
constexpr std::size_t kSheets = 3;
constexpr std::size_t kRowsOfRoot = 8;

Data roles_of(const Ceremony& ceremony) {
  Data rows = page_list();
  for (const auto& role : ceremony.roles) {
    Data row;
    row.set("name", page_text(role.name));
    row.set("people", std::to_string(role.people));
    row.set("duty", page_text(role.duty));
    rows << row;
  }
  return rows;
}

// One for each person that the roles ask for.
Data seats_of(const Ceremony& ceremony) {
  Data seats = page_list();
  for (const auto& role : ceremony.roles) {
    for (std::int64_t i = 0; i < role.people; ++i) seats << Data{"role", page_text(role.name)};
  }
  return seats;
}

Data terms_data(const Ceremony& ceremony) {
  Data rows = page_list();
  for (const auto& term : terms_of(ceremony)) {
    Data row;
    row.set("term", std::string(term.term));
    row.set("meaning", std::string(term.meaning));
    rows << row;
  }
  return rows;
}

Data materials_of(const Ceremony& ceremony) {
  Data rows = page_list();
  for (const auto& material : ceremony.materials) {
    Data row;
    row.set("name", page_text(material.name));
    row.set("quantity", std::to_string(material.quantity));
    row.set("serial", material.serial.empty() ? Data("none") : page_text(material.serial));
    rows << row;
  }
  return rows;
}

Data inputs_of(const Ceremony& ceremony, const ValueOf& known) {
  Data rows = page_list();
  for (const auto& input : ceremony.inputs) {
    Data row;
    row.set("reference", "${" + input.name + "}");
    row.set("help", page_text(input.help));
    row.set("bound", input.when == BoundWhen::kFixed ? "approved" : "in the room");
    set_text(row, "value", known(input.name).value_or(std::string()));
    rows << row;
  }
  return rows;
}

Data texts_of(const std::vector<std::string>& texts, const ValueOf& known) {
  Data rows = page_list();
  for (const auto& text : texts) rows << Data{"text", page_line(shown(text, known))};
  return rows;
}

Data duties_of(const Ceremony& ceremony, const ValueOf& known) {
  Data rows = page_list();
  for (const auto& duty : ceremony.duties) {
    Data row;
    row.set("text", page_line(shown(duty.text, known)));
    row.set("role", page_text(duty.role));
    rows << row;
  }
  return rows;
}

Data step_lists(const Ceremony& ceremony, const ValueOf& known) {
  Data lists = page_list();
  const auto add = [&](const char* id, const char* title, const char* intro, const auto& steps) {
    if (steps.empty()) return;
    Data one;
    one.set("list_id", id);
    one.set("list_title", title);
    one.set("list_intro", intro);
    one.set("steps", script_steps(ceremony, steps, known));
    lists << one;
  };
  add("steps", "Steps",
      "In this order. A step that fails ends the ceremony, unless it says what is done then. "
      "Initials "
      "and time (HH:MM, by the one clock) follow each step; a step that is not done gets a line.",
      ceremony.steps);
  add("aborted", "If the ceremony is aborted",
      "Only then, after the step at which it ended. Say on an exception sheet why.",
      ceremony.teardown);
  return lists;
}

Data forms_of(const ScriptOptions& options) {
  Data forms = page_list();
  if (!options.custodian_forms) return forms;
  const auto names = options.custodians.empty() ? std::vector<std::string>{{}} : options.custodians;
  std::size_t nr = 0;
  for (const auto& name : names) {
    Data form;
    form.set("nr", std::to_string(++nr));
    form.set("name", page_text(name));
    forms << form;
  }
  return forms;
}

void set_cover(Data& page, const Ceremony& ceremony, const ScriptOptions& options,
               const ValueOf& known) {
  page.set("purpose", page_paragraphs(shown(ceremony.purpose, known)));
  page.set("fingerprint", fingerprint_rows(ceremony.sha256));
  page.set("qr", qr_on_paper(ceremony.sha256, "QR code of the SHA-256 of the file"));
  page.set("printed_at", format_rfc3339(options.printed_at));
  page.set("tool", page_text(options.tool_version));
  page.set("count", std::to_string(ceremony.steps.size()));
  page.set("planned", std::to_string(ceremony.planned_minutes()));
  page.set("valid_days", std::to_string(ceremony.valid_days));
  page.set("check_in", ceremony.people.check_in == CheckIn::kSignature
                           ? "by a signature with their key of the roster"
                           : "by their name, which somebody types");
}

}  // namespace

std::string script_page(const Ceremony& ceremony, const ScriptOptions& options) {
  const ValueOf known = [&](const std::string& name) -> std::optional<std::string> {
    const auto found = options.inputs.find(name);
    return found == options.inputs.end() ? std::nullopt : std::optional(found->second);
  };
  Data page;
  set_cover(page, ceremony, options, known);
  page.set("terms", terms_data(ceremony));
  page.set("roles", roles_of(ceremony));
  page.set("seats", seats_of(ceremony));
  page.set("guests", page_blanks(kGuests));
  page.set("has_materials", !ceremony.materials.empty());
  page.set("materials", materials_of(ceremony));
  page.set("has_preconditions", !ceremony.preconditions.empty());
  page.set("preconditions", texts_of(ceremony.preconditions, known));
  page.set("has_inputs", !ceremony.inputs.empty());
  page.set("inputs", inputs_of(ceremony, known));
  page.set("lists", step_lists(ceremony, known));
  const Data values = values_to_copy(ceremony, known);
  page.set("has_values", values.is_non_empty_list());
  page.set("values", values);
  page.set("sheets", page_blanks(kSheets));
  page.set("has_duties", !ceremony.duties.empty());
  page.set("duties", duties_of(ceremony, known));
  page.set("independent", ceremony.people.independent_witness);
  page.set("forms", forms_of(options));
  page.set("root", page_blanks(kRowsOfRoot));
  return whole_page(page, script_template(),
                    {.kind = "Script",
                     .paper = options.paper,
                     .mode = options.mode,
                     .title = ceremony.title,
                     .file_sha256 = ceremony.sha256,
                     .foot = "Initials: ____________"});
}

}  // namespace keyrite::ceremony
