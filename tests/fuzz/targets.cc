#include <array>

#include "fuzz/targets/all.h"

namespace keyrite::fuzz {

std::span<const Target> targets() {
  static constexpr auto kTargets = std::to_array<Target>({
      {"answer-record", answer_record},
      {"approval-file", approval_file},
      {"beside-statement", beside_statement},
      {"bundle-file", bundle_file},
      {"canonical", canonical},
      {"ceremony-file", ceremony_file},
      {"certificate", certificate},
      {"checkpoint", checkpoint},
      {"cloud-name", cloud_name},
      {"cms", cms},
      {"destruction", destruction},
      {"encodings", encodings},
      {"entry", entry},
      {"evidence", evidence},
      {"expected", expected},
      {"file-form", file_form},
      {"import-script", import_script},
      {"json", json},
      {"key-numbers", key_numbers},
      {"log", log},
      {"manifest", manifest},
      {"names", names},
      {"note", note},
      {"parameters-aws", parameters_aws},
      {"parameters-azure", parameters_azure},
      {"parameters-google", parameters_google},
      {"pin", pin},
      {"pkcs8", pkcs8},
      {"proof-file", proof_file},
      {"public-key", public_key},
      {"refusal", refusal},
      {"registry", registry},
      {"roster", roster},
      {"shred-list", shred_list},
      {"signature", signature},
      {"site-toml", site_toml},
      {"ssh-key", ssh_key},
      {"ssh-signature", ssh_signature},
      {"statement", statement},
      {"statement-uses", statement_uses},
      {"text", text},
      {"time", time},
      {"timestamp", timestamp},
      {"toml", toml},
      {"uri", uri},
      {"vkey", vkey},
      {"wrapping-key-file", wrapping_key_file},
  });
  return kTargets;
}

}  // namespace keyrite::fuzz
