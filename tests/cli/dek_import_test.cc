// Data keys that openssl and python3 wrapped under the public half of a tenant's RSA key.
#include <doctest/doctest.h>

#include <string>

#include "cli/dek_site.h"
#include "cli/document_shape.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Words kOfInbox{"--tenant", "Acme", "--key", "inbox"};

// As a provider: "wrapped" and "wrapped.jsonl", of the keys in "plain".
constexpr const char* kProvider = R"py(
import base64, json, os, sys
from cryptography.hazmat.primitives import hashes, keywrap, serialization
from cryptography.hazmat.primitives.asymmetric import padding
public = serialization.load_pem_public_key(open("inbox.pem", "rb").read())
def oaep(hash, key):
    return public.encrypt(key, padding.OAEP(mgf=padding.MGF1(hash()), algorithm=hash(), label=None))
def composed(hash, key):
    outer = os.urandom(32)
    return oaep(hash, outer) + keywrap.aes_key_wrap_with_padding(outer, key)
keys = [os.urandom(n) for n in (16, 32, 32, 20)]
ways = [("rsa-oaep-sha1", oaep(hashes.SHA1, keys[0])), ("rsa-oaep-sha1", oaep(hashes.SHA1, keys[1])),
        ("rsa-aes-key-wrap-sha1", composed(hashes.SHA1, keys[2])), ("rsa-aes-key-wrap-sha1", composed(hashes.SHA1, keys[3]))]
with open("wrapped.jsonl", "w") as lines:
    for way, blob in ways:
        lines.write(json.dumps({"wrap": way, "wrapped": base64.b64encode(blob).decode()}) + "\n")
open("wrapped", "wb").write(ways[0][1])
open("sha256", "wb").write(oaep(hashes.SHA256, keys[0]))
open("plain", "w").write("\n".join(base64.b64encode(key).decode() for key in keys) + "\n")
)py";

struct Inbox : Issued {
  Inbox() {
    if (!ready()) return;
    (void)must("key",
               {"add", "inbox", "--tenant", "Acme", "--type", "rsa-2048", "--usage", "wrap"});
    (void)must("generate-kek", kOfInbox);
    (void)must("key", {"activate", "inbox", "--tenant", "Acme"});
    shop().put("provider.py", as_bytes(kProvider));
  }
};

TEST_CASE("What a provider wraps under the public half is recorded and opened as any data key") {
  const Inbox site;
  if (!site.ready()) return;
  const Json given =
      site.must("dek", Words{"wrapping-key", "--out", site.path("inbox.pem")} + kOfInbox);
  // SoftHSM opens SHA-1 alone.
  CHECK(given["opens"] == Json::array({"rsa-oaep-sha1", "rsa-aes-key-wrap-sha1"}));
  site.shop().must("python3 provider.py");
  const Json done = site.must(
      "dek", Words{"import", "--from", site.path("wrapped.jsonl"), "--out", site.path("records")} +
                 kOfInbox);
  CHECK(done["added"] == 4);
  (void)site.must("dek", site.unwrap({"--from", site.path("records"), "--out", site.path("keys")}));
  site.shop().must(R"(python3 -c '
import json
assert [json.loads(line)["key"] for line in open("keys")] == open("plain").read().split()')");
  site.look(R"py(
assert [row[0] for row in db.execute("SELECT mechanism FROM dek ORDER BY id")].count("rsa-oaep-sha1") == 2
assert {d["wrap"] for d in parts("dek-import")[0]["deks"]} == {"rsa-oaep-sha1", "rsa-aes-key-wrap-sha1"}
given, = results("dek-wrapping-key")
assert given["opens"] == ["rsa-oaep-sha1", "rsa-aes-key-wrap-sha1"]
)py");
  const auto one = site.scene.run("dek", Words{"import", "--in", site.path("wrapped"), "--wrap",
                                               "rsa-oaep-sha1", "--out", site.path("one")} +
                                             kOfInbox + kOlga);
  REQUIRE(one.exit_code == 0);
  CHECK(document_shape(parse_json(as_bytes(one.out), "output")) ==
        document_shape(documented_example("dek-import-result")));
}

TEST_CASE("What the token does not open under the RSA key is not recorded") {
  const Inbox site;
  if (!site.ready()) return;
  const auto shown = site.scene.run(
      "dek", Words{"wrapping-key", "--out", site.path("inbox.pem")} + kOfInbox + kOlga);
  REQUIRE(shown.exit_code == 0);
  CHECK(document_shape(parse_json(as_bytes(shown.out), "output")) ==
        document_shape(documented_example("dek-wrapping-key-result")));
  site.shop().must("python3 provider.py");
  const Words import = Words{"import", "--out", site.path("no")} + kOfInbox;
  site.refused(import + Words{"--in", site.path("sha256"), "--wrap", "rsa-oaep-sha256"}, 4,
               "data-key-not-unwrapped");
  site.refused(import + Words{"--in", site.path("sha256"), "--wrap", "rsa-oaep-sha1"}, 6,
               "data-key-record-bad");
  site.refused(import, 2, "dek-input-ambiguous");
  site.shop().put("bad", as_bytes("{\"wrap\":\"rsa-oaep-sha1\"}\n"));
  site.refused(import + Words{"--from", site.path("bad")}, 3, "dek-record-invalid");
  site.refused(Words{"issue", "--out", site.path("no")} + kOfInbox, 1, "key-wraps-nothing");
  site.refused(Words{"wrapping-key", "--out", site.path("no")} + kOfPayments, 1, "key-not-rsa");
  site.shop().must("test ! -e no");
}

TEST_CASE("After a rotation of an RSA key its data keys stay under their version, and open") {
  const Inbox site;
  if (!site.ready()) return;
  (void)site.must("dek", Words{"wrapping-key", "--out", site.path("inbox.pem")} + kOfInbox);
  site.shop().must("python3 provider.py");
  (void)site.must(
      "dek", Words{"import", "--from", site.path("wrapped.jsonl"), "--out", site.path("records")} +
                 kOfInbox);
  CHECK(site.must("rotate", kOfInbox + Words{"--force"})["keys"][0]["state"] == "done");
  site.look("assert db.execute('SELECT DISTINCT number FROM dek').fetchall() == [(1,)]");
  site.scene.refused(site.scene.run("dek", Words{"rewrap"} + kOfInbox + kOlga), 1,
                     "deks-not-opened");
  Words one{"rewrap", "--from", site.path("one"), "--out", site.path("no")};
  site.shop().must("head -n 1 records > one");
  site.scene.refused(site.scene.run("dek", one + kOfInbox + kOlga), 1, "dek-not-movable");
  (void)site.must("dek", site.unwrap({"--from", site.path("records"), "--out", site.path("keys")}));
  site.shop().must(R"(python3 -c '
import json
assert [json.loads(line)["key"] for line in open("keys")] == open("plain").read().split()')");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
