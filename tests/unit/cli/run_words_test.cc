#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/run_tool.h"

namespace keyrite::cli {
namespace KEYRITE_TEST_FILE {

struct Request {
  std::string name{};
  static const std::vector<act::Field<Request>>& table() {
    static const std::vector<act::Field<Request>> table{{{.name = "name",
                                                          .value = "TEXT",
                                                          .help = "a name",
                                                          .need = act::Need::kRequired,
                                                          .binds = act::Binds::plain()},
                                                         &Request::name}};
    return table;
  }
};

int greet(const Request& request, Run& run) {
  run.show("hello " + request.name);
  run.result({{"name", request.name}});
  return 0;
}

const Tool& greeter() {
  static const Tool tool{{"greet", "say hello"},
                         {{.summary = "say hello",
                           .description = "Says hello.\n\nTwice, if asked.",
                           .examples = {{"greet a\nfriend", "keyrite greet --name you"}},
                           .prepare = prepare_with(greet)}}};
  return tool;
}

struct World {
  std::ostringstream out{};
  std::ostringstream err{};
  Env env{};
  World() {
    env.out = &out;
    env.err = &err;
    env.now = [] { return TimePoint{}; };
    env.variable = [](std::string_view) -> std::optional<std::string> { return std::nullopt; };
    env.terminal = no_terminal();
  }
};

TEST_CASE("A tool with one command needs no name for it") {
  World world;
  CHECK(run_words({"--name", "you", "--json"}, greeter(), world.env) == 0);
  CHECK(world.err.str() == "hello you\n");
  CHECK(parse_json(as_bytes(world.out.str()), "out") ==
        Json{{"keyrite", "greet"}, {"version", 1}, {"result", {{"name", "you"}}}});
}

TEST_CASE("--help wins over everything else on the line and goes to standard output") {
  World world;
  CHECK(run_words({"--nonsense", "--help"}, greeter(), world.env) == 0);
  CHECK(world.out.str().find("Says hello.\n\nTwice, if asked.\n") != std::string::npos);
  CHECK(world.out.str().find("  $ keyrite greet --name you\n") != std::string::npos);
  CHECK(world.err.str().empty());
}

TEST_CASE("A command runs with a fresh request each time") {
  World world;
  CHECK(run_words({"--name", "you"}, greeter(), world.env) == 0);
  CHECK(run_words({}, greeter(), world.env) == static_cast<int>(Kind::kUsage));
  CHECK(world.err.str().find("greet: error: --name is missing") != std::string::npos);
}

TEST_CASE("A result that standard output refuses is a failure") {
  World world;
  world.out.setstate(std::ios::badbit);
  CHECK(run_words({"--name", "you", "--json"}, greeter(), world.env) ==
        static_cast<int>(Kind::kFailed));
  CHECK(world.err.str().find("greet: error: the result cannot be written") != std::string::npos);
  CHECK(world.err.str().find("greet: code: output-unwritable ") != std::string::npos);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::cli
