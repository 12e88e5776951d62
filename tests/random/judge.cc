// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "random/judge.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string_view>
#include <vector>

namespace keyrite::test {

namespace {

// Ends an answer.
constexpr std::string_view kEnd = ".\n";

std::vector<std::string> words_of(const SiteRoom& site) {
  return {"python3", "-B",      KEYRITE_SOURCE_DIR "/tests/random/judge.py",
          "site",    "records", site.room().token->module.path.value(),
          "pin"};
}

// Between fork and exec nothing is allocated.
pid_t started(const std::string& folder, int in, int out, std::vector<std::string> words) {
  std::vector<char*> raw;
  for (auto& word : words) raw.push_back(word.data());
  raw.push_back(nullptr);
  const pid_t child = ::fork();
  if (child != 0) return child;
  (void)::dup2(in, STDIN_FILENO);
  (void)::dup2(out, STDOUT_FILENO);
  if (::chdir(folder.c_str()) == 0) (void)::execvp(raw.front(), raw.data());
  ::_exit(127);
}

}  // namespace

Judge::Judge(const SiteRoom& site) {
  std::array<int, 2> asked{};
  std::array<int, 2> answered{};
  REQUIRE(::pipe2(asked.data(), O_CLOEXEC) == 0);
  REQUIRE(::pipe2(answered.data(), O_CLOEXEC) == 0);
  process_ = started(site.room().shop.folder(), asked[0], answered[1], words_of(site));
  REQUIRE(process_ > 0);
  (void)::close(asked[0]);
  (void)::close(answered[1]);
  ask_ = asked[1];
  answer_ = answered[0];
}

Judge::~Judge() {
  (void)::close(ask_);
  (void)::close(answer_);
  if (process_ > 0) (void)::waitpid(process_, nullptr, 0);
}

std::string Judge::looked(bool with_token) {
  const std::string_view question = with_token ? "token\n" : "files\n";
  REQUIRE(::write(ask_, question.data(), question.size()) == static_cast<ssize_t>(question.size()));
  std::string text;
  std::array<char, 4096> part{};
  while (text != kEnd && !text.ends_with("\n" + std::string(kEnd))) {
    const ssize_t got = ::read(answer_, part.data(), part.size());
    CAPTURE(text);
    REQUIRE(got > 0);
    text.append(part.data(), static_cast<std::size_t>(got));
  }
  text.resize(text.size() - kEnd.size());
  CHECK_MESSAGE(!text.starts_with("judge: "), text);
  return text;
}

}  // namespace keyrite::test
