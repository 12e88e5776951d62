// A key that somebody wrote into the token from a file, with the label and the id of a key that the
// site's log knows, got custody "hsm", and nobody was told that its bytes were outside before.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include "act/token_session.h"
#include "cli/site_room.h"
#include "crypto/secret_bytes.h"
#include "pkcs11/mechanism.h"
#include "support/key_wrap.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using pkcs11::Attr;
using pkcs11::ObjectClass;

// Somebody who has the PIN, and not keyrite. In a process of its own: no module is loaded in the
// test's.
void at_the_token(const SiteRoom& scene, const std::function<void(pkcs11::Session&)>& work) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    std::string outcome = "done";
    try {
      act::TokenSession open(scene.room().token->binding(), pkcs11::Access::kReadWrite);
      work(open.session());
      open.close();
    } catch (const Error& error) {
      outcome = error.message();
    }
    scene.room().shop.put("outcome", as_bytes(outcome));
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(as_text(scene.room().shop.get("outcome")) == "done");
}

pkcs11::Template names_of(const Bytes& id) {
  return pkcs11::Template{}.set<Attr::kToken>(true).set<Attr::kLabel>("acme").set<Attr::kId>(id);
}

void remove_all(pkcs11::Session& session, const Bytes& id) {
  for (const auto object : session.find(pkcs11::Template{}.set<Attr::kId>(id)))
    session.destroy_object(object, "removing a key");
}

struct Scene {
  SiteRoom site{};
  Bytes id{};
  std::uint64_t entry{};

  explicit Scene(const char* type) {
    if (!ready()) return;
    const Json made =
        site.must("generate-kek", {"--type", type, "--label", "acme", "--for", "aws"});
    id = from_hex(made["id"].get<std::string>());
    entry = made["log_entry"].get<std::uint64_t>();
  }
  [[nodiscard]] bool ready() const { return site.room().token != nullptr; }

  [[nodiscard]] ProgramRun wrap(const std::string& out, const Words& more) const {
    Words words = site.room().wrap_for_aws("good.json", "acme", out);
    words.erase(words.begin());
    for (std::string& word : words) {
      if (word == "RSAES_OAEP_SHA_1" && private_key) word = "RSA_AES_KEY_WRAP_SHA_1";
    }
    return site.run("wrap-for-import", words + Words{"--accept-padded-pkcs8"} + more);
  }
  // "logged 17", "token", "unknown": as python3 finds it in the manifest.
  [[nodiscard]] std::string origin(const std::string& out) const {
    const auto run = wrap(out, {});
    CAPTURE(run.err);
    REQUIRE(run.exit_code == 0);
    const Json report = parse_json(as_bytes(run.out), "output")["result"]["bundles"][0]["origin"];
    const std::string said = as_text(site.room().shop.must(
        "python3 -c 'import json; o = json.load(open(\"" + out +
        "/manifest.json\"))[\"origin\"]; print(o[\"origin\"] if o[\"log_entry\"] is None else "
        "\"%s %d\" % (o[\"origin\"], o[\"log_entry\"]), end=\"\")'"));
    CHECK(said.starts_with(report["origin"].get<std::string>()));
    const std::string readme = as_text(site.room().shop.get(out + "/README.txt"));
    CHECK(readme.find(report["text"].get<std::string>()) != std::string::npos);
    return said;
  }
  // Both demands are refused, and that is in the log.
  void check_refused() const {
    site.refused(wrap("demanded", {"--require-origin", "logged"}), 6, "origin-not-logged");
    CHECK(site.entries().back()["error"]["code"] == "origin-not-logged");
    CHECK(site.entries().back()["outcome"] == "failed");
    site.refused(wrap("demanded", {"--require-origin", "token"}), 6, "origin-not-told");
    CHECK(site.entries().back()["error"]["code"] == "origin-not-told");
    (void)site.room().shop.must("test ! -e demanded");
  }
  bool private_key{false};
};

void put_in_secret(pkcs11::Session& session, const Bytes& id, const Bytes& value) {
  remove_all(session, id);
  auto wanted = names_of(id);
  wanted.set<Attr::kClass>(ObjectClass::kSecretKey)
      .set<Attr::kKeyType>(pkcs11::KeyKind::kAes)
      .set<Attr::kPrivate>(true)
      .set<Attr::kSensitive>(true)
      .set<Attr::kExtractable>(true)
      .set<Attr::kEncrypt>(true)
      .set<Attr::kDecrypt>(true);
  (void)session.create_secret(wanted, crypto::SecretBytes(value), "writing a key from a file");
}

TEST_CASE("A key that generate-kek made is known by the entry of the log that tells of it") {
  const Scene scene("aes-256");
  if (!scene.ready()) return;
  CHECK(scene.origin("made") == "logged " + std::to_string(scene.entry));
  const Json line = scene.site.entries().at(scene.entry);
  CHECK(line["act"] == "generate-kek");
  CHECK(line["event"] == "result");
  CHECK(line["facts"]["key_id"] == to_hex(scene.id));
  const auto run = scene.wrap("demanded", {"--require-origin", "logged"});
  CHECK(run.exit_code == 0);
  CHECK(scene.site.entries().back()["facts"]["bundles"][0]["origin"] ==
        Json{{"log_entry", scene.entry}, {"origin", "logged"}});
}

TEST_CASE("A key from a file under a logged key's label and id is of unknown origin") {
  const Scene scene("aes-256");
  if (!scene.ready()) return;
  at_the_token(scene.site, [&](pkcs11::Session& session) {
    put_in_secret(session, scene.id, Bytes(32, 0x5a));
  });
  CHECK(scene.origin("planted") == "unknown");
  scene.check_refused();
}

TEST_CASE("A logged key that was taken out and put in again is of unknown origin") {
  const Scene scene("aes-256");
  if (!scene.ready()) return;
  REQUIRE(scene.origin("first").starts_with("logged "));
  const Bytes value = scene.site.room().shop.must(
      "openssl pkeyutl -decrypt -inkey good-private.pem -in first/EncryptedKeyMaterial.bin "
      "-pkeyopt "
      "rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha1");
  REQUIRE(value.size() == 32);
  at_the_token(scene.site,
               [&](pkcs11::Session& session) { put_in_secret(session, scene.id, value); });
  CHECK(scene.origin("again") == "unknown");
  scene.check_refused();
}

TEST_CASE("A key pair from a file under a logged pair's label and id is of unknown origin") {
  Scene scene("ec-p256");
  if (!scene.ready()) return;
  scene.private_key = true;
  CHECK(scene.origin("made") == "logged " + std::to_string(scene.entry));
  const auto& shop = scene.site.room().shop;
  const Bytes transport(32, 0x33);
  shop.must(
      "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -outform DER -out own.der "
      "2>/dev/null && openssl pkcs8 -topk8 -nocrypt -inform DER -in own.der -outform DER -out "
      "own.p8 && " +
      kwp_wrap_line(to_hex(transport)) +
      " < own.p8 > own.kwp && openssl pkey -inform DER -in own.der -pubout -outform DER | tail -c "
      "65 > own.point");
  at_the_token(scene.site, [&](pkcs11::Session& session) {
    remove_all(session, scene.id);
    pkcs11::Template wrapping;
    wrapping.set<Attr::kClass>(ObjectClass::kSecretKey)
        .set<Attr::kKeyType>(pkcs11::KeyKind::kAes)
        .set<Attr::kToken>(false)
        .set<Attr::kUnwrap>(true);
    const auto under =
        session.create_secret(wrapping, crypto::SecretBytes(transport), "writing a key");
    auto wanted = names_of(scene.id);
    wanted.set<Attr::kClass>(ObjectClass::kPrivateKey)
        .set<Attr::kKeyType>(pkcs11::KeyKind::kEc)
        .set<Attr::kPrivate>(true)
        .set<Attr::kSensitive>(true)
        .set<Attr::kExtractable>(true)
        .set<Attr::kSign>(true);
    (void)session.unwrap_key(pkcs11::Mechanism::aes_key_wrap(pkcs11::kwp_candidates().at(1)), under,
                             shop.get("own.kwp"), wanted, "writing a private key from a file");
    const auto params = curve_info(Curve::kP256).ec_params_der;
    auto half = names_of(scene.id);
    half.set<Attr::kClass>(ObjectClass::kPublicKey)
        .set<Attr::kKeyType>(pkcs11::KeyKind::kEc)
        .set<Attr::kVerify>(true)
        .set<Attr::kEcParams>(Bytes(params.begin(), params.end()))
        .set<Attr::kEcPoint>(concat(Bytes{0x04, 65}, shop.get("own.point")));
    (void)session.create_object(half, "writing its public half");
  });
  CHECK(scene.origin("planted") == "unknown");
  scene.check_refused();
}

TEST_CASE("A site's policy demands an origin, and a command line cannot ask for less") {
  const Scene scene("aes-256");
  if (!scene.ready()) return;
  scene.site.room().shop.must("printf '\\n[origin]\\nrequired = \"logged\"\\n' >> site/site.toml");
  CHECK(scene.origin("made").starts_with("logged "));
  at_the_token(scene.site, [&](pkcs11::Session& session) {
    remove_all(session, scene.id);
    auto wanted = names_of(scene.id);
    wanted.set<Attr::kClass>(ObjectClass::kSecretKey)
        .set<Attr::kKeyType>(pkcs11::KeyKind::kAes)
        .set<Attr::kPrivate>(true)
        .set<Attr::kSensitive>(true)
        .set<Attr::kExtractable>(true)
        .set<Attr::kEncrypt>(true)
        .set<Attr::kValueLen>(32UL);
    (void)session.generate_key(pkcs11::Mechanism::aes_key_gen(), wanted, "making a key");
  });
  // The token made it, and nobody logged that.
  scene.site.refused(scene.wrap("unlogged", {}), 6, "origin-not-logged");
  scene.site.refused(scene.wrap("unlogged", {"--require-origin", "token"}), 6, "origin-not-logged");
  scene.site.room().shop.must(
      "sed -i 's/required = \"logged\"/required = \"token\"/' site/site.toml");
  CHECK(scene.origin("unlogged") == "token");
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
