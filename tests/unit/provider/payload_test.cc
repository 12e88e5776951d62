// The wrapped key in the clouds' file formats, read back by python, and every way in which it can
// be damaged.
#include <doctest/doctest.h>

#include "provider/azure/byok.h"
#include "support/command.h"
#include "unit/provider/import_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;

Refusal blob_refused(std::size_t size, const std::string& type, const std::string& algorithm,
                     unsigned bits) {
  return refusal_of([&] {
    check_blob(Bytes(size, 1), parse_key_type(type), parse_wrapping_algorithm(algorithm), bits);
  });
}

Refusal files_refused(const Destination& destination, const std::vector<FolderFile>& files) {
  return refusal_of([&] {
    check_files(destination.provider(), to_json(destination.parameters), destination.key_type,
                destination.algorithm, wrapping_key(destination.parameters).rsa_bits(), files);
  });
}

Bytes text_bytes(std::string_view text) { return {text.begin(), text.end()}; }

// The .byok file of a destination with its JSON changed.
std::vector<FolderFile> byok_with(const Destination& destination,
                                  const std::function<void(Json&)>& edit) {
  auto files = lay_out(destination, blob_for(destination), "keyrite test");
  Json document = parse_json(files.front().content, "byok");
  edit(document);
  files.front().content = text_bytes(dump_json(document));
  return files;
}

TEST_CASE("The sizes of blobs follow from key, algorithm and wrapping key") {
  const std::string kAes = "rsa-aes-key-wrap-sha256";
  CHECK(blob_refused(256, "aes-256", "rsa-oaep-sha256", 2048).code.empty());
  CHECK(blob_refused(255, "aes-256", "rsa-oaep-sha256", 2048) == verification("blob-size"));
  CHECK(blob_refused(257, "aes-256", "rsa-oaep-sha256", 2048) == verification("blob-size"));
  CHECK(blob_refused(296, "aes-256", kAes, 2048).code.empty());
  CHECK(blob_refused(424, "aes-256", kAes, 3072).code.empty());
  CHECK(blob_refused(552, "aes-256", kAes, 4096).code.empty());
  // PKCS#7 padding before RFC 3394 gives 48 instead of 40.
  CHECK(blob_refused(304, "aes-256", kAes, 2048) == verification("blob-size"));
  CHECK(blob_refused(288, "aes-256", kAes, 2048) == verification("blob-size"));
  CHECK(blob_refused(256 + 2384, "rsa-4096", kAes, 2048).code.empty());
  CHECK(blob_refused(256 + 2383, "rsa-4096", kAes, 2048) == verification("blob-size"));
  CHECK(blob_refused(256 + 16, "rsa-4096", kAes, 2048) == verification("blob-size"));
  CHECK(blob_refused(256 + 80, "ec-p256", kAes, 2048).code.empty());
  CHECK(blob_refused(256 + 152, "ec-p256", kAes, 2048).code.empty());
  CHECK(blob_refused(256 + 8, "ec-p256", kAes, 2048) == verification("blob-size"));
  CHECK(blob_refused(256, "ec-p256", kAes, 2048) == verification("blob-size"));
  CHECK(blob_refused(0, "ec-p256", kAes, 2048) == verification("blob-size"));
}

TEST_CASE("AWS gets the blob and the token as two binary files") {
  const Destination destination = aws_destination();
  const auto files = lay_out(destination, blob_for(destination), "keyrite test");
  REQUIRE(files.size() == 2);
  CHECK(files[0].name == "EncryptedKeyMaterial.bin");
  CHECK(files[0].content == blob_for(destination));
  CHECK(files[1].name == "ImportToken.bin");
  CHECK(files[1].content.size() == 1500);
  CHECK(files_refused(destination, files).code.empty());
}

TEST_CASE("AWS takes no more than 6144 bytes") {
  const Destination destination =
      aws_destination(aws_options("RSA_AES_KEY_WRAP_SHA_256"), "rsa-4096");
  CHECK(refusal_of([&] {
          static_cast<void>(lay_out(destination, Bytes(6144, 1), ""));
        }).code.empty());
  CHECK(refusal_of([&] { static_cast<void>(lay_out(destination, Bytes(6152, 1), "")); }) ==
        verification("blob-too-large"));
}

TEST_CASE("The .byok file is what python's json and base64 read as the specification says") {
  const Destination destination = azure_destination();
  const auto files = lay_out(destination, blob_for(destination), "keyrite 1; T\xc3\xb6ken\x01");
  REQUIRE(files.size() == 1);
  CHECK(files[0].name == "acme-payments.byok");
  const Workshop shop;
  shop.put("k.byok", files[0].content);
  shop.put("blob", blob_for(destination));
  CHECK(as_text(shop.must(R"(python3 -c '
import base64, json
raw = open("k.byok", "rb").read()
assert all(byte < 127 and (byte > 31 or byte == 10) for byte in raw)
d = json.loads(raw)
assert list(d) == ["schema_version", "header", "ciphertext", "generator"], list(d)
assert d["schema_version"] == "1.0.0"
assert d["header"] == {"kid": "https://acme-hsm.managedhsm.azure.net/keys/KEKforBYOK/0123456789abcdef0123456789abcdef", "alg": "dir", "enc": "CKM_RSA_AES_KEY_WRAP"}
c = d["ciphertext"]
assert "=" not in c and "+" not in c and "/" not in c
assert base64.urlsafe_b64decode(c + "=" * (-len(c) % 4)) == open("blob", "rb").read()
print(d["generator"], end="")
')")) == "keyrite 1; T??ken?");
  CHECK(files_refused(destination, files).code.empty());
}

TEST_CASE("Google gets the blob as one binary file") {
  const Destination destination = google_destination();
  const auto files = lay_out(destination, blob_for(destination), "");
  REQUIRE(files.size() == 1);
  CHECK(files[0].name == "wrapped-key.bin");
  CHECK(files[0].content.size() == 424);
  CHECK(files_refused(destination, files).code.empty());
}

TEST_CASE("Payload files that are missing, cut, or of other parameters are found") {
  for (const Destination& destination :
       {aws_destination(), azure_destination(), google_destination()}) {
    const auto files = lay_out(destination, blob_for(destination), "keyrite test");
    for (std::size_t i = 0; i < files.size(); ++i) {
      auto damaged = files;
      damaged.erase(damaged.begin() + static_cast<std::ptrdiff_t>(i));
      CHECK(files_refused(destination, damaged) == verification("bundle-payload"));
      damaged = files;
      damaged[i].content.pop_back();
      damaged[i].content.pop_back();
      CHECK(files_refused(destination, damaged) == verification("bundle-payload"));
      damaged[i].content.clear();
      CHECK(files_refused(destination, damaged) == verification("bundle-payload"));
    }
  }
  auto other_token = lay_out(aws_destination(), blob_for(aws_destination()), "");
  other_token[1].content[7] ^= 1;
  CHECK(files_refused(aws_destination(), other_token) == verification("bundle-payload"));
}

TEST_CASE("A .byok file with any field changed is found") {
  const Destination destination = azure_destination();
  const auto refused = [&](const std::function<void(Json&)>& edit) {
    return files_refused(destination, byok_with(destination, edit));
  };
  const Refusal found = verification("bundle-payload");
  CHECK(refused([](Json&) {}).code.empty());
  CHECK(refused([](Json& d) { d["schema_version"] = "2.0.0"; }) == found);
  CHECK(refused([](Json& d) { d["header"]["kid"] = "https://x.vault.azure.net/keys/a/b"; }) ==
        found);
  CHECK(refused([](Json& d) { d["header"]["alg"] = "RSA-OAEP"; }) == found);
  CHECK(refused([](Json& d) { d["header"]["enc"] = "A256KW"; }) == found);
  CHECK(refused([](Json& d) { d["header"]["zip"] = "DEF"; }) == found);
  CHECK(refused([](Json& d) { d["more"] = 1; }) == found);
  CHECK(refused([](Json& d) { d.erase("generator"); }) == found);
  CHECK(refused([](Json& d) { d["ciphertext"] = d["ciphertext"].get<std::string>() + "="; }) ==
        found);
  CHECK(refused([](Json& d) { d["ciphertext"] = to_base64(Bytes(552, 0xfb)); }) == found);
  auto two = lay_out(destination, blob_for(destination), "");
  two.push_back({"other.byok", two.front().content});
  CHECK(files_refused(destination, two) == found);
  const auto bom = text_bytes("\xef\xbb\xbf" + as_text(two.front().content));
  CHECK(files_refused(destination, {{"acme-payments.byok", bom}}) == found);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
