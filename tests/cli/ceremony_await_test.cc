// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What comes from outside is looked at when it is there, and can be bound anew.
#include <doctest/doctest.h>

#include <string>

#include "cli/ceremony_site.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using Asked = CeremonySite::Asked;

constexpr std::string_view kFile = R"(format = "keyrite-ceremony"
version = 1
title = "A key and its bundle"
purpose = "Import parameters come from outside."

[[role]]
name = "operator"

[[role]]
name = "witness"

[[input]]
name = "wrapping-key"
help = "the SHA-256 of the wrapping key, from the paper"

[[input]]
name = "parameters"
kind = "file"
when = "fresh"
help = "what AWS gave"

[[input]]
name = "bundle"
kind = "output"
help = "the folder of the bundle"

[[step]]
name = "make"
act = "generate-kek"
title = "Make the key"
role = "operator"
[step.with]
type = "aes-256"
label = "k1"
for = ["aws"]

[[step]]
name = "wait"
kind = "await"
title = "Fetch the parameters"
role = "operator"
text = "Bring them."
inputs = ["parameters"]

[[step]]
name = "wrap"
act = "wrap-for-import aws"
title = "Wrap the key"
role = "operator"
[step.with]
label = "${make.label}"
parameters = "${parameters}"
wrapping-algorithm = "RSAES_OAEP_SHA_1"
expect-wrapping-key = "${wrapping-key}"
out = "${bundle}"
)";

struct AwaitingSite : CeremonySite {
  AwaitingSite() {
    if (!ready()) return;
    shop().put("short.toml", as_bytes(kFile));
    shop().put("bad.json", as_bytes(std::string_view("{\"KeyId\": 1}")));
    shop().must("mkdir folder; : > empty.json");
    bound = {"--bind", "wrapping-key=" + as_text(shop().get("fingerprint")), "--bind",
             "bundle=" + path("bundle")};
  }
};

TEST_CASE("What an await is given is tried by the step that takes it, and can be corrected") {
  const AwaitingSite site;
  if (!site.ready()) return;
  auto asked = CeremonySite::coming_in();
  asked.insert(asked.end(), {{"Type exactly: go", "go"},
                             {"Path, or q", site.path("nothing.json")},
                             {"nothing.json is not there.", ""}});
  asked.back() = {"Path, or q", site.path("folder")};
  asked.push_back({"Path, or q", site.path("empty.json")});
  asked.push_back({"Path, or q", site.path("bad.json")});
  asked.push_back({"Type \"another\" to give", "another"});
  asked.push_back({"Path, or q", site.path("good.json")});
  asked.push_back({"Press Enter when all of it is here", ""});
  asked.push_back({"Type exactly: go", "q"});
  const Json left = site.hold(asked);
  const auto screen = left["screen"].get<std::string>();
  CAPTURE(screen);
  CHECK(left["exit"] == 7);
  for (const char* words : {"nothing.json is not there", "folder is no file", "empty.json is empty",
                            "Step 3 (wrap-for-import aws) would refuse this"}) {
    CAPTURE(words);
    CHECK(screen.find(words) != std::string::npos);
  }
  CHECK(site.told() == "1 done;2 done;");
  // What was good is another file by now: the step says so before it begins, and is not lost.
  site.shop().must("cp good.json again.json; cp bad.json good.json");
  auto after = CeremonySite::coming_in();
  after.push_back({"Type \"another\" to give", "another"});
  after.push_back({"Path, or q", site.path("again.json")});
  after.push_back({"Type exactly: go", "go"});
  const Json seen = site.at_terminal({"resume"}, after);
  CAPTURE(seen["screen"].get<std::string>());
  CAPTURE(seen["err"].get<std::string>());
  REQUIRE(seen["exit"] == 0);
  CHECK(site.differences() == "holds");
  CHECK(site.python("b = [f for f in results('ceremony-step') if f['kind'] == 'bind']\n"
                    "print([os.path.basename(json.load(open('site/texts/' + f['text_sha256']))"
                    "['text']) for f in b], end='')") == "['bad.json', 'good.json', 'again.json']");
}

TEST_CASE("A fresh input that is bound anew on the command line is in the log") {
  const AwaitingSite site;
  if (!site.ready()) return;
  auto asked = CeremonySite::coming_in();
  asked.insert(asked.end(), {{"Type exactly: go", "go"}, {"Path, or q", "q"}});
  REQUIRE(site.hold(asked)["exit"] == 7);
  auto after = CeremonySite::coming_in();
  after.push_back({"Press Enter when all of it is here", ""});
  after.push_back({"Type exactly: go", "go"});
  const Json seen =
      site.at_terminal({"resume", "--bind", "parameters=" + site.path("good.json")}, after);
  CAPTURE(seen["screen"].get<std::string>());
  CAPTURE(seen["err"].get<std::string>());
  REQUIRE(seen["exit"] == 0);
  CHECK(site.differences() == "holds");
  CHECK(site.python("print(len([f for f in results('ceremony-step') if f['kind'] == 'bind']), "
                    "end='')") == "1");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
