// Which key version an answer is of: the answer's own word, or import.sh's record of raw answers.
#include <doctest/doctest.h>

#include "base/json.h"
#include "unit/provider/evidence_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;

std::string version(const std::string& number) {
  return std::string(kGoogleKey) + "/cryptoKeyVersions/" + number;
}

struct Scene {
  Workshop shop{};
  Bench bench =
      secret_bench(shop, {Provider::kGoogle, "hmac-sha256", {}}, {KeyFamily::kGenericSecret, 32},
                   counting_key(32), std::string(kGoogleKey));
  InputFile mac{"answer.bin", shop.must("openssl dgst -sha256 -mac HMAC -macopt hexkey:" +
                                        counting_key(32) + " -binary challenge.bin")};

  [[nodiscard]] std::string sha256(const Bytes& content) const {
    shop.put("content", content);
    return as_text(shop.must("sha256sum < content")).substr(0, 64);
  }
  [[nodiscard]] Json record(const std::string& key) const {
    return {
        {"format", "keyrite-answers"},
        {"version", 1},
        {"asked", "2026-02-13T12:00:00Z"},
        {"key", key},
        {"challenge_sha256", sha256(bench.expected.challenge)},
        {"answers", Json::array({Json{{"file", "answer.bin"}, {"sha256", sha256(mac.content)}}})}};
  }
  [[nodiscard]] static InputFile file(const Json& document) {
    return {"file.json", bytes_of(dump_json(document))};
  }
  [[nodiscard]] static InputFile state(const std::string& number) {
    return file({{"name", version(number)}, {"state", "ENABLED"}});
  }
  [[nodiscard]] Judgement judged(const std::vector<InputFile>& files) const {
    return judge(bench.expected, files);
  }
};

TEST_CASE("A raw answer is of the version that the record names, and the verdict names it") {
  const Scene scene;
  const auto judged =
      scene.judged({scene.mac, scene.file(scene.record(version("1"))), scene.state("1")});
  CHECK(judged.verdict == Verdict::kProven);
  CHECK(judged.basis == Basis::kCryptographic);
  CHECK(judged.named == version("1"));
}

TEST_CASE("Answers of version 1 beside the state of version 2 prove nothing") {
  const Scene scene;
  const auto judged =
      scene.judged({scene.mac, scene.file(scene.record(version("1"))), scene.state("2")});
  CHECK(judged.verdict == Verdict::kConsistentNotProven);
  CHECK(judged.findings[0].result == Result::kContradicts);
}

TEST_CASE("An answer that is not the one recorded has no name") {
  const Scene scene;
  Json record = scene.record(version("1"));
  record["answers"][0]["sha256"] = std::string(64, '0');
  const auto judged = scene.judged({scene.mac, scene.file(record)});
  CHECK(judged.verdict == Verdict::kProven);
  CHECK(judged.named.empty());
}

TEST_CASE("An answer recorded as another key's does not count for this one") {
  const Scene scene;
  const auto judged = scene.judged(
      {scene.mac, scene.file(scene.record("projects/evil/locations/l/keyRings/r/cryptoKeys/k/"
                                          "cryptoKeyVersions/1"))});
  CHECK(judged.verdict == Verdict::kConsistentNotProven);
  CHECK(judged.findings[0].result == Result::kNotProof);
}

TEST_CASE("A record of another bundle says nothing, and a broken one is unreadable by its code") {
  const Scene scene;
  Json record = scene.record(version("2"));
  record["challenge_sha256"] = std::string(64, '0');
  CHECK(scene.judged({scene.mac, scene.file(record), scene.state("1")}).named.empty());
  const auto code = [&](const char* field, const Json& value) {
    Json broken = scene.record(version("1"));
    broken[field] = value;
    const auto judged = scene.judged({scene.mac, scene.file(broken)});
    CHECK(judged.findings[1].result == Result::kUnreadable);
    CHECK(judged.named.empty());
    return judged.findings[1].code;
  };
  CHECK(code("version", 2) == "answers-version");
  CHECK(code("more", 1) == "answers-unknown-field");
  CHECK(code("answers", Json::array({Json{{"file", "x"}, {"sha256", "abcd"}}})) ==
        "answers-invalid");
  CHECK(code("key", 7) == "json-wrong-type");
}

TEST_CASE("A decryption over the REST interface is of the version that the record names") {
  const Workshop shop;
  Bench bench = secret_bench(shop, {Provider::kGoogle, "aes-256-gcm", {}}, {KeyFamily::kAes, 256},
                             counting_key(32), std::string(kGoogleKey));
  // What the cloud decrypts is hidden from everybody; here it is made known.
  const Bytes hidden(32, 7);
  shop.put("hidden", hidden);
  bench.expected.answers.front().answer_sha256 =
      as_text(shop.must("sha256sum < hidden")).substr(0, 64);
  const Bytes answer = bytes_of(dump_json({{"plaintext", to_base64(hidden)}}));
  shop.put("answer", answer);
  const Json record{
      {"format", "keyrite-answers"},
      {"version", 1},
      {"asked", "2026-02-13T12:00:00Z"},
      {"key", version("3")},
      {"challenge_sha256", as_text(shop.must("sha256sum < challenge.bin")).substr(0, 64)},
      {"answers",
       Json::array({Json{{"file", "answer.json"},
                         {"sha256", as_text(shop.must("sha256sum < answer")).substr(0, 64)}}})}};
  const auto judged =
      judge(bench.expected, {{"answer.json", answer}, {"record", bytes_of(dump_json(record))}});
  CHECK(judged.verdict == Verdict::kProven);
  CHECK(judged.named == version("3"));
  const auto alone = judge(bench.expected, {{"answer.json", answer}});
  CHECK(alone.verdict == Verdict::kProven);
  CHECK(alone.named.empty());
}

TEST_CASE("A record alone proves nothing") {
  const Scene scene;
  CHECK(scene.judged({scene.file(scene.record(version("1")))}).verdict ==
        Verdict::kConsistentNotProven);
}

TEST_CASE("Azure's version is named in the verdict, AWS's key as the bundle spells it") {
  const Workshop shop;
  const Bench azure =
      secret_bench(shop, {Provider::kAzure, "oct", {"encrypt"}}, {KeyFamily::kAes, 256},
                   counting_key(32), std::string(kAzureKey));
  const std::string kid = std::string(kAzureKey) + "/0123456789abcdef0123456789abcdef";
  const Bytes sealed =
      shop.must("openssl enc -nopad -aes-256-cbc -K " + counting_key(32) + " -iv " +
                azure.expected.answers.front().iv + " -in challenge.bin");
  const auto judged = judge_text(
      azure.expected,
      dump_json({{"kid", kid}, {"algorithm", "A256CBC"}, {"result", to_base64(sealed)}}));
  CHECK(judged.verdict == Verdict::kProven);
  CHECK(judged.named == kid);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
