// The folder of answers and the client of import.sh: what is asked again, what is kept, what nobody
// else can have a hand in.
#include <doctest/doctest.h>

#include <filesystem>

#include "base/json.h"
#include "unit/provider/script_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;
using Names = std::vector<std::string>;
namespace fs = std::filesystem;

Destination hmac() { return aws_destination(aws_options(), "generic-secret-64-bytes"); }

bool says(const Connected& side, const std::string& words) {
  return side.output().find(words) != std::string::npos;
}

TEST_CASE("Questions are asked anew, and what was answered before is kept under its time") {
  Connected side(hmac());
  CHECK(side.run() == 0);
  CHECK(side.run("answers", "NOW=20260214000000") == 0);
  CHECK(side.answers() == Names{"answer-describe-key.json", "answer-hmac-sha512.json",
                                "answer-import.json", "answer-record.json"});
  for (const char* name :
       {"answer-describe-key.json", "answer-hmac-sha512.json", "answer-record.json"}) {
    CHECK_FALSE(side.answer("asked-2026-02-13T120000Z/" + std::string(name)).empty());
  }
  CHECK(side.answer("asked-2026-02-13T120000Z/answer-import.json").empty());
  CHECK(Json::parse(side.answer("answer-record.json")).at("asked") == "2026-02-14T00:00:00Z");
}

TEST_CASE("A question that fails leaves no answer of before in its place") {
  Connected side(hmac());
  CHECK(side.run() == 0);
  CHECK(side.run("answers", "NOW=20260214000000 FAIL_ON=generate-mac") != 0);
  CHECK(side.answer("answer-hmac-sha512.json").empty());
  CHECK(says(side, "no answer for answer-hmac-sha512.json"));
}

TEST_CASE("An import without a word is an answer of an old aws, and of no other client") {
  Connected old(hmac());
  CHECK(old.run("", "SILENT_ON=import-key-material") == 0);
  CHECK(old.answer("answer-import.json") == "{}\n");
  for (const auto& destination : {azure_destination(), google_destination()}) {
    Connected side(destination);
    CHECK(side.run("import", "SILENT_ON=import") != 0);
    CHECK(says(side, "wrote nothing for answer-import.json"));
    CHECK(side.answer("answer-import.json").empty());
  }
}

TEST_CASE("A folder of answers that is a link, holds one, or is open to others is not used") {
  Connected side(hmac());
  side.shop().must(
      "echo precious > victim; mkdir elsewhere linked open owned; ln -s elsewhere link; "
      "ln -s ../victim linked/answer-import.json; ln -s ../victim owned/.answer-import.json.part; "
      "chmod 777 open");
  CHECK(side.run("--answers link") != 0);
  CHECK(says(side, "is a link"));
  CHECK(side.run("--answers link/") != 0);
  CHECK(says(side, "is a link"));
  for (const char* folder : {"linked", "owned"}) {
    CHECK(side.run("--answers " + std::string(folder)) != 0);
    CHECK(says(side, "holds a link"));
  }
  CHECK(side.run("--answers open") != 0);
  CHECK(says(side, "nobody else can write to"));
  CHECK(side.run("--answers victim") != 0);
  CHECK(side.calls().empty());
  CHECK(as_text(side.shop().get("victim")) == "precious\n");
  CHECK(fs::is_empty(side.shop().folder() / "elsewhere"));
}

TEST_CASE("A folder of answers of somebody else is not used") {
  Connected side(hmac());
  if (side.shop().run("mkdir foreign && chown 65534 foreign 2>/dev/null").exit_code != 0) {
    MESSAGE("not root: a foreign folder cannot be made");
    return;
  }
  CHECK(side.run("--answers foreign") != 0);
  CHECK(says(side, "nobody else can write to"));
  CHECK(side.calls().empty());
}

TEST_CASE("Nothing is left of a run but answers, and an empty answer is none") {
  Connected side(hmac());
  CHECK(side.run() == 0);
  CHECK(as_text(side.shop().must("ls -A bundle.answers | grep '^[.]' || true")).empty());
  CHECK(as_text(side.shop().must("find bundle.answers -perm /077")).empty());
}

TEST_CASE(
    "A client that is too old, or does not tell its version, is refused unless told to go on") {
  for (const auto& [destination, old] :
       std::vector<std::pair<Destination, std::string>>{{hmac(), "2.8.12"},
                                                        {hmac(), "1.28.99"},
                                                        {azure_destination(), "2.44.1"},
                                                        {google_destination(), "527.0.0"}}) {
    Connected side(destination);
    const std::string version = old;
    CAPTURE(version);
    CHECK(side.run("", "CLIENT=" + old) != 0);
    CHECK(says(side, old + " is too old: this script needs "));
    CHECK(side.run("", "CLIENT=unknown") != 0);
    CHECK(says(side, "does not show its version"));
    CHECK(side.calls().empty());
    CHECK(side.answers().empty());
    CHECK(side.run("--old-client", "CLIENT=" + old) == 0);
  }
  for (const char* good : {"2.9", "2.10.0", "3.0.1", "1.29.0", "1.45.11"}) {
    Connected side(hmac());
    CAPTURE(std::string(good));
    CHECK(side.run("", "CLIENT=" + std::string(good)) == 0);
  }
}

TEST_CASE("The client's environment is set, whatever it was") {
  const std::string before =
      "export AWS_DEFAULT_OUTPUT=yaml AWS_CLI_ERROR_FORMAT=json AWS_PAGER=less "
      "AWS_REGION=us-east-1 "
      "AWS_DEFAULT_REGION=us-east-1 AZURE_CORE_OUTPUT=jsonc CLOUDSDK_CORE_FORMAT=yaml "
      "CLOUDSDK_CORE_DEFAULT_FORMAT=yaml;";
  Connected aws(hmac());
  CHECK(aws.run("", before) == 0);
  const std::string of_aws = as_text(aws.shop().get("environment"));
  for (const char* line :
       {"AWS_DEFAULT_OUTPUT=json\n", "AWS_CLI_ERROR_FORMAT=legacy\n", "AWS_PAGER=\n",
        "AWS_REGION=eu-central-1\n", "AWS_DEFAULT_REGION=eu-central-1\n"}) {
    CHECK(of_aws.find(line) != std::string::npos);
  }
  Connected azure(azure_destination());
  CHECK(azure.run("", before) == 0);
  CHECK(as_text(azure.shop().get("environment")).find("AZURE_CORE_OUTPUT=json\n") !=
        std::string::npos);
  Connected google(google_destination());
  CHECK(google.run("", before) == 0);
  CHECK(as_text(google.shop().get("environment")).find("CLOUDSDK_CORE_FORMAT=") ==
        std::string::npos);
  CHECK(as_text(google.shop().get("environment")).find("CLOUDSDK_CORE_DISABLE_PROMPTS=1\n") !=
        std::string::npos);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
