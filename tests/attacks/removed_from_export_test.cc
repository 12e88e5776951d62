#include <doctest/doctest.h>

#include "cli/approved_site.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// Whoever removed it also wrote SHA256SUMS anew: only what the log names is left to notice it.
void check_noticed(const ApprovedSite& site, const std::string& sentence) {
  const Output output = site.verify_commands("bound-fails out \"" + sentence + "\"");
  INFO(as_text(output.out));
  CHECK(output.exit_code == 0);
  const Output said =
      site.shop().run("cd out && python3 -I verify-root.py log.jsonl checkpoint --complete 2>&1");
  CHECK(said.exit_code == 1);
  const std::string text = as_text(said.out);
  CHECK(text.find("Traceback") == std::string::npos);
  CHECK(text.find("WRONG: " + sentence) != std::string::npos);
}

TEST_CASE("What is removed from an export is noticed, whatever SHA256SUMS and VERIFY.txt say") {
  const ApprovedSite site;
  const auto& shop = site.shop();
  REQUIRE(site.export_it().exit_code == 0);
  const std::string approval = site.approval_file("");
  SUBCASE("an approval, with its section") {
    shop.must("rm -r out/approvals && sed -i '/^Approval /,/^Evidence/d' out/VERIFY.txt");
    check_noticed(site, approval + "statement.json is missing, and the log names it");
    check_noticed(site, approval + "alice@example.org.sshsig is missing, and the log names it");
  }
  SUBCASE("one signature") {
    shop.must("rm out/" + approval + "bob@example.org.sshsig");
    check_noticed(site, approval + "bob@example.org.sshsig is missing, and the log names it");
  }
  SUBCASE("the request") {
    shop.must("rm out/" + approval + "request.json");
    check_noticed(site, approval + "request.json is missing, and the log names it");
  }
  SUBCASE("the roster") {
    shop.must("rm out/rosters/*.toml");
    check_noticed(site,
                  "rosters/" + site.roster_sha256() + ".toml is missing, and the log names it");
  }
  SUBCASE("one proof") {
    shop.must("rm out/proofs/entry-3.tlog-proof");
    check_noticed(site, "proofs/entry-3.tlog-proof is missing, and the log names it");
  }
  SUBCASE("all proofs") {
    shop.must("rm -r out/proofs");
    check_noticed(site, "proofs/entry-0.tlog-proof is missing, and the log names it");
  }
  SUBCASE("evidence") {
    shop.must("rm out/evidence/*");
    check_noticed(site, "evidence/" + site.evidence() + " is missing, and the log names it");
  }
}

TEST_CASE("A proof that is another entry's, and a signature that is another's, are noticed") {
  const ApprovedSite site;
  const auto& shop = site.shop();
  REQUIRE(site.export_it().exit_code == 0);
  const std::string approval = site.approval_file("");
  SUBCASE("a proof") {
    shop.must("cp out/proofs/entry-4.tlog-proof out/proofs/entry-3.tlog-proof");
    check_noticed(site, "'proofs/entry-3.tlog-proof' is of entry 4");
  }
  SUBCASE("a signature") {
    shop.must("cp out/" + approval + "alice@example.org.sshsig out/" + approval +
              "bob@example.org.sshsig");
    check_noticed(site, "'" + approval + "bob@example.org.sshsig' has the SHA-256 ");
  }
  SUBCASE("a policy") {
    shop.must("echo >> out/policies/" + site.site_sha256() + ".toml");
    check_noticed(site, "'policies/" + site.site_sha256() + ".toml' has the SHA-256 ");
  }
  SUBCASE("a key beside the roster, so that somebody else's signature would be an approver's") {
    const std::string made = "rosters/" + site.roster_sha256() + ".allowed_signers";
    shop.must(
        "ssh-keygen -q -t ed25519 -N '' -f forger && printf 'carol@example.org "
        "namespaces=\"keyrite-approval@keyrite\" %s\\n' \"$(cut -d' ' -f1,2 forger.pub)\" >> out/" +
        made);
    check_noticed(site, "'" + made + "' is not what its roster has");
  }
  SUBCASE("a certificate beside the roster") {
    const std::string made = "rosters/" + site.roster_sha256() + ".dora@example.org.pem";
    shop.must("cp out/rosters/" + site.roster_sha256() + ".ca.pem out/" + made);
    check_noticed(site, "'" + made + "' is not what its roster has");
  }
  SUBCASE("a program beside the roster") {
    const std::string made = "rosters/" + site.roster_sha256() + ".run-me.sh";
    shop.must("echo exit 0 > out/" + made);
    check_noticed(site, "'" + made + "' is named by no signed entry");
  }
  SUBCASE("a witnessed checkpoint of another size") {
    shop.must("mkdir -p out/witnessed && cp out/checkpoint out/witnessed/2");
    check_noticed(site, "'witnessed/2' is not of the first 2 entries");
  }
  SUBCASE("the table") {
    shop.must("sed -i s/generate-kek/harmless-act/ out/entries.csv");
    const Output output = site.verify_commands("bound-fails out 'does not say what the entries'");
    INFO(as_text(output.out));
    CHECK(output.exit_code == 0);
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
