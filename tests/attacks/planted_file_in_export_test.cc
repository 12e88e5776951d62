#include <doctest/doctest.h>

#include <filesystem>

#include "cli/approved_site.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

void check_fails(const ApprovedSite& site, const std::string& word) {
  const Output output = site.verify_commands("fails out " + word);
  INFO(as_text(output.out));
  CHECK(output.exit_code == 0);
}

TEST_CASE("A module planted in an exported folder is not run by the commands of VERIFY.txt") {
  const ApprovedSite site;
  REQUIRE(site.export_it().exit_code == 0);
  for (const char* module : {"argparse", "base64", "hashlib", "json", "os", "sys", "re"}) {
    site.shop().put("out/" + std::string(module) + ".py",
                    as_bytes("open('PWNED', 'w')\nprint('right')\nraise SystemExit(0)\n"));
  }
  site.shop().must(
      R"(cd out && sed -n 's/^    //p' VERIFY.txt > ../commands && sh ../commands > ../said 2>&1; :)");
  CHECK_FALSE(std::filesystem::exists(site.shop().folder() / "out/PWNED"));
  // The log is hashed all the same, and the strangers are named twice: by the first command, which
  // trusts nothing of the folder, and by the one that knows what the log names.
  site.shop().must("grep -q '^right: 12 entries' said");
  // Nor does it help to forget -I.
  site.shop().must("cd out && python3 verify-root.py log.jsonl checkpoint | grep -q '^right: 12 '");
  CHECK_FALSE(std::filesystem::exists(site.shop().folder() / "out/PWNED"));
  site.shop().must("grep -qx ./argparse.py said");
  site.shop().must("grep -q \"WRONG: 'argparse.py' is named by no signed entry\" said");
}

TEST_CASE("The first command of VERIFY.txt lists what SHA256SUMS does not name, however odd") {
  const ApprovedSite site;
  const auto& shop = site.shop();
  REQUIRE(site.export_it().exit_code == 0);
  std::string said;
  SUBCASE("a file in a folder of ours") {
    shop.must("echo x > out/proofs/entry-99.tlog-proof");
    said = "./proofs/entry-99.tlog-proof";
  }
  SUBCASE("a line break, so that each line is the name of a file that is listed") {
    shop.must("mkdir -p 'out/vkeys\n.' && echo x > 'out/vkeys\n./checkpoint'");
    said = "./vkeys?./checkpoint";
  }
  SUBCASE("a name that turns the terminal's letters") {
    shop.must("printf x > \"out/$(printf '\\033]0;owned\\007')\"");
    said = "'./?]0;owned?'";
  }
  SUBCASE("a name that begins with a hyphen") {
    shop.must("printf x > out/-n");
    said = "./-n";
  }
  SUBCASE("a link in the place of a file, to a file with the same content") {
    shop.must("mv out/vkeys elsewhere && ln -s ../elsewhere out/vkeys");
    said = "'no plain file: ./vkeys'";
  }
  SUBCASE("a link in the place of a folder") {
    shop.must("mv out/proofs elsewhere && ln -s ../elsewhere out/proofs");
    said = "'no plain file: ./proofs'";
  }
  SUBCASE("a pipe") {
    shop.must("mkfifo out/pipe");
    said = "'no plain file: ./pipe'";
  }
  SUBCASE("a file that is gone") {
    shop.must("rm out/entries.csv");
    said = "./entries.csv";
  }
  shop.put("first.py", as_bytes(R"(
text = open('out/VERIFY.txt', encoding='utf-8').read()
lines = text.split('\n')
start = next(n for n, line in enumerate(lines) if line.startswith('    '))
end = next(n for n in range(start, len(lines)) if not lines[n].endswith('\\'))
open('first', 'w').write('\n'.join(lines[start:end + 1]) + '\n')
)"));
  shop.must("python3 -I first.py");
  const Output output = shop.run("cd out && sh ../first > ../listed 2>&1");
  CHECK(output.exit_code == 1);
  INFO(as_text(shop.get("listed")));
  shop.must("grep -qxF -e " + said + " listed");
  check_fails(site, said);
}

TEST_CASE("What is not planted, the first command is silent about") {
  const ApprovedSite site;
  REQUIRE(site.export_it().exit_code == 0);
  const Output output = site.verify_commands("all out");
  INFO(as_text(output.out));
  CHECK(output.exit_code == 0);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
