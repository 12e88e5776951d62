#include <doctest/doctest.h>

#include <filesystem>

#include "cli/approved_site.h"
#include "cli/document_shape.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// A witness after c2sp.org/tlog-witness, by its specification: reads a body, checks the log's
// signature and that the log only grew from what it saw, and answers a cosignature.
constexpr const char* kWitness = R"(
import base64, hashlib, json, os, sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
H = lambda b: hashlib.sha256(b).digest()
body, out, when = sys.argv[1], sys.argv[2], int(sys.argv[3])
key = Ed25519PrivateKey.from_private_bytes(b'w' * 32)
name = 'witness.example/w1'
public = b'\x04' + key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
ident = H(name.encode() + b'\n' + public)[:4]
open('witness.vkey', 'w').write('%s+%s+%s\n' % (name, ident.hex(), base64.b64encode(public).decode()))
head, text = open(body, 'rb').read().split(b'\n\n', 1)
lines = head.split(b'\n')
assert lines[0].startswith(b'old ')
old = int(lines[0][4:])
proof = [base64.b64decode(l) for l in lines[1:]]
signed, sigs = text.rsplit(b'\n\n', 1)
signed += b'\n'
origin, size, root = signed.split(b'\n')[:3]
size, root = int(size), base64.b64decode(root)
vkey = open('site/vkeys').read().split('\n')[0].split('+', 2)
assert vkey[0].encode() == origin
log = Ed25519PublicKey.from_public_bytes(base64.b64decode(vkey[2])[1:])
log.verify(base64.b64decode(sigs.split(b'\n')[0].split(b' ')[2])[4:], signed)
state = json.load(open('state')) if os.path.exists('state') else {'size': 0, 'root': ''}
assert old == state['size'], 'conflict'
if old:
    old_root = bytes.fromhex(state['root'])
    # RFC 6962 section 2.1.2, backwards, by recursion.
    def rebuild(m, n, whole):
        if m == n:
            if whole: return old_root, old_root
            h = proof.pop(0); return h, h
        k = 1 << ((n - 1).bit_length() - 1)
        if m <= k:
            o, w = rebuild(m, k, whole); return o, H(b'\1' + w + proof.pop(0))
        o, w = rebuild(m - k, n - k, False); left = proof.pop(0)
        return H(b'\1' + left + o), H(b'\1' + left + w)
    assert rebuild(old, size, True) == (old_root, root)
assert not proof
json.dump({'size': size, 'root': root.hex()}, open('state', 'w'))
message = b'cosignature/v1\ntime %d\n' % when + signed
value = ident + when.to_bytes(8, 'big') + key.sign(message)
open(out, 'wb').write('\u2014 {} '.format(name).encode() + base64.b64encode(value) + b'\n')
)";

struct Witnessing {
  ApprovedSite site{};

  Witnessing() {
    site.scene().write(5);
    site.shop().put("witness.py", as_bytes(kWitness));
    request("0", "first");
    cosign("first", "first.reply", "1772366400");
  }
  void request(const std::string& old, const std::string& out) {
    (void)site.scene().result(
        {"witness", "request", "SITE", "--old", old, "--out", site.scene().path(out)});
  }
  void cosign(const std::string& body, const std::string& out, const std::string& time) const {
    site.shop().must("python3 witness.py " + body + " " + out + " " + time);
  }
  [[nodiscard]] ProgramRun attach(const std::string& reply,
                                  const std::string& vkey = "witness.vkey") {
    return site.scene().run({"witness", "attach", "SITE", "--reply", site.scene().path(reply),
                             "--vkey", site.scene().path(vkey), "--json"});
  }
  [[nodiscard]] std::string refusal(const std::string& reply,
                                    const std::string& vkey = "witness.vkey") {
    const auto run = attach(reply, vkey);
    CHECK(run.exit_code != 0);
    return Json::parse(run.out).at("error").at("code");
  }
};

TEST_CASE("A size that this log cannot have had is no --old") {
  Witnessing witnessing;
  for (const std::string old : {"6", "x", "05", ""}) {
    CAPTURE(old);
    const auto run =
        witnessing.site.scene().run({"witness", "request", "SITE", "--old=" + old, "--out",
                                     witnessing.site.scene().path("never"), "--json"});
    CHECK(run.exit_code == 2);
    CHECK(Json::parse(run.out).at("error").at("code") ==
          (old.empty() ? "value-empty" : "witness-old-invalid"));
  }
}

TEST_CASE("A witness of another make follows the log from size to size, and its lines are kept") {
  Witnessing witnessing;
  auto& scene = witnessing.site.scene();
  scene.write(9);
  const auto first = witnessing.attach("first.reply");
  INFO(first.err);
  REQUIRE(first.exit_code == 0);
  const Json document = Json::parse(first.out);
  CHECK(document_shape(document) ==
        document_shape(documented_example("transcript-witness-attach-result")));
  const Json& result = document.at("result");
  CHECK(result.at("witnessed_size") == 5);
  CHECK(result.at("time") == "2026-03-01T12:00:00Z");
  witnessing.request("5", "second");
  witnessing.cosign("second", "second.reply", "1772366500");
  scene.write(12);
  REQUIRE(witnessing.attach("second.reply").exit_code == 0);
  witnessing.request("9", "third");
  witnessing.cosign("third", "third.reply", "1772366600");
  CHECK(witnessing.attach("third.reply").exit_code == 0);
  REQUIRE(witnessing.site.export_it().exit_code == 0);
  const auto all = witnessing.site.verify_commands("all out");
  INFO(as_text(all.out));
  CHECK(all.exit_code == 0);
  CHECK(witnessing.site
            .verify_commands("bound out witnessed/5 witnessed/9 witnessed/12 "
                             "witness-vkeys")
            .exit_code == 0);
}

TEST_CASE("Each wrong reply of a witness has its own error") {
  Witnessing witnessing;
  const auto& shop = witnessing.site.shop();
  CHECK(witnessing.refusal("first.reply", "site/vkeys") == "witness-vkey");
  shop.must("echo 17 > conflict");
  CHECK(witnessing.refusal("conflict") == "witness-conflict");
  shop.must("echo no lines > nothing; : > empty");
  CHECK(witnessing.refusal("nothing") == "witness-reply-invalid");
  CHECK(witnessing.refusal("empty") == "witness-reply-invalid");
  shop.must("sed 's/w1 /w2 /' first.reply > other");
  CHECK(witnessing.refusal("other") == "witness-other-key");
  // The last character but two of the base64: the signature's end.
  shop.must(
      "python3 -c \"b = open('first.reply').read().split(' '); "
      "import base64; v = bytearray(base64.b64decode(b[2])); v[20] ^= 1; "
      "open('broken', 'w').write(b[0] + ' ' + b[1] + ' ' + base64.b64encode(v).decode() + "
      "'\\n')\"");
  CHECK(witnessing.refusal("broken") == "witness-signature-wrong");
  shop.must("rm -r site/transcript/sent");
  CHECK(witnessing.refusal("first.reply") == "witness-signature-wrong");
}

TEST_CASE("A witness's line is attached once, and not to a log that is another by now") {
  Witnessing witnessing;
  REQUIRE(witnessing.attach("first.reply").exit_code == 0);
  CHECK(witnessing.refusal("first.reply") == "witness-attached");
  witnessing.site.scene().scene().lines() = chained(12, "shred");
  witnessing.site.scene().write(12);
  CHECK(witnessing.refusal("first.reply") == "log-forked");
}

TEST_CASE("A line without a time, one of a time to come, and one of ML-DSA-44 are remarked on") {
  Witnessing witnessing;
  const auto remarks = [&](const std::string& reply) {
    const auto run = witnessing.attach(reply);
    INFO(run.err);
    REQUIRE(run.exit_code == 0);
    return Json::parse(run.out).at("result");
  };
  witnessing.site.scene().write(9);
  witnessing.request("5", "timeless");
  witnessing.cosign("timeless", "timeless.reply", "0");
  const Json timeless = remarks("timeless.reply");
  CHECK(timeless.at("time").is_null());
  CHECK(timeless.at("remarks").dump().find("has no time") != std::string::npos);
  witnessing.site.scene().write(12);
  witnessing.request("9", "future");
  witnessing.cosign("future", "future.reply", "32503680000");
  witnessing.site.shop().must(
      "python3 -c \"import base64; print('\u2014 witness.example/w1 ' + "
      "base64.b64encode(b'abcd' + bytes(2428)).decode())\" >> future.reply");
  const Json future = remarks("future.reply");
  CHECK(future.at("time") == "3000-01-01T00:00:00Z");
  REQUIRE(future.at("remarks").size() == 2);
  CHECK(future.at("remarks").at(0).get<std::string>().find(
            "later than the clock of this machine") != std::string::npos);
  CHECK(future.at("remarks").at(1).get<std::string>().find("ML-DSA-44") != std::string::npos);
}

TEST_CASE("A witness's old size is a number that the checkpoint has reached") {
  Witnessing witnessing;
  auto& scene = witnessing.site.scene();
  for (const std::string old : {"6", "x", "-1", ""}) {
    const auto run =
        scene.run({"witness", "request", "SITE", "--old", old, "--out", scene.path("more")});
    CHECK(run.exit_code == 2);
    CHECK_FALSE(std::filesystem::exists(scene.path("more")));
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
