// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What deletes a version that was given up, and what shows that it did.
#include "provider/deletion.h"

#include <doctest/doctest.h>

#include "support/command.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;

constexpr TimePoint kNow{std::chrono::hours(24 * 20000)};

CloudKeyVersion aws_key() {
  return {.provider = Provider::kAws,
          .name = "alias/p",
          .region = "eu-central-1",
          .profile = "it's $(touch ran)",
          .cloud_key = "arn:k",
          .cloud_version = "aa"};
}
CloudKeyVersion azure_key() {
  return {.provider = Provider::kAzure,
          .container = "acme.managedhsm.azure.net",
          .name = "p",
          .cloud_key = "https://acme.managedhsm.azure.net/keys/keyrite-check-1-2",
          .cloud_version = "https://acme.managedhsm.azure.net/keys/keyrite-check-1-2/aa"};
}
CloudKeyVersion google_key() {
  return {.provider = Provider::kGoogle,
          .account = "acme",
          .container = "ring",
          .name = "p",
          .region = "europe-west3",
          .cloud_version = "projects/acme/cryptoKeyVersions/3"};
}

std::string code(const CloudKeyVersion& key, DeletionOf what, const std::string& answer) {
  return failure_of([&] { (void)deletion_shown(key, what, as_bytes(answer), "answer", kNow); })
      .code;
}

TEST_CASE("Each cloud deletes what was given up, and nothing that is in use") {
  CHECK(deletion_command(aws_key(), DeletionOf::kMaterial) ==
        "aws kms delete-imported-key-material --key-id arn:k --region eu-central-1 --profile "
        "'it'\\''s $(touch ran)' --key-material-id aa");
  auto unknown = aws_key();
  unknown.cloud_version.reset();
  // Without its id it would be the material that is in use.
  CHECK_FALSE(deletion_command(unknown, DeletionOf::kMaterial));
  CHECK(deletion_command(azure_key(), DeletionOf::kKey) ==
        "az keyvault key delete --hsm-name acme --name keyrite-check-1-2");
  CHECK(deletion_command(google_key(), DeletionOf::kVersion) ==
        "gcloud kms keys versions destroy 3 --key p --keyring ring --location europe-west3 "
        "--project acme");
}

TEST_CASE("Material is gone where the list of its KMS key does not have it") {
  const auto rows = [](const std::string& key, const std::string& material,
                       const std::string& state) {
    return R"({"Truncated":false,"Rotations":[{"KeyId":")" + key + R"(","KeyMaterialId":")" +
           material + R"(","ImportState":")" + state + "\"}]}";
  };
  const auto what = DeletionOf::kMaterial;
  CHECK(code(aws_key(), what, rows("arn:k", "bb", "IMPORTED")) == "no error");
  CHECK(code(aws_key(), what, rows("arn:k", "aa", "PENDING_IMPORT")) == "no error");
  CHECK(code(aws_key(), what, rows("arn:k", "aa", "IMPORTED")) == "deletion-not-shown");
  CHECK(code(aws_key(), what, rows("arn:other", "bb", "IMPORTED")) == "deletion-not-shown");
  CHECK(code(aws_key(), what, R"({"Truncated":false,"Rotations":[]})") == "deletion-not-shown");
  CHECK(code(aws_key(), what, R"({"Truncated":true,"Rotations":[]})") == "deletion-not-shown");
  CHECK(deletion_shown(aws_key(), what, as_bytes(rows("arn:k", "bb", "IMPORTED")), "a", kNow).done);
  // The list has the id of the key, which the registry has by its ARN.
  auto known = aws_key();
  known.cloud_key = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd";
  CHECK(code(known, what, rows("1234abcd", "bb", "IMPORTED")) == "no error");
  CHECK(code(known, what, rows("1234abce", "bb", "IMPORTED")) == "deletion-not-shown");
  CHECK(code(known, what,
             rows("arn:aws:kms:us-east-1:111122223333:key/1234abcd", "bb", "IMPORTED")) ==
        "deletion-not-shown");
}

TEST_CASE("A key or version that is to be deleted says until when it can be had back") {
  const auto aws = [](const std::string& arn, const std::string& state) {
    return R"({"KeyMetadata":{"Arn":")" + arn + R"(","KeyState":")" + state +
           R"(","DeletionDate":"2027-01-01T00:00:00+00:00"}})";
  };
  CHECK(code(aws_key(), DeletionOf::kKey, aws("arn:k", "Enabled")) == "deletion-not-shown");
  CHECK(code(aws_key(), DeletionOf::kKey, aws("arn:o", "PendingDeletion")) == "deletion-not-shown");
  const auto at = deletion_shown(aws_key(), DeletionOf::kKey,
                                 as_bytes(aws("arn:k", "PendingDeletion")), "a", kNow);
  CHECK_FALSE(at.done);
  CHECK(format_rfc3339(at.at) == "2027-01-01T00:00:00Z");
  const auto azure = [](const std::string& name, const std::string& more) {
    return R"({"key":{"kid":"https://acme.managedhsm.azure.net/keys/)" + name + "/aa\"}" + more +
           "}";
  };
  CHECK(code(azure_key(), DeletionOf::kKey, azure("keyrite-check-1-2", "")) ==
        "deletion-not-shown");
  CHECK(code(azure_key(), DeletionOf::kKey,
             azure("p", R"(,"deletedDate":"2026-01-01T00:00:00+00:00")")) == "deletion-not-shown");
  CHECK(code(azure_key(), DeletionOf::kKey,
             azure("keyrite-check-1-2", R"(,"deletedDate":"2026-01-01T00:00:00+00:00")")) ==
        "no error");
  const auto google = [](const std::string& state) {
    return R"({"name":"projects/acme/cryptoKeyVersions/3","destroyTime":"2027-01-01T00:00:00Z",)"
           R"("state":")" +
           state + "\"}";
  };
  CHECK(code(google_key(), DeletionOf::kVersion, google("ENABLED")) == "deletion-not-shown");
  CHECK(code(google_key(), DeletionOf::kVersion, google("DESTROY_SCHEDULED")) == "no error");
  CHECK(deletion_shown(google_key(), DeletionOf::kVersion, as_bytes(google("DESTROYED")), "a", kNow)
            .done);
}

TEST_CASE("The script saves what the cloud says, and ends with another status where it does not") {
  const Workshop shop;
  shop.must("mkdir -p bin gone");
  const DeletionStep step{.place = "it's $(touch ran)",
                          .file = "one.json",
                          .command = deletion_command(aws_key(), DeletionOf::kMaterial),
                          .question = deletion_question(aws_key(), DeletionOf::kMaterial)};
  shop.put("gone/aws-delete.sh", as_bytes(deletion_script(Provider::kAws, "version 2", {step})));
  shop.put("bin/aws",
           as_bytes("#!/bin/sh\necho \"$*\" >> \"$SAID\"; [ ! -e \"$SAID.broken\" ] || exit 3; "
                    "echo '{}'\n"));
  shop.must(
      "chmod +x bin/aws; if command -v shellcheck > /dev/null; then shellcheck --shell=sh "
      "gone/aws-delete.sh || exit 1; fi; dash -n gone/aws-delete.sh");
  const std::string run = "SAID=$PWD/said PATH=$PWD/bin:$PATH sh gone/aws-delete.sh";
  shop.must(run +
            " --print > printed; test ! -e said -a ! -e ran; grep -q delete-imported printed");
  shop.must(run + "; test -s gone.answers/one.json -a ! -e ran; grep -q list-key-rotations said");
  shop.must("rm gone.answers/one.json; touch said.broken; ! " + run +
            " 2> told; grep -q 'NOT done' told; test ! -e gone.answers/one.json");
  shop.must("rm said.broken; " + run + " --answers other; test -s other/one.json");
  shop.must("! " + run + " --sprint 2> told; grep -q '^usage: ' told");
}

TEST_CASE("The script that deletes writes through no link that somebody put in its way") {
  const Workshop shop;
  shop.must("mkdir -p bin gone elsewhere; echo mine > precious");
  const DeletionStep step{.place = "p",
                          .file = "one.json",
                          .command = deletion_command(aws_key(), DeletionOf::kMaterial),
                          .question = deletion_question(aws_key(), DeletionOf::kMaterial)};
  shop.put("gone/aws-delete.sh", as_bytes(deletion_script(Provider::kAws, "version 2", {step})));
  shop.put("bin/aws", as_bytes("#!/bin/sh\necho \"$*\" >> \"$SAID\"; echo '{}'\n"));
  shop.must("chmod +x bin/aws");
  const std::string refused =
      "! SAID=$PWD/said PATH=$PWD/bin:$PATH sh gone/aws-delete.sh 2> told; test ! -e said; ";
  shop.must("ln -s ../elsewhere gone.answers; " + refused +
            "grep -q 'is a link' told; test -z \"$(ls elsewhere)\"; rm gone.answers");
  shop.must("mkdir -m 777 gone.answers; " + refused +
            "grep -q 'nobody else can write to' told; rmdir gone.answers");
  for (const std::string name : {".part", "one.json"}) {
    shop.must("mkdir gone.answers; ln -s ../precious gone.answers/" + name + "; " + refused +
              "grep -q 'holds a link' told; rm -r gone.answers");
  }
  shop.must("echo mine | cmp - precious");
}

constexpr const char* kArn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd";

CloudKeyVersion aws_by_arn() {
  auto key = aws_key();
  key.cloud_key = kArn;
  return key;
}

// What the script saves of a key that is not found.
std::string absent(const std::string& caller, const std::string& others) {
  return R"({"not_found":"x","caller":)" + caller + R"(,"others":)" + others + "}";
}

std::string code_of_absence(const CloudKeyVersion& key, const std::string& answer,
                            const std::optional<TimePoint>& scheduled) {
  bool done = true;
  const auto failure = failure_of([&] {
    done = deletion_shown(key, DeletionOf::kKey, as_bytes(answer), "answer", kNow, scheduled).done;
  });
  CHECK(done);
  return failure.code;
}

TEST_CASE("A KMS key that is not found is gone only beside who asked, what is there, and its day") {
  const std::string who = R"({"Account":"111122223333","Arn":"arn:aws:iam::111122223333:user/o"})";
  const auto keys = [](const std::string& rows, const std::string& more = "") {
    return R"({"Keys":[)" + rows + "]" + more + "}";
  };
  const auto row = [](const std::string& arn) {
    return R"({"KeyId":"k","KeyArn":")" + arn + "\"}";
  };
  const auto other = row("arn:aws:kms:eu-central-1:111122223333:key/other");
  const auto yesterday = kNow - std::chrono::hours(24);
  const auto key = aws_by_arn();
  CHECK(code_of_absence(key, absent(who, keys(other)), yesterday) == "no error");
  const std::string not_shown = "deletion-not-shown";
  // No earlier answer, or its day is not over.
  CHECK(code_of_absence(key, absent(who, keys(other)), std::nullopt) == not_shown);
  CHECK(code_of_absence(key, absent(who, keys(other)), kNow + std::chrono::hours(1)) == not_shown);
  // Another account or region, nothing seen, a list that is cut off, or one that has it.
  CHECK(code_of_absence(key, absent(R"({"Account":"999"})", keys(other)), yesterday) == not_shown);
  CHECK(code_of_absence(key, absent(who, keys(row("arn:aws:kms:us-east-1:111122223333:key/o"))),
                        yesterday) == not_shown);
  CHECK(code_of_absence(key, absent(who, keys("")), yesterday) == not_shown);
  CHECK(code_of_absence(key, absent(who, keys(other, R"(,"Truncated":true)")), yesterday) ==
        not_shown);
  CHECK(code_of_absence(key, absent(who, keys(other, R"(,"NextToken":"t")")), yesterday) ==
        not_shown);
  CHECK(code_of_absence(key, absent(who, keys(other + "," + row(kArn))), yesterday) == not_shown);
  CHECK(code_of_absence(key, R"({"not_found":"x"})", yesterday) == "json-missing-field");
}

TEST_CASE("A key of Azure that is not found is gone only beside another key of its vault") {
  const auto key = azure_key();
  const auto yesterday = kNow - std::chrono::hours(24);
  const std::string who = R"({"user":{"name":"o@example.org","type":"user"}})";
  const auto row = [](const std::string& name) { return R"({"kid":")" + name + "\"}"; };
  const auto other = row("https://acme.managedhsm.azure.net/keys/other");
  CHECK(code_of_absence(key, absent(who, "[" + other + "]"), yesterday) == "no error");
  const std::string not_shown = "deletion-not-shown";
  CHECK(code_of_absence(key, absent(who, "[]"), yesterday) == not_shown);
  CHECK(code_of_absence(key, absent(R"({"user":{"name":""}})", "[" + other + "]"), yesterday) ==
        not_shown);
  CHECK(code_of_absence(key, absent(who, "[" + row("https://a.vault.azure.net/keys/o") + "]"),
                        yesterday) == not_shown);
  CHECK(code_of_absence(key, absent(who, "[" + other + "," + row(*key.cloud_key) + "]"),
                        yesterday) == not_shown);
  CHECK_FALSE(absence_question(google_key(), DeletionOf::kVersion));
  // Purged before its day; never without an earlier answer.
  CHECK(code_of_absence(key, absent(who, "[" + other + "]"), kNow + std::chrono::hours(1)) ==
        "no error");
  CHECK(code_of_absence(key, absent(who, "[" + other + "]"), std::nullopt) == not_shown);
}

TEST_CASE("What Azure has deleted is purged by the same script, which tells where it is not") {
  const Workshop shop;
  shop.must("mkdir -p bin gone");
  const auto key = azure_key();
  CHECK(purge_command(key, DeletionOf::kKey) ==
        "az keyvault key purge --hsm-name acme --name keyrite-check-1-2");
  CHECK_FALSE(purge_command(google_key(), DeletionOf::kVersion));
  const DeletionStep step{.place = "p",
                          .file = "one.json",
                          .command = deletion_command(key, DeletionOf::kKey),
                          .question = deletion_question(key, DeletionOf::kKey),
                          .absent = absence_question(key, DeletionOf::kKey),
                          .purge = purge_command(key, DeletionOf::kKey)};
  shop.put("gone/azure-delete.sh",
           as_bytes(deletion_script(Provider::kAzure, "version 2", {step})));
  // What was purged is not shown any more; with purge protection it is.
  shop.put("bin/az", as_bytes(R"sh(#!/bin/sh
echo "$*" >> said
case "$*" in
  *' key delete '*) touch deleted ;;
  *' key purge '*) [ ! -e protected ] || { echo 'purge protection' >&2; exit 1; }; rm deleted ;;
  *' show-deleted '*) [ -e deleted ] || { echo '(KeyNotFound) Deleted Key not found' >&2; exit 3; }; echo '{}' ;;
  *' key list '*) echo '[{"kid":"https://acme.managedhsm.azure.net/keys/other"}]' ;;
  'account show'*) echo '{"user":{"name":"o@example.org"}}' ;;
esac
)sh"));
  shop.must(
      "chmod +x bin/az; shellcheck --shell=sh gone/azure-delete.sh; dash -n gone/azure-delete.sh");
  const std::string run = "PATH=$PWD/bin:$PATH sh gone/azure-delete.sh";
  shop.must(run + " --print | tail -n 1 | grep -q '^az keyvault key purge '");
  shop.must(run + " 2> told && grep -q '^{}' gone.answers/one.json");
  shop.must("! grep -q ' purge ' gone/said && touch gone/protected && " + run +
            " --purge 2> told && grep -q 'NOT purged' told && rm gone/protected");
  shop.must(run + " --purge 2> told && grep -q '^{\"not_found\"' gone.answers/one.json");
  CHECK(code_of_absence(key, as_text(shop.get("gone.answers/one.json")),
                        kNow + std::chrono::hours(24)) == "no error");
}

TEST_CASE("The script asks who it is and what else is there where a key is not found") {
  const Workshop shop;
  shop.must("mkdir -p bin gone");
  const auto key = aws_by_arn();
  const DeletionStep step{.place = "p",
                          .file = "one.json",
                          .command = deletion_command(key, DeletionOf::kKey),
                          .question = deletion_question(key, DeletionOf::kKey),
                          .absent = absence_question(key, DeletionOf::kKey)};
  shop.put("gone/aws-delete.sh", as_bytes(deletion_script(Provider::kAws, "version 2", {step})));
  shop.put("bin/aws", as_bytes(R"sh(#!/bin/sh
case "$1 $2" in
  'sts get-caller-identity') [ ! -e broken ] || exit 3; echo '{"Account":"111122223333"}' ;;
  'kms list-keys') echo '{"Keys":[{"KeyArn":"arn:aws:kms:eu-central-1:111122223333:key/o"}]}' ;;
  *) cat error >&2; exit 254 ;;
esac
)sh"));
  shop.must(
      "chmod +x bin/aws; if command -v shellcheck > /dev/null; then shellcheck --shell=sh "
      "gone/aws-delete.sh || exit 1; fi; dash -n gone/aws-delete.sh; "
      "echo 'An error occurred (NotFoundException): no such key' > error");
  const std::string run = "PATH=$PWD/bin:$PATH sh gone/aws-delete.sh 2> told";
  // The fake client looks for these beside the script.
  shop.must("cp error gone/error; " + run + "; cat told; test -s gone.answers/one.json");
  CHECK(code_of_absence(key, as_text(shop.get("gone.answers/one.json")),
                        kNow - std::chrono::hours(1)) == "no error");
  shop.must("rm gone.answers/one.json; touch gone/broken; ! " + run +
            "; test ! -e gone.answers/one.json; grep -q 'NOT done' told; rm gone/broken");
  shop.must("echo 'An error occurred (AccessDeniedException)' > gone/error; ! " + run +
            "; test ! -e gone.answers/one.json");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
