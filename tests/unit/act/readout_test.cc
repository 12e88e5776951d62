// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A log whose name is so long that no QR code holds its checkpoint.
#include <doctest/doctest.h>

#include <filesystem>

#include "audit/transcript_readout.h"
#include "crypto/public_key.h"
#include "support/command.h"
#include "support/failure.h"
#include "transcript/log_writer.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("A checkpoint that is too long for a QR code is told before any file is written") {
  const Workshop shop;
  shop.must(
      "openssl genpkey -algorithm ed25519 -out key.pem && "
      "openssl pkey -in key.pem -pubout -outform DER -out key.der && mkdir transcript && "
      ": > transcript/log.jsonl");
  const auto key = transcript::NoteKey::of(
      "example.com/" + std::string(400, 'a'), transcript::SignatureType::kEd25519,
      crypto::PublicKey::from_spki(shop.get("key.der"), "key.der"));
  const transcript::Signer signer{.key = key, .sign = [&](std::string_view text) {
                                    shop.put("text", as_bytes(text));
                                    shop.must(
                                        "openssl pkeyutl -sign -rawin -inkey key.pem -in text "
                                        "-out signature");
                                    return shop.get("signature");
                                  }};
  shop.put("transcript/checkpoint", as_bytes(transcript::LogWriter::first_checkpoint(signer)));
  audit::ReadoutRequest request{.folder = shop.folder() / "transcript", .vkey = {key.text()}};
  const auto readout = audit::read_out(request, TimePoint{});
  CHECK_FALSE(readout.qr_text);
  CHECK(readout.root_words.size() == 32);
  request.qr = shop.folder() / "code.svg";
  const auto failure = failure_of([&] { (void)audit::read_out(request, TimePoint{}); });
  CHECK(failure.code == "qr-too-long");
  CHECK(failure.kind == Kind::kFailed);
  CHECK_FALSE(std::filesystem::exists(shop.folder() / "code.svg"));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
