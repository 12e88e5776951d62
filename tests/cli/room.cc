#include "cli/room.h"

#include <doctest/doctest.h>

#include <filesystem>

namespace keyrite::test {

namespace {

// Import parameters in many states of disrepair.
constexpr const char* kMakeInputs = R"py(
import base64, datetime, json, os, shutil, subprocess, sys
in_hours = lambda n: (datetime.datetime.utcnow() + datetime.timedelta(hours=n)).strftime("%Y-%m-%dT%H:%M:%SZ")
def der(*gen):
    subprocess.run(["openssl", *gen, "-out", "k.pem"], check=True, stderr=subprocess.DEVNULL)
    return subprocess.run(["openssl", "pkey", "-in", "k.pem", "-pubout", "-outform", "DER"],
                          check=True, stdout=subprocess.PIPE).stdout
rsa = lambda bits, e=65537: der("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:%d" % bits,
                                "-pkeyopt", "rsa_keygen_pubexp:%d" % e)
b64 = lambda b: base64.b64encode(b).decode()
pem = lambda b: "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n" % b64(b)
shutil.copy(sys.argv[1] + "/rsa-2048.pem", "good-private.pem")
good = subprocess.run(["openssl", "pkey", "-in", "good-private.pem", "-pubout", "-outform", "DER"],
                      check=True, stdout=subprocess.PIPE).stdout
def aws(key, **more):
    return dict({"KeyId": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                 "ImportToken": b64(bytes(900)), "PublicKey": key,
                 "ParametersValidTo": in_hours(20)}, **more)
def put(name, value):
    open(name + ".json", "w").write(value if isinstance(value, str) else json.dumps(value))
put("good", aws(b64(good)))
import hashlib
open("fingerprint", "w").write(hashlib.sha256(good).hexdigest())
if sys.argv[2:] == ["good"]: sys.exit()
put("expired", aws(b64(good), ParametersValidTo="2020-01-01T00:00:00Z"))
put("truncated-key", aws(b64(good)[:200]))
put("not-base64", aws("!!!not"))
put("pem-armoured", aws(pem(good)))
put("rsa-1024", aws(b64(rsa(1024))))
put("exponent-3", aws(b64(rsa(2048, 3))))
put("ec-key", aws(b64(der("ecparam", "-genkey", "-name", "prime256v1", "-noout"))))
text = json.dumps(aws(b64(good)))
put("cut", text[:300])
put("duplicate", text[:-1] + ',"KeyId":"x"}')
put("deep", '{"a":' + "[" * 100000 + "]" * 100000 + "}")
put("escaped-nul", text.replace("arn:", "arn\\u0000:"))
put("raw-nul", text + "\0")
put("empty", "")
put("list", "[]")
with open("huge.json", "w") as f: f.truncate(100 << 20)
def google(bits, method, state="ACTIVE"):
    return {"name": "projects/p/locations/europe-west3/keyRings/r/importJobs/j", "state": state,
            "importMethod": method, "protectionLevel": "HSM", "createTime": "2026-02-11T08:00:00Z",
            "expireTime": in_hours(60), "publicKey": {"pem": pem(rsa(bits))}}
put("pending-job", google(3072, "RSA_OAEP_3072_SHA1_AES_256", "PENDING_GENERATION"))
put("other-size-job", google(3072, "RSA_OAEP_4096_SHA1_AES_256"))
number = subprocess.run(["openssl", "rsa", "-pubin", "-inform", "DER", "-modulus", "-noout"], input=good,
                        check=True, stdout=subprocess.PIPE).stdout.decode().strip().split("=")[1]
url = lambda b: base64.urlsafe_b64encode(b).decode().rstrip("=")
put("kid-without-version", {"key": {"kid": "https://v.vault.azure.net/keys/kek", "kty": "RSA-HSM",
    "key_ops": ["import"], "n": url(bytes.fromhex(number)), "e": "AQAB"}})
)py";

}  // namespace

Words operator+(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

Room::Room(Inputs inputs) {
  if (!token) return;
  put_secret("pin", token->pin);
  put_secret("wrong-pin", "not-the-pin");
  shop.put("make.py", as_bytes(std::string_view(kMakeInputs)));
  shop.must(inputs == Inputs::kGood ? "python3 make.py '" KEYRITE_TEST_KEYS_DIR "' good 2>/dev/null"
                                    : "python3 make.py '" KEYRITE_TEST_KEYS_DIR "' 2>/dev/null");
}

void Room::put_secret(const std::string& name, const std::string& text) const {
  std::filesystem::permissions(shop.put(name, as_bytes(text)), std::filesystem::perms::owner_read);
}

Words Room::at_token(const std::string& pin) const {
  return {"--module", token->module.path.value(), "--token", token->uri, "--pin-file", path(pin)};
}

void Room::make_key(const std::string& type, const std::string& label, const Words& more) const {
  const auto run = run_program(Words{tool_path("generate-kek"), "--type", type, "--label", label} +
                               at_token() + more);
  CAPTURE(run.err);
  REQUIRE(run.exit_code == 0);
}

Words Room::wrap_for_aws(const std::string& parameters, const std::string& label,
                         const std::string& out) const {
  return {tool_path("wrap-for-import"),
          "aws",
          "--label",
          label,
          "--parameters",
          path(parameters),
          "--wrapping-algorithm",
          "RSAES_OAEP_SHA_1",
          "--expect-wrapping-key",
          as_text(shop.get("fingerprint")),
          "--out",
          path(out)};
}

}  // namespace keyrite::test
