// What is handed to the cloud: the wrapped key's form, and the script that sends it.
#include <doctest/doctest.h>

#include "bundle/verify.h"
#include "crypto/digest.h"
#include "unit/bundle/bundle_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using Codes = std::vector<std::string>;

TEST_CASE(
    "A wrapped key of an impossible length, or another import token, is found, even resealed") {
  const Workshop shop;
  bundle::Parts parts = sample_parts(shop);
  const auto refused = [](bundle::Parts changed, std::string_view file, const Bytes& content) {
    for (FolderFile& one : changed.payload) {
      if (one.name == file) {
        const std::string old_digest = crypto::sha256_hex(one.content);
        one.content = content;
        changed.import_script.replace(changed.import_script.find(old_digest), 64,
                                      crypto::sha256_hex(content));
      }
    }
    return failures(bundle::assemble(changed), sample_policy());
  };
  CHECK(refused(parts, "EncryptedKeyMaterial.bin", Bytes(256, 1)) == Codes{"bundle-payload"});
  CHECK(refused(parts, "EncryptedKeyMaterial.bin", Bytes(256 + 151, 1)) == Codes{"bundle-payload"});
  CHECK(refused(parts, "ImportToken.bin", Bytes(900, 1)) == Codes{"bundle-payload"});
  parts.manifest.import_parameters["wrapping_key_sha256"] = std::string(64, '0');
  write_texts(parts);
  CHECK(failures(bundle::assemble(parts), sample_policy()) == Codes{"bundle-import-parameters"});
  parts.manifest.import_parameters = Json::object();
  write_texts(parts);
  CHECK(failures(bundle::assemble(parts), sample_policy()) ==
        Codes{"bundle-payload", "bundle-import-parameters", "bundle-cloud-key", "bundle-validity"});
}

TEST_CASE("A script that does not check every file it sends, or checks for other bytes, is found") {
  const Workshop shop;
  const bundle::Parts good = sample_parts(shop);
  bundle::Parts parts = good;
  parts.import_script = "#!/bin/sh\naws kms import-key-material\n";
  CHECK(failures(bundle::assemble(parts), sample_policy()) ==
        Codes{"bundle-script", "bundle-script"});
  parts = good;
  const auto at = parts.import_script.find("  EncryptedKeyMaterial.bin") - 1;
  parts.import_script[at] = parts.import_script[at] == '0' ? '1' : '0';
  CHECK(failures(bundle::assemble(parts), sample_policy()) == Codes{"bundle-script"});
  parts = good;
  parts.import_script += std::string(64, 'a') + "  elsewhere.bin\n";
  CHECK(failures(bundle::assemble(parts), sample_policy()) == Codes{"bundle-script"});
  parts = good;
  parts.import_script += std::string(64, 'a') + "  ImportToken.bin\n";
  CHECK(failures(bundle::assemble(parts), sample_policy()) == Codes{"bundle-script"});
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
