// Data keys that exist outside: wrapped, given out to a recipient; opened by openssl and python3.
#include <doctest/doctest.h>

#include <string>

#include "cli/dek_site.h"
#include "cli/document_shape.h"
#include "crypto/random.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("A data key that exists is wrapped and comes out again, whatever form it has") {
  const Issued site;
  if (!site.ready()) return;
  const Bytes secret = crypto::random_bytes(32);
  site.shop().put("secret", secret);
  site.shop().must(
      "python3 -c \"print(open('secret', 'rb').read().hex())\" > secret.hex; base64 -w 0 secret > "
      "secret.b64");
  const Words wrap = Words{"wrap"} + kOfPayments;
  (void)site.must("dek", wrap + Words{"--in", site.path("secret"), "--out", site.path("r1")});
  (void)site.must("dek", wrap + Words{"--in", site.path("secret.hex"), "--encoding", "hex", "--out",
                                      site.path("r2")});
  (void)site.must("dek", wrap + Words{"--in", site.path("secret.b64"), "--encoding", "base64",
                                      "--holder", "Billing", "--out", site.path("r3")});
  // Both wraps are deterministic.
  CHECK(site.lines("r1")[0]["wrapped"] == site.lines("r2")[0]["wrapped"]);
  site.shop().must("cat r1 r2 r3 > records");
  (void)site.must("dek", site.unwrap({"--from", site.path("records"), "--out", site.path("keys")}));
  for (const auto& line : site.lines("keys"))
    CHECK(line["key"].get<std::string>() == to_base64(secret));
  site.look(R"py(
secret = open("secret", "rb").read()
told = parts("dek-wrap")
assert len(told) == 3 and all(t["records"] == 1 for t in told)
assert [d["sha256"] for t in told for d in t["deks"]] == [json.loads(l)["sha256"] for l in open("records")]
for where in ("site/registry.sqlite", "site/transcript/log.jsonl"):
    content = open(where, "rb").read()
    for form in (secret, secret.hex().encode(), base64.b64encode(secret), hashlib.sha256(secret).hexdigest().encode()):
        assert form not in content
)py");
}

TEST_CASE("A data key comes by standard input or a descriptor, and what is none is refused") {
  const Issued site;
  if (!site.ready()) return;
  const Words common =
      Words{"--site", site.scene.site(), "--pin-file", site.path("pin")} + kOlga + kOfPayments;
  std::string line = tool_path("dek") + " wrap";
  for (const auto& word : common) line += " '" + word + "'";
  site.shop().must("head -c 16 /dev/urandom | " + line + " --out piped");
  site.shop().must("head -c 24 /dev/urandom > 24; " + line + " --fd 7 --out by-fd 7< 24");
  CHECK(from_base64(site.lines("piped")[0]["wrapped"].get<std::string>(), "it").size() == 24);
  CHECK(from_base64(site.lines("by-fd")[0]["wrapped"].get<std::string>(), "it").size() == 32);
  const Words wrap = Words{"wrap", "--out", site.path("no")} + kOfPayments;
  const auto refused = [&](const std::string& content, const Words& more, int exit_code,
                           const std::string& code) {
    site.shop().put("bad", as_bytes(content));
    site.refused(wrap + Words{"--in", site.path("bad")} + more, exit_code, code);
  };
  refused("", {}, 2, "dek-length");
  refused(std::string(300, 'x'), {}, 2, "dek-length");
  refused("0g", {"--encoding", "hex"}, 3, "dek-key-invalid");
  refused("====", {"--encoding", "base64"}, 3, "dek-key-invalid");
  refused("x", {"--from", site.path("bad")}, 2, "dek-input-ambiguous");
  // SoftHSM 2.6.1 wraps whole blocks alone: 20 bytes would come out as 24.
  refused(std::string(20, 'x'), {}, 4, "data-key-not-wrapped");
  site.shop().must("test ! -e no");
  // A terminal shows what is typed.
  site.shop().must("! script -qec \"" + line + " --out no\" /dev/null > why < /dev/null");
  CHECK(as_text(site.shop().must("cat why")).find("secret-from-terminal") != std::string::npos);
}

TEST_CASE("Lines of data keys are wrapped, those with an id once, and each that is not says why") {
  const Issued site;
  if (!site.ready()) return;
  site.shop().must(R"(python3 -c '
import base64, os
def line(key, id=None):
    return "{" + (f"\"id\":\"{id}\"," if id else "") + f"\"key\":\"{base64.b64encode(key).decode()}\"" + "}"
print(line(os.urandom(32), "0011223344556677" * 2))
print(line(os.urandom(20)))
print(line(os.urandom(16)))' > keys)");
  const auto run = [&](const std::string& from, const std::string& out) {
    return Words{"wrap", "--from", site.path(from), "--out", site.path(out)} + kOfPayments;
  };
  site.refused(run("keys", "first"), 1, "deks-not-opened");
  const auto first = site.lines("first");
  REQUIRE(first.size() == 3);
  CHECK(first[0]["id"] == "00112233445566770011223344556677");
  CHECK(first[1]["error"] == "data-key-not-wrapped");
  CHECK(first[1]["line"] == 2);
  site.shop().must("sed -n 1p keys > one");
  const Json again = site.must("dek", run("one", "again"));
  CHECK(again["again"] == 1);
  CHECK(again["added"] == 0);
  CHECK(site.lines("again")[0] == first[0]);
  site.shop().must(R"(sed 's/"key":"..../"key":"AAAA/' one > other)");
  site.refused(run("other", "no"), 1, "dek-id-taken");
  site.shop().put("bad", as_bytes("{\"key\":\"AAAA\",\"more\":1}\n"));
  site.refused(run("bad", "no2"), 3, "dek-key-invalid");
  // What unwrap gives out is what wrap takes.
  site.shop().must("sed -n 1p first > record");
  (void)site.must("dek", site.unwrap({"--from", site.path("record"), "--out", site.path("out")}));
  site.shop().must("cmp out one");
}

TEST_CASE("A recipient's RSA key opens what was given out for it, and nobody sees a plaintext") {
  const Issued site;
  if (!site.ready()) return;
  site.shop().must("openssl genrsa -out rsa 3072; openssl rsa -in rsa -pubout -out rsa.pem");
  (void)site.issue("records", {"--count", "3"});
  (void)site.must("dek", site.unwrap({"--from", site.path("records"), "--recipient",
                                      site.path("rsa.pem"), "--out", site.path("wrapped")}));
  (void)site.must("dek",
                  site.unwrap({"--from", site.path("records"), "--out", site.path("plain")}));
  // SoftHSM's OAEP opens by SHA-1 alone.
  CHECK(site.lines("wrapped")[0]["wrap"] == "rsa-oaep-sha1");
  site.shop().must(R"(python3 -c '
import base64, json, subprocess
for wrapped, plain in zip(open("wrapped"), open("plain")):
    wrapped, plain = json.loads(wrapped), json.loads(plain)
    open("blob", "wb").write(base64.b64decode(wrapped["wrapped"]))
    key = subprocess.run(["openssl", "pkeyutl", "-decrypt", "-inkey", "rsa", "-in", "blob", "-pkeyopt",
                          "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha1"], check=True, capture_output=True).stdout
    assert wrapped["id"] == plain["id"] and base64.b64encode(key).decode() == plain["key"]
')");
  site.look(
      "assert parts('dek-unwrap')[0]['recipient_sha256'] and "
      "'recipient_sha256' not in parts('dek-unwrap')[1]");
  site.shop().must(
      "openssl ecparam -name prime256v1 -genkey -noout | openssl ec -pubout -out ec.pem");
  site.refused(site.unwrap({"--from", site.path("records"), "--recipient", site.path("ec.pem"),
                            "--out", site.path("no")}),
               2, "recipient-not-rsa");
}

TEST_CASE("What dek wrap prints with --json has the shape that docs/formats/json.md shows") {
  const Issued site;
  if (!site.ready()) return;
  site.shop().put("secret", crypto::random_bytes(32));
  const auto done = site.scene.run(
      "dek", Words{"wrap", "--in", site.path("secret"), "--out", site.path("records")} +
                 kOfPayments + kOlga);
  REQUIRE(done.exit_code == 0);
  CHECK(document_shape(parse_json(as_bytes(done.out), "output")) ==
        document_shape(documented_example("dek-wrap-result")));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
