#include "attacks/act_in_child.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>

#include "act/runner.h"
#include "act/token_door.h"
#include "approval/operation.h"

namespace keyrite::test {

namespace {

act::Context context_in(const SiteRoom& scene, const Words& approvals) {
  act::Context context;
  context.now = [] {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  };
  context.note = [](std::string_view /*text*/) {};
  context.tool_version = "keyrite 0.1.0";
  context.program = "/proc/self/exe";
  context.operator_name = "carol@example.org";
  context.token = scene.room().token->binding();
  context.site = act::SiteBinding{.site = site::read_site(scene.site()), .approvals = approvals};
  return context;
}

std::string outcome_of(const SiteRoom& scene, const act::Intent& intent, const Words& approvals,
                       const std::function<void(act::TokenSession&)>& work) {
  try {
    const act::Act act{.operation = approval::operation_named(intent.act),
                       .prepare = [&](const act::Context& /*context*/) {
                         return act::PreparedAct{.intent = intent, .perform = [&](act::AtWork& at) {
                                                   work(at.token());
                                                   return act::Outcome{};
                                                 }};
                       }};
    act::Runner runner(context_in(scene, approvals), act::open_token_door());
    (void)runner.run(act, [](const act::Outcome& /*outcome*/) {});
    return "done";
  } catch (const Error& error) {
    return error.code();
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace

void kill_this_process() { ::kill(::getpid(), SIGKILL); }

std::string outcome_in_child(const SiteRoom& scene, const act::Intent& intent,
                             const Words& approvals,
                             const std::function<void(act::TokenSession&)>& work) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const std::string outcome = outcome_of(scene, intent, approvals, work);
    scene.room().shop.put("outcome", as_bytes(outcome));
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return "killed";
  return as_text(scene.room().shop.get("outcome"));
}

void cut_unsigned_lines(const SiteRoom& scene) {
  scene.room().shop.must(
      "head -n \"$(sed -n 2p site/transcript/checkpoint)\" site/transcript/log.jsonl > signed && "
      "cat signed > site/transcript/log.jsonl");
}

}  // namespace keyrite::test
