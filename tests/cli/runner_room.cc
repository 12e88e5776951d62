// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/runner_room.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <sstream>

#include "base/json.h"

namespace keyrite::test {

namespace {

constexpr const char* kTell = R"py(
import json
for line in open("site/transcript/log.jsonl"):
    entry = json.loads(line)
    print(" ".join(word for word in (entry["event"], entry["act"], entry.get("outcome")) if word))
)py";

}  // namespace

RunnerRoom::RunnerRoom() : SiteRoom(KEYRITE_FAULTY_MODULE) {
  room().shop.put("tell.py", as_bytes(std::string_view(kTell)));
}

RunnerRoom::~RunnerRoom() {
  (void)::unsetenv("KEYRITE_TEST_FAULT");  // NOLINT(concurrency-mt-unsafe)
}

void RunnerRoom::at_module(const std::string& fault) const {
  REQUIRE(::setenv("KEYRITE_TEST_FAULT", fault.c_str(), 1) == 0);  // NOLINT(concurrency-mt-unsafe)
}

act::Context RunnerRoom::context() {
  act::Context context;
  context.now = [] {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  };
  context.note = [](std::string_view /*text*/) {};
  context.tool_version = "keyrite 0.1.0";
  context.program = "/proc/self/exe";
  context.operator_name = "olga@example.org";
  context.token = room().token->binding();
  context.token.pin = [this, given = context.token.pin](const pkcs11::TokenInfo& token,
                                                        pkcs11::UserType user) {
    ++pins_asked_;
    return given(token, user);
  };
  context.site = act::SiteBinding{.site = site::read_site(site())};
  return context;
}

std::vector<std::string> RunnerRoom::told(std::size_t first) const {
  std::istringstream lines(as_text(room().shop.must("python3 tell.py")));
  std::vector<std::string> all;
  for (std::string line; std::getline(lines, line);) all.push_back(line);
  REQUIRE(all.size() >= first);
  all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(first));
  return all;
}

std::string RunnerRoom::other_writer(const std::string& label) const {
  ProgramSettings settings;
  // The fault is this process's alone: a call that nobody makes so often.
  settings.environment["KEYRITE_TEST_FAULT"] = "C_Login 1000000 1 0x30 answer";
  const auto done =
      run("generate-kek", {"--type", "aes-256", "--label", label, "--wait", "0"}, settings);
  if (done.exit_code == 0) return {};
  return parse_json(as_bytes(done.out), "output").at("error").at("code").get<std::string>();
}

keys::GenerateKekRequest new_key(const std::string& label) {
  keys::GenerateKekRequest request;
  request.type = "aes-256";
  request.label = label;
  request.for_providers = {"aws"};
  return request;
}

void show_nothing(const act::Outcome& /*outcome*/) {}

}  // namespace keyrite::test
