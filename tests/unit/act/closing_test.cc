// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/closing.h"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

#include "base/text.h"
#include "support/program.h"

namespace keyrite::act {
namespace KEYRITE_TEST_FILE {

TEST_CASE("What is written down is in short lines, hex in fours, and commands follow in order") {
  const std::string hex(64, 'a');
  const std::string text =
      closing({}, {{"import bundle", "acme.aws"}, {"SHA-256 of its manifest", hex}},
              {{"import it", {"acme.aws/import.sh"}}, {"bring the answers back", {}}});
  const std::string groups = "    aaaa aaaa aaaa aaaa aaaa aaaa aaaa aaaa\n";
  CHECK(text ==
        "\nWRITE DOWN\n  import bundle\n    acme.aws\n  SHA-256 of its manifest\n" + groups +
            groups +
            "\nNEXT\n  1. import it:\n    acme.aws/import.sh\n  2. bring the answers back\n");
  CHECK(closing({}, {}, {}).empty());
}

TEST_CASE("A step of a ceremony is followed by what the ceremony says, and by nothing else") {
  Context context;
  context.in_ceremony = true;
  const std::string text = closing(context, {{"bundle", "a"}}, {{"import it", {"a/import.sh"}}});
  CHECK(text == "\nWRITE DOWN\n  bundle\n    a\n");
}

TEST_CASE("A shell reads the words that somebody else chose as they are") {
  const std::string name = "it's \"a\" $(name) `x` \\ é";
  const std::string text =
      closing({}, {}, {{"try", {"printf %s,", shell_quote(name), option("out", name)}}});
  const auto run = test::run_program({"sh", "-c", text.substr(text.find("    printf"))});
  CHECK(run.exit_code == 0);
  CHECK(run.out == name + ",--out," + name + ",");
}

TEST_CASE("A name cannot move the cursor") {
  CHECK(closing({}, {{"label\x1b[2J", "a\nb"}}, {}).find("\x1b") == std::string::npos);
  CHECK(closing({}, {{"label", "a\nb"}}, {}) == "\nWRITE DOWN\n  label\n    a\\x0ab\n");
}

TEST_CASE("A command has the options by which this act found its site or its token") {
  using Parts = std::vector<std::string>;
  Context context;
  context.token = {.uri = "pkcs11:token=My Token", .module = "/opt/m.so"};
  CHECK(as_here(context, NextAt::kToken, {"x"}) ==
        Parts{"x", "--module /opt/m.so", "--token 'pkcs11:token=My Token'"});
  CHECK(as_here(context, NextAt::kFiles, {"x"}) == Parts{"x"});
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::act
