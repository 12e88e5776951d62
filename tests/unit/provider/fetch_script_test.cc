// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// fetch.sh with clients that write down what they are asked.
#include "provider/fetch_script.h"

#include <doctest/doctest.h>

#include "crypto/digest.h"
#include "support/command.h"
#include "support/skip.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;

constexpr const char* kAsk = "{}\n";

FetchOrder order_for(Provider provider, const std::string& type = "aes-256") {
  FetchOrder order{.type = parse_key_type(type),
                   .usage = KeyUsage::kWrap,
                   .tag = "89abcdef",
                   .ask_sha256 = crypto::sha256_hex(as_bytes(kAsk))};
  order.place = {.account = "acme",
                 .container = provider == Provider::kAzure ? "acme.managedhsm.azure.net" : "ring",
                 .name = "payments",
                 .region = "eu-central-1"};
  if (provider == Provider::kAws) {
    order.place.options = aws::ImportOptions{.wrapping_algorithm = "RSAES_OAEP_SHA_256",
                                             .profile = "it's $(touch ran) `touch ran`"};
  } else if (provider == Provider::kAzure) {
    order.place.options = azure::ImportOptions{};
  } else {
    order.place.options = google::ImportOptions{.import_method = "rsa-oaep-4096-sha256-aes-256"};
  }
  return order;
}

void put_folder(const Workshop& shop, const FetchOrder& order) {
  shop.must("mkdir -p ask bin");
  shop.put("ask/ask.json", as_bytes(kAsk));
  shop.put("ask/fetch.sh", as_bytes(fetch_script(order)));
}

void put_client(const Workshop& shop, const std::string& name, const std::string& body) {
  shop.put("bin/" + name,
           as_bytes("#!/bin/sh\nprintf '%s\\n' \"$*\" >> \"$SAID\"\ncase \"$*\" in\n" + body +
                    "esac\n"));
  shop.must("chmod +x bin/" + name);
}

constexpr const char* kRun = "SAID=$PWD/said PATH=$PWD/bin:$PATH sh ask/fetch.sh ";

void put_aws(const Workshop& shop, const std::string& until) {
  put_client(shop, "aws",
             "*create-key*) echo '{\"KeyMetadata\": {\"KeyId\": \"k\", \"Arn\": \"arn:k\"}}' ;;\n"
             "*get-parameters*) echo '{\"KeyId\": \"arn:k\", \"PublicKey\": \"AAAA\", "
             "\"ParametersValidTo\": \"" +
                 until + "\"}' ;;\n");
  put_client(shop, "sleep", "*) ;;\n");
}

TEST_CASE("What was fetched and has not expired is not fetched again, what has expired is") {
  const Workshop shop;
  put_folder(shop, order_for(Provider::kAws));
  put_aws(shop, "2099-01-01T00:00:00+00:00");
  const std::string run = std::string(kRun) + "--old-client";
  shop.must(run);
  shop.must("test ! -e ran && cmp ask/ask.json ask.fetched/ask.json");
  shop.must("test $(grep -c create-key said) = 1 -a $(grep -c get-parameters said) = 2");
  shop.must("grep -qF -- '--key-spec SYMMETRIC_DEFAULT --key-usage ENCRYPT_DECRYPT' said");
  shop.must("grep -qF -- \"it's \\$(touch ran)\" said && grep -qxF 4 said");  // paced
  shop.must("rm said; " + run + "; test ! -e said");
  shop.must("rm ask.fetched/params-again.json; " + run + "; test $(grep -c get-p said) = 1");
  for (const char* over : {"2020-01-01T00:00:00+00:00", "1577836800.5", "whenever"}) {
    CAPTURE(over);
    put_aws(shop, over);
    shop.must("rm -f ask.fetched/params*; " + run + "; rm said; " + run);
    shop.must("test $(grep -c get-parameters said) = 2 && ! grep -q create-key said");
  }
  put_aws(shop, "4102444800.25");
  shop.must("rm -f ask.fetched/params*; " + run + "; rm said; " + run + "; test ! -e said");
}

TEST_CASE("The parameters of another key, and a request that was changed, are not taken") {
  const Workshop shop;
  auto order = order_for(Provider::kAws);
  order.cloud_key = "arn:other";
  put_folder(shop, order);
  put_aws(shop, "2099-01-01T00:00:00+00:00");
  const std::string run = std::string(kRun) + "--old-client";
  shop.must(run + "; ! grep -q create-key said; rm said; " + run);
  shop.must("test $(grep -c 'key-id arn:other' said) = 2");  // the client answers for arn:k
  shop.put("ask.fetched/ask.json", as_bytes("{\"a\": 1}\n"));
  shop.must("! " + run + " 2> told; grep -q 'fetched for something else' told");
  shop.put("ask/ask.json", as_bytes("{ }\n"));
  shop.must("rm -f said; ! " + run +
            " 2> told; grep -q 'ask.json was changed' told; test ! -e said");
}

TEST_CASE(
    "A replica that is missing is made, and waited for, one that is there is not made again") {
  const Workshop shop;
  auto order = order_for(Provider::kAws);
  order.place.region = "eu-west-1";
  order.primary = "arn:aws:kms:eu-central-1:111122223333:key/mrk-1";
  order.cloud_key = "arn:aws:kms:eu-west-1:111122223333:key/mrk-1";
  put_folder(shop, order);
  const std::string run = std::string(kRun) + "--old-client";
  put_client(shop, "sleep", "*) touch ready ;;\n");
  put_client(shop, "aws",
             "*replicate-key*) touch made; echo '{\"ReplicaKeyMetadata\": {}}' ;;\n"
             "*describe-key*) [ -e made ] || exit 254\n"
             "if [ -e ready ]; then echo PendingImport; else echo Creating; fi ;;\n"
             "*get-parameters*) [ -e ready ] || exit 254\n"
             "echo '{\"KeyId\": \"arn:aws:kms:eu-west-1:111122223333:key/mrk-1\", \"PublicKey\": "
             "\"AAAA\", \"ParametersValidTo\": \"2099-01-01T00:00:00+00:00\"}' ;;\n");
  shop.must(run);
  shop.must(
      "grep -qF -- 'replicate-key --key-id arn:aws:kms:eu-central-1:111122223333:key/mrk-1 "
      "--replica-region eu-west-1 --region eu-central-1 ' said");
  shop.must("test $(grep -c get-parameters said) = 2 && ! grep -q create-key said");
  shop.must("rm said ask.fetched/params*; " + run + "; ! grep -q replicate-key said");
  if (shop.run("command -v shellcheck").exit_code == 0)
    CHECK(as_text(shop.must("shellcheck --shell=sh ask/fetch.sh 2>&1 || true")).empty());
}

TEST_CASE("The key of a vault is created where the vault says that it is missing, and only there") {
  const Workshop shop;
  put_folder(shop, order_for(Provider::kAzure));
  const std::string run = std::string(kRun) + "--old-client";
  put_client(shop, "az", "*show*) echo 'ERROR: (Forbidden) no' >&2; exit 1 ;;\n*) echo '{}' ;;\n");
  shop.must("! " + run + " && ! grep -q create said");
  put_client(shop, "az",
             "*show*) echo 'ERROR: (KeyNotFound) none' >&2; exit 3 ;;\n"
             "*download*) for file; do :; done; echo AAAA > \"$file\" ;;\n*) echo '{}' ;;\n");
  shop.must(run + " && test -s ask.fetched/kek.json -a -s ask.fetched/kek.pem");
  shop.must("grep -qF -- 'create --hsm-name acme --name keyrite-kek --kty RSA-HSM' said");
}

TEST_CASE("An import job that was begun is waited for, and not made twice") {
  const Workshop shop;
  put_folder(shop, order_for(Provider::kGoogle));
  const std::string run = std::string(kRun) + "--old-client";
  put_client(shop, "sleep", "*) touch ready ;;\n");
  put_client(shop, "gcloud",
             "*value*) if [ -e ready ]; then echo ACTIVE; else echo PENDING_GENERATION; fi ;;\n"
             "*describe*) echo '{\"expireTime\": \"2099-01-01T00:00:00.1Z\"}' ;;\n");
  shop.must(run + " && test $(grep -c 'import-jobs create keyrite-89abcdef-2' said) = 1");
  shop.must("rm said ask.fetched/job.json; " + run + "; ! grep -q 'jobs create' said");
  shop.must("rm said; " + run + "; test ! -e said");
}

TEST_CASE("Scripts that fetch are clean to shellcheck, and print their commands alone") {
  const Workshop shop;
  if (shop.run("command -v shellcheck").exit_code != 0) {
    skip("shellcheck is not installed");
    return;
  }
  for (const auto provider : all_providers()) {
    put_folder(shop, order_for(provider));
    shop.must("cp ask/fetch.sh " + std::string(provider_name(provider)) + ".sh");
    shop.must(std::string(kRun) + "--print > printed && test -s printed -a ! -e ask.fetched");
    shop.must("test ! -e ran && sh -n printed");
  }
  CHECK(as_text(shop.must("shellcheck --shell=sh ./*.sh 2>&1 || true")).empty());
  shop.must("for script in *.sh; do dash -n $script && bash --posix -n $script || exit 1; done");
}

TEST_CASE("Only a symmetric AWS key needs a second set") {
  CHECK(fetched_files(order_for(Provider::kAws)).verification == "params-again.json");
  auto mac = order_for(Provider::kAws, "generic-secret-32-bytes");
  CHECK_FALSE(fetched_files(mac).verification);
  CHECK(fetch_script(mac).find("--key-spec HMAC_256 --key-usage GENERATE_VERIFY_MAC") !=
        std::string::npos);
  CHECK_FALSE(fetched_files(order_for(Provider::kAzure)).verification);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
