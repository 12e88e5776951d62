#include "unit/provider/script_fixture.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"

namespace keyrite::test {

namespace fs = std::filesystem;

namespace {

// Every client is this script under another name. FAIL_ON: a word that makes the call fail. STATES:
// what gcloud says of the version, one word per question, the last for ever. CLIENT: what a client
// says of its version; SAYS: what a failing call says; SILENT_ON: a word of a call that prints
// nothing. Questions about the client itself are not
// recorded.
constexpr const char* kStandIn = R"sh(#!/bin/sh
name=${0##*/}
case "$name $*" in
  'aws --version') echo "aws-cli/${CLIENT:-2.27.40} Python/3.11"; exit 0 ;;
  'az version'*) printf '{\n  "azure-cli": "%s",\n  "azure-cli-core": "9"\n}\n' "${CLIENT:-2.45.0}"; exit 0 ;;
  'gcloud --version') printf 'Google Cloud SDK %s\nbq 1\n' "${CLIENT:-528.0.0}"; exit 0 ;;
  *--generate-cli-skeleton*) printf '{ "KeyId": "", "%s": "" }\n' "${SKELETON:-KeyMaterialId}"; exit 0 ;;
  'gcloud config get-value api_endpoint_overrides/cloudkms') printf '%s' "${ENDPOINT:-}"; exit 0 ;;
  'gcloud config get-value core/universe_domain') echo googleapis.com; exit 0 ;;
esac
env > "$WORK/environment"
{ printf '%s\0' "$name" "$@"; printf '\0'; } >> "$WORK/record"
for word in "$@"; do
  if [ "$word" = "${FAIL_ON:-none}" ]; then
    printf '%s\n' "${SAYS:-An error occurred (IncorrectKeyMaterialException) when calling the ImportKeyMaterial operation: no}" >&2
    exit 254
  fi
  [ "$word" != "${SILENT_ON:-none}" ] || exit 0
done
case "$name $*" in
  *'--format=value(state)'*)
    states=$(cat "$WORK/states")
    echo "${states%% *}"
    case $states in *' '*) echo "${states#* }" > "$WORK/states" ;; esac
    exit 0 ;;
  *'--format=value(importFailureReason)'*) echo "the reason"; exit 0 ;;
  'aws kms import-key-material'*) printf '{\n    "KeyId": "arn",\n    "KeyMaterialId": "%064d"\n}\n' 7 ;;
  'az keyvault key import'*) printf '{\n  "key": {\n    "kid": "https://acme-hsm.managedhsm.azure.net/keys/acme-payments/00ff"\n  }\n}\n' ;;
  'gcloud kms keys versions import'*) printf '{\n  "name": "projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/7",\n  "state": "PENDING_IMPORT"\n}\n' ;;
  curl*) printf '%s' "${HTTP:-200}" ;;
  *) printf '{"answer": "%s"}\n' "$name" ;;
esac
while [ $# -gt 1 ]; do
  case $1 in
    --signature-file | --output-file | --attestation-file | --file) printf 'written' > "$2" ;;
    --output) [ "$name" != curl ] || printf '{"answer": "%s"}\n' "$name" > "$2" ;;
    --plaintext-file) case $2 in */*) printf 'written' > "$2" ;; esac ;;
    --ciphertext-file) case $2 in */*) printf 'written' > "$2" ;; esac ;;
  esac
  shift
done
)sh";

constexpr const char* kDate = R"sh(#!/bin/sh
case $2 in
  +%Y%m%d%H%M%S) echo "${NOW:-20260213120000}" ;;
  *) echo "${NOW:-20260213120000}" | sed 's/\(....\)\(..\)\(..\)\(..\)\(..\)\(..\)/\1-\2-\3T\4:\5:\6Z/' ;;
esac
)sh";

void put_executable(const Workshop& shop, const std::string& name, std::string_view text) {
  const auto path = shop.put(name, as_bytes(text));
  fs::permissions(path, fs::perms::owner_all);
}

}  // namespace

Connected::Connected(const provider::Destination& destination, provider::Purpose purpose,
                     std::string folder)
    : folder_(std::move(folder)),
      input_(script_input(destination, purpose)),
      script_(provider::import_script(destination, input_)) {
  fs::create_directory(shop_.folder() / "bin");
  for (const char* client : {"aws", "az", "gcloud", "curl", "sleep"}) {
    put_executable(shop_, std::string("bin/") + client, kStandIn);
  }
  put_executable(shop_, "bin/date", kDate);
  shop_.put("states", as_bytes("ENABLED"));
  std::vector<FolderFile> files = input_.files;
  files.push_back({"import.sh", Bytes(script_.begin(), script_.end()), true});
  const std::string text = manifest();
  files.push_back({"manifest.json", Bytes(text.begin(), text.end())});
  write_new_folder(shop_.folder() / folder_, files);
}

std::string Connected::manifest() const {
  return dump_json({{"core_sha256", input_.core_sha256}, {"files", Json::array()}});
}

int Connected::run(const std::string& words, const std::string& settings) {
  const Output output =
      shop_.run("export WORK=\"$PWD\" PATH=\"$PWD/bin:/usr/bin:/bin\"; " + settings + " dash " +
                shell_quote(folder_ + "/import.sh") + " " + words + " 2>&1");
  output_ = as_text(output.out);
  return output.exit_code;
}

std::vector<Call> Connected::calls() {
  const fs::path record = shop_.folder() / "record";
  std::vector<Call> calls;
  if (!fs::exists(record)) return calls;
  Call call;
  std::string word;
  for (const char c : as_text(read_file(record))) {
    if (c != '\0') {
      word += c;
    } else if (!word.empty()) {
      call.push_back(std::exchange(word, {}));
    } else {
      calls.push_back(std::exchange(call, {}));
    }
  }
  fs::remove(record);
  return calls;
}

std::vector<std::string> Connected::verbs() {
  std::vector<std::string> verbs;
  for (const Call& call : calls()) {
    std::string verb;
    for (const std::string& word : call) {
      if (word.substr(0, 2) == "--") break;
      verb += (verb.empty() ? "" : " ") + word;
    }
    verbs.push_back(verb);
  }
  return verbs;
}

std::string Connected::answer(const std::string& name) const {
  const fs::path path = shop_.folder() / (folder_ + ".answers") / name;
  return fs::exists(path) ? as_text(read_file(path)) : "";
}

std::vector<std::string> Connected::answers() const {
  std::vector<std::string> names;
  const fs::path folder = shop_.folder() / (folder_ + ".answers");
  if (!fs::exists(folder)) return names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_directory()) continue;
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

void Connected::put(const std::string& name, const Bytes& content) const {
  shop_.put(folder_ + "/" + name, content);
}

const Bytes& bundle_file(const Connected& side, const std::string& name) {
  const auto& files = side.input().files;
  const auto it =
      std::find_if(files.begin(), files.end(), [&](const auto& file) { return file.name == name; });
  REQUIRE(it != files.end());
  return it->content;
}

}  // namespace keyrite::test
