// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "random/acting_child.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <optional>
#include <sstream>

#include "act/runner.h"
#include "act/token_door.h"
#include "base/error.h"
#include "dek/issue.h"
#include "dek/rewrap.h"
#include "inventory/key_states.h"
#include "inventory/tenants.h"
#include "keys/activate_key.h"
#include "keys/generate_kek.h"
#include "rotation/rotation.h"
#include "unit/base/system_faults.h"

namespace keyrite::test {

namespace {

act::Context context_of(const SiteRoom& site) {
  act::Context context;
  context.now = [] {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  };
  context.note = [](std::string_view /*text*/) {};
  context.tool_version = "keyrite 0.1.0";
  context.program = "/proc/self/exe";
  context.operator_name = "olga@example.org";
  context.token = site.room().token->binding();
  context.site = act::SiteBinding{.site = site::read_site(site.site())};
  return context;
}

void show_nothing(const act::Outcome& /*outcome*/) {}

// Both kinds of acts on one site: at the token by one login, and on files.
struct Runners {
  const SiteRoom* site;
  act::Runner token;
  act::Runner files;
  explicit Runners(const SiteRoom& of)
      : site(&of), token(context_of(of), act::open_token_door()), files(context_of(of)) {}
};

inventory::MoveVersionRequest move_of(const Model& model, const Step& step) {
  return {.name = model.key_of(step).name,
          .tenant = model.tenant_of(step),
          .version = static_cast<std::uint32_t>(step.version),
          .reason = "a random step"};
}

void issue(Runners& run, const Model& model, const Step& step, const std::string& out) {
  dek::IssueRequest request;
  request.tenant = model.tenant_of(step);
  request.key = model.key_of(step).name;
  request.out = out;
  request.count = static_cast<std::uint32_t>(step.count);
  (void)run.token.run(dek::issue_deks(request), show_nothing);
}

void rewrap(Runners& run, const Model& model, const Step& step) {
  dek::RewrapRequest request;
  request.tenant = model.tenant_of(step);
  request.key = model.key_of(step).name;
  (void)run.token.run(dek::rewrap_deks(request), show_nothing);
}

void rotate(Runners& run, const Model& model, const Step& step) {
  rotation::RotateRequest request;
  request.tenant = model.tenant_of(step);
  request.key = model.key_of(step).name;
  request.force = true;
  rotation::Rotation rotation(request, context_of(*run.site));
  while (const auto act = rotation.next()) (void)run.token.run(*act, show_nothing);
  if (const auto error = rotation.error()) throw Error(*error);
}

void perform(Runners& run, const Model& model, const Step& step, const std::string& out) {
  keys::GenerateKekRequest next;
  next.tenant = model.tenant_of(step);
  next.key = model.key_of(step).name;
  switch (step.kind) {
    case StepKind::kGenerate:
      return (void)run.token.run(keys::generate_kek(next), show_nothing);
    case StepKind::kActivate:
      return (void)run.token.run(
          keys::activate_key({.name = model.key_of(step).name, .tenant = model.tenant_of(step)}),
          show_nothing);
    case StepKind::kIssue:
      return issue(run, model, step, out);
    case StepKind::kRewrap:
      return rewrap(run, model, step);
    case StepKind::kRotate:
      return rotate(run, model, step);
    case StepKind::kSuspend:
      return (void)run.files.run(inventory::suspend_version(move_of(model, step)), show_nothing);
    case StepKind::kResume:
      return (void)run.files.run(inventory::resume_version(move_of(model, step)), show_nothing);
    case StepKind::kDeactivate:
      return (void)run.files.run(inventory::deactivate_version(move_of(model, step)), show_nothing);
    case StepKind::kCompromise:
      return (void)run.files.run(inventory::compromise_version(move_of(model, step)), show_nothing);
    case StepKind::kSuspendTenant:
    case StepKind::kEndSuspension:
      return (void)run.files.run(
          inventory::suspend_tenant({.name = model.tenant_of(step),
                                     .reason = "a random step",
                                     .end = step.kind == StepKind::kEndSuspension}),
          show_nothing);
  }
}

std::string outcome_of(const std::function<void()>& work) {
  try {
    work();
    return "done";
  } catch (const Error& error) {
    return error.code();
  } catch (const std::exception& error) {
    return error.what();
  }
}

FaultPlan killing_at(std::uint64_t killed_at) {
  const auto left = std::make_shared<std::uint64_t>(killed_at);
  const auto count = [left] {
    if (*left > 0 && --*left == 0) (void)::kill(::getpid(), SIGKILL);
    return 0;
  };
  return {.before_fsync = [count](int) { return count(); },
          .before = [count](std::string_view) { return count(); }};
}

// What `work` says line by line, from a process of its own.
std::vector<std::string> told_by_child(
    const std::function<void(const std::function<void(const std::string&)>& say)>& work) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    work([&](const std::string& line) { (void)::dprintf(ends[1], "%s\n", line.c_str()); });
    ::_exit(0);
  }
  (void)::close(ends[1]);
  std::string text;
  std::array<char, 4096> part{};
  for (ssize_t got = 0; (got = ::read(ends[0], part.data(), part.size())) > 0;)
    text.append(part.data(), static_cast<std::size_t>(got));
  (void)::close(ends[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  const bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  REQUIRE((killed || (WIFEXITED(status) && WEXITSTATUS(status) == 0)));
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

std::vector<std::string> done_by_child(const SiteRoom& site, const Model& model,
                                       const std::vector<Step>& steps, std::uint64_t killed_at,
                                       std::uint64_t first_file) {
  return told_by_child([&](const auto& say) {
    Runners run(site);
    const SystemFaults killer(killing_at(killed_at));
    auto file = first_file;
    for (const auto& step : steps) {
      const auto out = site.room().path("records/" + std::to_string(file++));
      say(outcome_of([&] { perform(run, model, step, out); }));
    }
  });
}

std::string resumed_by_child(const SiteRoom& site) {
  const auto lines = told_by_child([&](const auto& say) {
    act::Runner runner(context_of(site), act::open_token_door());
    say(outcome_of([&] { (void)runner.resume({}, show_nothing); }));
  });
  REQUIRE(lines.size() == 1);
  return lines.front();
}

}  // namespace keyrite::test
