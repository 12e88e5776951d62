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
  run.context.note("a note");
  run.context.warn("noted before");
  run.warnings->clear();
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
  CHECK(world.err.str() == "greet: a note\ngreet: warning: noted before\nhello you\n");
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
  CHECK(world.err.str().find("token") == std::string::npos);
}

TEST_CASE("--json=compact prints the same document in one line") {
  World world;
  CHECK(run_words({"--name", "you", "--json=compact"}, greeter(), world.env) == 0);
  CHECK(world.out.str() == R"({"keyrite":"greet","version":1,"result":{"name":"you"}})"
                           "\n");
  World failed;
  CHECK(run_words({"--json=compact"}, greeter(), failed.env) == static_cast<int>(Kind::kUsage));
  CHECK(failed.out.str().starts_with(R"({"keyrite":"greet","version":1,"error":{"code":)"));
  CHECK(failed.out.str().find('\n') == failed.out.str().size() - 1);
}

TEST_CASE("Another form of --json is refused, in a document") {
  World world;
  CHECK(run_words({"--name", "you", "--json=pretty"}, greeter(), world.env) ==
        static_cast<int>(Kind::kUsage));
  CHECK(parse_json(as_bytes(world.out.str()), "out")["error"]["code"] == "value-not-allowed");
  // Behind -- it is a word like any other.
  World words;
  CHECK(run_words({"--name", "you", "--", "--json=pretty"}, greeter(), words.env) ==
        static_cast<int>(Kind::kUsage));
  CHECK(words.err.str().find("greet: code: argument-unexpected ") != std::string::npos);
  CHECK(words.out.str().empty());
}

TEST_CASE("--quiet leaves out notes, and with --json all but warnings and errors") {
  World plain;
  CHECK(run_words({"--name", "you", "--quiet"}, greeter(), plain.env) == 0);
  CHECK(plain.err.str() == "greet: warning: noted before\nhello you\n");
  World silent;
  CHECK(run_words({"--name", "you", "--quiet", "--json"}, greeter(), silent.env) == 0);
  CHECK(silent.err.str() == "greet: warning: noted before\n");
  CHECK(silent.out.str().find("\"result\"") != std::string::npos);
  World refused;
  CHECK(run_words({"--quiet", "--json"}, greeter(), refused.env) == static_cast<int>(Kind::kUsage));
  CHECK(refused.err.str().find("greet: error: --name is missing") != std::string::npos);
}

TEST_CASE("--version --json names the version, the commit and the libraries") {
  World world;
  CHECK(run_words({"--version", "--json"}, greeter(), world.env) == 0);
  const Json document = parse_json(as_bytes(world.out.str()), "out");
  CHECK(document["keyrite"] == "greet");
  CHECK(document["version"] == 1);
  const Json& result = document["result"];
  CHECK(result["version"].get<std::string>().find('.') != std::string::npos);
  CHECK((result["commit"].is_null() || result["commit"].get<std::string>().size() == 40));
  bool openssl = false;
  for (const auto& library : result["libraries"]) {
    CHECK_FALSE(library["version"].get<std::string>().empty());
    openssl = openssl || (library["name"] == "OpenSSL" &&
                          library["version"].get<std::string>().starts_with("3."));
  }
  CHECK(openssl);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::cli
