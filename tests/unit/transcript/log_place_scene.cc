#include "unit/transcript/log_place_scene.h"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

#include "base/file.h"
#include "transcript/layout.h"

namespace keyrite::test {

using transcript::LogWriter;
using transcript::Signer;

LogPlaceScene::LogPlaceScene() {
  const std::string checkpoint = LogWriter::first_checkpoint(signer);
  const ByteView bytes = as_bytes(checkpoint);
  write_new_file(place.last_signed, bytes);
  write_new_folder(place.folder, {{.name = transcript::kLogName},
                                  {.name = transcript::kCheckpointName,
                                   .content = {bytes.begin(), bytes.end()}}});
}

std::string LogPlaceScene::log() const { return as_text(read_file(path("log.jsonl"))); }

Refusal LogPlaceScene::refusal() const {
  return refusal_of([&] { (void)open(); });
}

transcript::Verified LogPlaceScene::verified() const {
  return transcript::verify(
      {.log = path("log.jsonl"), .checkpoint = path("checkpoint"), .keys = {scene.ed25519()}});
}

Bytes LogPlaceScene::signed_by_openssl(std::string_view text) const {
  const auto bytes = scene.signed_by(scene.ed25519(), std::string(text));
  return transcript::parse_note(bytes, "note").signatures.front().value;
}

Signer LogPlaceScene::in_process() const {
  const Bytes pem = scene.shop().get("ed25519.pem");
  const std::unique_ptr<BIO, int (*)(BIO*)> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  const std::shared_ptr<EVP_PKEY> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr),
                                      EVP_PKEY_free);
  REQUIRE(key != nullptr);
  return {.key = scene.ed25519(), .sign = [key](std::string_view text) {
            const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                             EVP_MD_CTX_free);
            Bytes signature(64);
            std::size_t length = signature.size();
            const ByteView bytes = as_bytes(text);
            REQUIRE(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1);
            REQUIRE(EVP_DigestSign(context.get(), signature.data(), &length, bytes.data(),
                                   bytes.size()) == 1);
            return signature;
          }};
}

}  // namespace keyrite::test
