#include <doctest/doctest.h>

#include "cli/stamping.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

bool tells(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("openssl reads a query over the checkpoint's bytes, with a nonce and the certificate") {
  Stamping stamping;
  const auto& shop = stamping.site.shop();
  shop.must("openssl ts -query -in q.tsq -text > text 2>/dev/null");
  shop.must("grep -q 'Hash Algorithm: sha256' text && grep -q 'Certificate required: yes' text");
  shop.must("grep -q 'Nonce: 0x' text");
  shop.must(
      "openssl ts -query -data site/transcript/checkpoint -sha256 -no_nonce -cert 2>/dev/null | "
      "openssl asn1parse -inform DER | grep 'HEX DUMP' > wanted && "
      "openssl asn1parse -inform DER -in q.tsq | grep 'HEX DUMP' > is && "
      "[ \"$(sed 's/.*DUMP..//' wanted)\" = \"$(sed 's/.*DUMP..//' is)\" ]");
  (void)stamping.site.scene().result(
      {"timestamp", "request", "SITE", "--out", stamping.path("again.tsq")});
  shop.must("cmp q.tsq again.tsq");
}

TEST_CASE("A reply is kept once, also when the log has grown since, and openssl verifies it") {
  Stamping stamping;
  stamping.authority.reply("q.tsq", "r.tsr");
  stamping.site.scene().add({{"act", "note"}});
  stamping.site.scene().write(13);
  const auto run = stamping.attach();
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK(Json::parse(run.out).at("result").at("stamped_size") == 12);
  const std::string command = run.err.substr(run.err.find("    openssl ts"));
  stamping.site.shop().must("cd site/transcript/timestamps/12 && " +
                            command.substr(0, command.find("\n\n")));
  CHECK(fits_terminal(run.err));
  CHECK(stamping.attach().exit_code == 2);
}

TEST_CASE("A reply outlives its authority's certificate, with the -attime that is told") {
  Stamping stamping;
  const auto& shop = stamping.site.shop();
  stamping.authority.certify("early", "20260101000000Z", "20260601000000Z");
  stamping.authority.reply_at("20260301120000Z", "q.tsq", "r.tsr", "early");
  const std::string verify =
      "openssl ts -verify -data site/transcript/checkpoint -in r.tsr -CAfile "
      "tsa/ca.pem 2>/dev/null";
  CHECK(shop.run(verify).exit_code != 0);
  const auto run = stamping.attach();
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK(tells(run.err, "-attime 1772366400"));
  REQUIRE(stamping.site.export_it().exit_code == 0);
  CHECK(stamping.site.verify_commands("all out").exit_code == 0);
}

TEST_CASE("A timestamp in a folder of another size is not exported") {
  Stamping stamping;
  stamping.authority.reply("q.tsq", "r.tsr");
  REQUIRE(stamping.attach().exit_code == 0);
  stamping.site.shop().must("mv site/transcript/timestamps/12 site/transcript/timestamps/99");
  CHECK(stamping.site.refusal() == "timestamp-other-size");
}

TEST_CASE("Each wrong reply has its own error") {
  Stamping stamping;
  const auto& shop = stamping.site.shop();
  const auto& authority = stamping.authority;
  std::string code;
  SUBCASE("of something else") {
    shop.must(
        "echo other > other && openssl ts -query -data other -sha256 -cert -out o.tsq "
        "2>/dev/null");
    authority.reply("o.tsq", "r.tsr");
    code = "timestamp-other-checkpoint";
  }
  SUBCASE("refused") {
    authority.refuse("q.tsq", "r.tsr");
    code = "timestamp-rejected";
  }
  SUBCASE("another nonce") {
    shop.must(
        "openssl ts -query -data site/transcript/checkpoint -sha256 -cert -out o.tsq "
        "2>/dev/null");
    authority.reply("o.tsq", "r.tsr");
    code = "timestamp-nonce-wrong";
  }
  SUBCASE("no nonce") {
    shop.must(
        "openssl ts -query -data site/transcript/checkpoint -sha256 -no_nonce -cert -out "
        "o.tsq 2>/dev/null");
    authority.reply("o.tsq", "r.tsr");
    code = "timestamp-nonce-wrong";
  }
  SUBCASE("no reply") {
    shop.must("echo no reply > r.tsr");
    code = "timestamp-reply-invalid";
  }
  SUBCASE("something behind it") {
    authority.reply("q.tsq", "r.tsr");
    shop.must("printf x >> r.tsr");
    code = "timestamp-reply-invalid";
  }
  CHECK(stamping.refusal() == code);
}

TEST_CASE("A reply that nobody trusted signed, or that was changed, has its own error") {
  Stamping stamping;
  const auto& shop = stamping.site.shop();
  const auto& authority = stamping.authority;
  std::string code = "timestamp-untrusted";
  std::string ca;
  SUBCASE("a broken signature") {
    authority.reply("q.tsq", "r.tsr");
    Bytes reply = shop.get("r.tsr");
    reply.back() ^= 1U;
    shop.put("r.tsr", reply);
    code = "timestamp-signature-wrong";
  }
  SUBCASE("without its certificate") {
    authority.reply("q.tsq", "r.tsr");
    shop.must("cd tsa && openssl ts -reply -in ../r.tsr -token_out -out token 2>/dev/null");
    shop.must(
        "cd tsa && openssl cms -verify -noverify -inform DER -in token -out then.tst "
        "2>/dev/null && openssl cms -sign -binary -nodetach -nocerts -cades -md sha256 "
        "-outform DER -econtent_type 1.2.840.113549.1.9.16.1.4 -signer stamper.pem -inkey "
        "stamper.key -in then.tst -out then.token");
    shop.put("wrap.py", as_bytes(R"(
body = bytes.fromhex('3003020100') + open('tsa/then.token', 'rb').read()
open('r.tsr', 'wb').write(b'\x30\x82' + len(body).to_bytes(2, 'big') + body)
)"));
    shop.must("python3 wrap.py");
  }
  SUBCASE("another CA") {
    authority.reply("q.tsq", "r.tsr");
    shop.must(
        "openssl req -x509 -newkey rsa:2048 -nodes -keyout o.key -out o.pem -subj /CN=ca "
        "2>/dev/null");
    ca = stamping.path("o.pem");
  }
  SUBCASE("a certificate that had expired when it stamped") {
    authority.certify("late", "20200101000000Z", "20250101000000Z");
    authority.reply_at("20260301120000Z", "q.tsq", "r.tsr", "late");
  }
  SUBCASE("a certificate for another purpose") {
    authority.certify("server", "20200101000000Z", "20400101000000Z", "serverAuth");
    authority.reply_at("20260301120000Z", "q.tsq", "r.tsr", "server");
  }
  CHECK(stamping.refusal(ca) == code);
}

TEST_CASE("A CA's file without a certificate, and a log that no longer holds what was stamped") {
  Stamping stamping;
  stamping.authority.reply("q.tsq", "r.tsr");
  const auto run = stamping.attach(stamping.path("q.tsq"));
  CHECK(run.exit_code == 3);
  CHECK(tells(run.out, "timestamp-ca-invalid"));
  LogScene& log = stamping.site.scene().scene();
  log.lines() = chained(13, "shred");
  stamping.site.scene().write(13);
  CHECK(stamping.refusal() == "log-forked");
}

TEST_CASE("The export has timestamps, and its commands verify them") {
  Stamping stamping;
  stamping.authority.reply("q.tsq", "r.tsr");
  REQUIRE(stamping.attach().exit_code == 0);
  stamping.site.scene().add({{"act", "note"}});
  stamping.site.scene().write(13);
  REQUIRE(stamping.site.export_it().exit_code == 0);
  const auto all = stamping.site.verify_commands("all out");
  INFO(as_text(all.out));
  CHECK(all.exit_code == 0);
  CHECK(stamping.site
            .verify_commands("bound out timestamps/12/checkpoint timestamps/12/reply.tsr "
                             "timestamps/12/ca.pem")
            .exit_code == 0);
  stamping.site.shop().must(
      "grep -q 'in timestamps/12/ca.pem saw the first 12 entries at ' out/report.html");
}

TEST_CASE("timestamp needs its second word") {
  const SiteScene scene;
  const auto run = scene.run({"timestamp", "SITE"});
  CHECK(run.exit_code == 2);
  CHECK(tells(run.err, "transcript timestamp needs a second word: request, attach"));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
