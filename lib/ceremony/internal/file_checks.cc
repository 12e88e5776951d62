// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/internal/file_checks.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "ceremony/references.h"
#include "ceremony/step_acts.h"

namespace keyrite::ceremony {

namespace {

std::string pointer_of(const char* list, std::size_t index) {
  return pointer_to(pointer_to("", list), std::to_string(index));
}

template <class List>
void check_unique(const List& list, const char* name, std::set<std::string>& seen,
                  Problems& problems) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].name.empty()) continue;
    if (!seen.insert(list[i].name).second)
      problems.add(pointer_to(pointer_of(name, i), "name"),
                   fmt::format("the name \"{}\" stands twice", list[i].name));
  }
}

// Walks the steps in the order of a run, and knows what there is by then.
class Walk {
 public:
  Walk(const Ceremony& ceremony, Problems& problems) : ceremony_(ceremony), problems_(problems) {
    for (const auto& role : ceremony.roles) roles_.push_back(role.name);
    for (const auto& input : ceremony.inputs) known_.push_back(input.name);
  }

  void steps(const std::vector<Step>& steps, const char* list) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      at_ = pointer_of(list, i);
      check(steps[i]);
      add_outputs(steps[i]);
      earlier_.push_back(&steps[i]);
    }
  }

  void role(const std::string& name, const std::string& pointer) {
    if (name.empty() || std::ranges::find(roles_, name) != roles_.end()) return;
    problems_.add_unknown(pointer, "role", name, roles_);
  }

 private:
  void check(const Step& step) {
    role(step.role, pointer_to(at_, "role"));
    for (const char* member : {"title", "text", "words", "value", "channel"})
      references(step, member);
    for (const auto& [name, value] : step.fields) {
      const auto pointer = pointer_to(pointer_to(at_, "with"), name);
      for (const auto& text : value.is_array() ? value : Json{value}) {
        if (text.is_string() &&
            !references_in(std::string_view(text.get_ref<const std::string&>())))
          problems_.add(pointer, "\"${\" has no \"}\"");
      }
      for (const auto& one : references_in(value)) known(one, pointer);
    }
    for (const auto& input : step.inputs) {
      if (ceremony_.input_named(input) == nullptr)
        problems_.add_unknown(pointer_to(at_, "inputs"), "input", input, known_);
    }
    if (step.kind == StepKind::kCompare) compared(step);
    condition(step);
    alternative(step);
  }

  void references(const Step& step, const char* member) {
    const std::string_view name(member);
    const std::string& text = name == "title"   ? step.title
                              : name == "text"  ? step.text
                              : name == "words" ? step.words
                              : name == "value" ? step.value
                                                : step.channel;
    const auto names = references_in(std::string_view(text));
    if (!names) {
      problems_.add(pointer_to(at_, member), "\"${\" has no \"}\"");
      return;
    }
    for (const auto& one : *names) known(one, pointer_to(at_, member));
  }

  void known(const std::string& name, const std::string& pointer) {
    if (std::ranges::find(known_, name) != known_.end()) return;
    const auto dot = name.find('.');
    const Step* step =
        dot == std::string::npos ? nullptr : ceremony_.step_named(name.substr(0, dot));
    const bool later = step != nullptr && std::ranges::find(earlier_, step) == earlier_.end();
    if (later) {
      problems_.add(pointer,
                    fmt::format("\"${{{}}}\" comes from a step that is not earlier", name));
    } else {
      problems_.add_unknown(pointer, "input or result of an earlier step", name, known_);
    }
  }

  void compared(const Step& step) {
    const auto names = references_in(std::string_view(step.value));
    const bool one = names && names->size() == 1 && step.value == "${" + names->front() + "}";
    if (!one && !step.value.empty())
      problems_.add(pointer_to(at_, "value"),
                    "\"value\" must be one reference: what an earlier step made, or an input");
  }

  void condition(const Step& step) {
    if (step.only_if_step.empty()) return;
    const auto pointer = pointer_to(at_, "only_if");
    const auto found = std::ranges::find_if(earlier_, [&](const Step* one) {
      return one->name == step.only_if_step && one->kind == StepKind::kChoose;
    });
    if (found == earlier_.end()) {
      problems_.add(pointer, fmt::format("no earlier step \"choose\" has the name \"{}\"",
                                         step.only_if_step));
      return;
    }
    std::vector<std::string> words;
    for (const auto& one : (*found)->alternatives) words.push_back(one.words);
    if (std::ranges::find(words, step.only_if_words) == words.end())
      problems_.add_unknown(pointer, "alternative", step.only_if_words, words);
  }

  // A failing step and its alternative name each other.
  void alternative(const Step& step) {
    if (!step.instead_of.empty() && !step.only_if_step.empty())
      problems_.add(
          pointer_to(at_, "only_if"),
          "a step with instead_of is done whenever the other one failed: it has no only_if");
    if (!step.instead_of.empty()) {
      const auto pointer = pointer_to(at_, "instead_of");
      const auto found = std::ranges::find(earlier_, step.instead_of, &Step::name);
      if (found == earlier_.end()) {
        problems_.add(pointer, fmt::format("no earlier step has the name \"{}\"", step.instead_of));
      } else if ((*found)->on_failure != OnFailure::kAlternative) {
        problems_.add(pointer, fmt::format("the step \"{}\" has no on_failure = \"alternative\"",
                                           step.instead_of));
      }
    }
    if (step.on_failure != OnFailure::kAlternative) return;
    const auto count = std::ranges::count(ceremony_.steps, step.name, &Step::instead_of);
    if (count != 1)
      problems_.add(
          pointer_to(at_, "on_failure"),
          fmt::format("\"alternative\" needs one later step with instead_of = \"{}\"", step.name));
  }

  void add_outputs(const Step& step) {
    if (step.kind == StepKind::kRecord) known_.push_back(step.name + ".answer");
    for (const auto& [name, value] : step.fields) {
      if (value.is_string()) known_.push_back(step.name + "." + name);
    }
    const ActRow* row = find_act(step.act);
    if (row == nullptr) return;
    for (const auto& output : outputs_of(*row, step.fields))
      known_.push_back(fmt::format("{}.{}", step.name, output.name));
  }

  const Ceremony& ceremony_;
  Problems& problems_;
  std::string at_{};
  std::vector<std::string> roles_{};
  std::vector<std::string> known_{};
  std::vector<const Step*> earlier_{};
};

void check_alternatives(const Ceremony& ceremony, Problems& problems) {
  for (std::size_t i = 0; i < ceremony.steps.size(); ++i) {
    std::set<std::string> seen;
    for (const auto& one : ceremony.steps[i].alternatives) {
      if (!seen.insert(one.words).second)
        problems.add(pointer_to(pointer_of("step", i), "alternative"),
                     fmt::format("the words \"{}\" stand twice", one.words));
    }
  }
}

// Before there is a site only people do something, and no roster says whose key is whose.
void check_site_step(const Ceremony& ceremony, Problems& problems) {
  const Step* opening = ceremony.site_step();
  for (std::size_t i = 0; i < ceremony.teardown.size(); ++i) {
    if (ceremony.teardown[i].act == kOpenSiteAct)
      problems.add(pointer_to(pointer_of("teardown", i), "act"), "no teardown makes a site");
  }
  for (std::size_t i = 0; i < ceremony.rehearsal.size(); ++i) {
    if (ceremony.rehearsal[i].act == kOpenSiteAct || opening != nullptr)
      problems.add(pointer_of("rehearsal", i), "before a site is made there is nothing to set up");
  }
  if (opening == nullptr) return;
  if (ceremony.people.check_in != CheckIn::kName)
    problems.add(pointer_to(pointer_to("", "people"), "check_in"),
                 "people come in by their names where the ceremony makes the site with its roster");
  if (!opening->only_if_step.empty() || !opening->instead_of.empty() ||
      opening->on_failure == OnFailure::kAlternative)
    problems.add(pointer_of("step", opening->number - 1),
                 "init-site is done in any case: no condition, and no alternative");
  for (std::size_t i = 0; i < ceremony.steps.size(); ++i) {
    const Step& step = ceremony.steps[i];
    const bool again = step.act == kOpenSiteAct && &step != opening;
    if (again) problems.add(pointer_to(pointer_of("step", i), "act"), "the site is made once");
    if (step.number >= opening->number) continue;
    const bool by_people = step.kind == StepKind::kConfirm || step.kind == StepKind::kRecord ||
                           step.kind == StepKind::kWitness || step.kind == StepKind::kNote ||
                           step.kind == StepKind::kAwait;
    if (!by_people)
      problems.add(pointer_of("step", i),
                   "before init-site a step is confirm, record, witness, note or await");
  }
}

// Before a rehearsal there are no steps, and only what is fixed is bound.
void check_setups(const Ceremony& ceremony, Problems& problems) {
  std::vector<std::string> fixed;
  for (const auto& input : ceremony.inputs) {
    if (input.when == BoundWhen::kFixed) fixed.push_back(input.name);
  }
  for (std::size_t i = 0; i < ceremony.rehearsal.size(); ++i) {
    for (const auto& [name, value] : ceremony.rehearsal[i].fields) {
      const auto pointer = pointer_to(pointer_to(pointer_of("rehearsal", i), "with"), name);
      for (const auto& one : references_in(value)) {
        if (std::ranges::find(fixed, one) == fixed.end())
          problems.add_unknown(pointer, "fixed input", one, fixed);
      }
    }
  }
}

}  // namespace

void check_whole(const Ceremony& ceremony, Problems& problems) {
  if (ceremony.roles.empty()) problems.add("", "no [[role]]: who takes part?");
  if (ceremony.steps.empty()) problems.add("", "no [[step]]");
  std::set<std::string> roles;
  std::set<std::string> steps;
  std::set<std::string> inputs;
  check_unique(ceremony.roles, "role", roles, problems);
  check_unique(ceremony.inputs, "input", inputs, problems);
  check_unique(ceremony.steps, "step", steps, problems);
  check_unique(ceremony.teardown, "teardown", steps, problems);
  Walk walk(ceremony, problems);
  walk.steps(ceremony.steps, "step");
  walk.steps(ceremony.teardown, "teardown");
  for (std::size_t i = 0; i < ceremony.duties.size(); ++i)
    walk.role(ceremony.duties[i].role, pointer_to(pointer_of("duty", i), "role"));
  check_alternatives(ceremony, problems);
  check_setups(ceremony, problems);
  check_site_step(ceremony, problems);
}

}  // namespace keyrite::ceremony
