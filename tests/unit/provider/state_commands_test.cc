// What a person runs at a cloud when a version stops serving there.
#include "provider/state_commands.h"

#include <doctest/doctest.h>

#include "provider/state_script.h"
#include "provider/switch_commands.h"
#include "support/command.h"
#include "support/skip.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;

TEST_CASE("Each cloud's command, with the version that its answers named") {
  CHECK(state_command({.provider = Provider::kAws,
                       .account = "111122223333",
                       .name = "alias/acme",
                       .region = "eu-central-1",
                       .profile = "hsm",
                       .cloud_key = "1234abcd-12ab-34cd-56ef-1234567890ab"},
                      CloudChange::kDisable) ==
        "aws kms disable-key --key-id 1234abcd-12ab-34cd-56ef-1234567890ab --region eu-central-1 "
        "--profile hsm");
  const CloudKeyVersion azure{
      .provider = Provider::kAzure,
      .container = "acme.vault.azure.net",
      .name = "pay",
      .cloud_version = "https://acme.vault.azure.net/keys/pay/0123456789abcdef"};
  CHECK(state_command(azure, CloudChange::kEnable) ==
        "az keyvault key set-attributes --id "
        "https://acme.vault.azure.net/keys/pay/0123456789abcdef --enabled true");
  const CloudKeyVersion google{.provider = Provider::kGoogle,
                               .account = "p-1",
                               .container = "ring",
                               .name = "pay",
                               .region = "europe-west3",
                               .cloud_version = "3"};
  CHECK(state_command(google, CloudChange::kDisable) ==
        "gcloud kms keys versions disable 3 --key pay --keyring ring --location europe-west3 "
        "--project p-1");
}

TEST_CASE("A name that somebody else chose stays one word of the shell") {
  const auto command = state_command(
      {.provider = Provider::kAws, .region = "eu-central-1", .cloud_key = "k'; touch ran; '"},
      CloudChange::kDisable);
  REQUIRE(command);
  Workshop shop;
  shop.must("aws() { printf '%s\\n' \"$4\" > said; }; " + *command +
            "; test ! -e ran && grep -qxF \"k'; touch ran; '\" said");
}

TEST_CASE("What nobody recorded is not guessed") {
  for (const auto cloud : all_providers()) {
    CHECK_FALSE(state_command({.provider = cloud, .name = "alias/a", .region = "r"},
                              CloudChange::kDisable));
    CHECK(changes_whole_key(cloud, CloudChange::kDisable) == (cloud == Provider::kAws));
    CHECK(changes_whole_key(cloud, CloudChange::kScheduleDeletion) == (cloud != Provider::kGoogle));
  }
}

// Clients that write down what they are asked, one word a line, and answer `state`.
void put_clients(const Workshop& shop, const std::string& state) {
  shop.must("mkdir -p bin");
  for (const char* client : {"aws", "az", "gcloud"}) {
    shop.put(std::string("bin/") + client,
             as_bytes("#!/bin/sh\nprintf '%s\\n' \"$@\" >> said\n[ ! -e broken ] || exit 3\n"
                      "printf '%s\\n' '" +
                      state + "'\n"));
  }
  shop.must("chmod +x bin/*");
}

CloudKeyVersion odd_key(Provider provider) {
  return {.provider = provider,
          .account = "p-1",
          .container = provider == Provider::kAzure ? "acme.vault.azure.net" : "ring",
          .name = "pay'; touch ran; '$(touch ran)",
          .region = "europe-west3",
          .cloud_key = "k'; touch ran; '`touch ran`",
          .cloud_version = "https://h/v'$(touch ran)"};
}

StateScript script_for(Provider provider, CloudChange change) {
  const auto key = odd_key(provider);
  return {.provider = provider,
          .change = change,
          .version = "version 2",
          .steps = {{.place = "\"it's $(touch ran)\" at a cloud",
                     .command = state_command(key, change),
                     .question = state_question(key, change)}}};
}

TEST_CASE(
    "A script runs the cloud's command, asks, and ends with 0 only when it is as it should be") {
  for (const auto provider : all_providers()) {
    for (const auto change :
         {CloudChange::kDisable, CloudChange::kEnable, CloudChange::kScheduleDeletion}) {
      const auto name = state_script_name(provider, change);
      CAPTURE(name);
      Workshop shop;
      const auto script = script_for(provider, change);
      shop.put(name, as_bytes(state_script(script)));
      const auto& question = script.steps.front().question;
      put_clients(shop, question ? question->wanted : "");
      const std::string run = "PATH=$PWD/bin:$PATH sh " + name;
      shop.must(run + " 2> told");
      shop.must("test ! -e ran && grep -qF \"'; touch ran; '\" said");
      if (question) {
        put_clients(shop, "otherwise");
        shop.must("! " + run + " 2> told && grep -qF 'it is \"otherwise\"' told");
      }
      shop.must("touch broken; ! " + run + " 2> told && grep -qF 'NOT done' told");
      shop.must("rm -f said; " + run + " --print > printed; test ! -e said -a ! -e ran");
      shop.must("test -s printed && " + run + " --other; test $? -eq 2");
    }
  }
}

TEST_CASE("What must not be done at a cloud is told by its script, which ends with 1") {
  Workshop shop;
  put_clients(shop, "Disabled");
  const StateScript script{
      .provider = Provider::kAws,
      .change = CloudChange::kDisable,
      .version = "version 2",
      .steps = {{.place = "\"alias/a\" at AWS KMS", .why_not = "it stops version 1's too"}}};
  shop.put("s.sh", as_bytes(state_script(script)));
  shop.must(
      "! PATH=$PWD/bin:$PATH sh s.sh 2> told; grep -qF \"NOT done: it stops version 1's too\" "
      "told && test ! -e said");
}

// A client that answers `before` until it was told to change something, then `after`.
void put_switching(const Workshop& shop, const std::string& before, const std::string& after) {
  shop.must("mkdir -p bin; rm -f changed said");
  for (const char* client : {"aws", "gcloud"}) {
    shop.put(std::string("bin/") + client,
             as_bytes("#!/bin/sh\nprintf '%s\\n' \"$@\" >> said\n[ ! -e broken ] || exit 3\n"
                      "case \"$*\" in *describe*) if [ -e changed ]; then echo '" +
                      after + "'; else echo '" + before + "'; fi ;; *) touch changed ;; esac\n"));
  }
  shop.put("bin/sleep", as_bytes("#!/bin/sh\n"));
  shop.must("chmod +x bin/*");
}

TEST_CASE("A switch is done once, and ends with 0 only when the cloud says that it is done") {
  auto aws = odd_key(Provider::kAws);
  auto google = odd_key(Provider::kGoogle);
  google.cloud_version = "projects/p-1/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/3";
  for (const auto& [key, by] :
       {std::pair(aws, SwitchBy::kRotateInPlace), std::pair(aws, SwitchBy::kMoveAlias),
        std::pair(google, SwitchBy::kSetPrimary)}) {
    Workshop shop;
    const StateScript script{.provider = key.provider,
                             .version = "version 2",
                             .steps = {{.place = "\"it's $(touch ran)\" at a cloud",
                                        .command = switch_command(key, by),
                                        .question = switch_question(key, by)}}};
    shop.put("switch.sh", as_bytes(switch_script(script)));
    shop.must(
        "if command -v shellcheck > /dev/null; then shellcheck --shell=sh switch.sh || exit 1; fi; "
        "dash -n switch.sh");
    const auto wanted = script.steps.front().question->wanted;
    shop.put("wanted", as_bytes(wanted));
    put_switching(shop, "otherwise", "$(cat wanted)");
    shop.must("sed -i \"s/echo '.(cat wanted)'/cat wanted/\" bin/aws bin/gcloud");
    const std::string run = "PATH=$PWD/bin:$PATH sh switch.sh";
    shop.must(run + " && test -e changed -a ! -e ran");
    shop.must("rm said; " + run + " 2> told && grep -q 'it is so already' told");
    shop.must("! grep -qE 'rotate|alias-name|set-primary' said");
    put_switching(shop, "otherwise", "otherwise");
    shop.must("! " + run + " 2> told && grep -qF 'it is \"otherwise\"' told");
    shop.must("touch broken; ! " + run + " 2> told && grep -qF 'NOT done' told");
  }
  aws.cloud_version.reset();
  CHECK_FALSE(switch_command(aws, SwitchBy::kRotateInPlace));
  google.cloud_version = "cryptoKeyVersions/x";
  CHECK_FALSE(switch_command(google, SwitchBy::kSetPrimary));
  CHECK_FALSE(switch_command(google, SwitchBy::kConsumers));
}

TEST_CASE(
    "What follows from another switch is only asked for, and is not as it should be until it did") {
  const Workshop shop;
  StateScript script{.provider = Provider::kAws, .version = "version 2"};
  script.steps.push_back({.place = "the replica",
                          .question = StateQuestion{"cat state", "it's new"},
                          .only_asks = true});
  shop.put("switch.sh", as_bytes(switch_script(script)));
  shop.must("mkdir bin; printf '#!/bin/sh\\n' > bin/aws; cp bin/aws bin/sleep; chmod +x bin/*");
  shop.must(
      "echo old > state; ! PATH=$PWD/bin:$PATH sh switch.sh 2> told; grep -q 'should be' told");
  shop.must("echo \"it's new\" > state; PATH=$PWD/bin:$PATH sh switch.sh");
  shop.must("sh switch.sh --print | grep -qx 'cat state'");
}

TEST_CASE("Scripts that change states are clean to shellcheck and parse in every shell there is") {
  Workshop shop;
  if (shop.run("command -v shellcheck").exit_code != 0) {
    skip("shellcheck is not installed");
    return;
  }
  for (const auto provider : all_providers()) {
    for (const auto change :
         {CloudChange::kDisable, CloudChange::kEnable, CloudChange::kScheduleDeletion}) {
      shop.put(state_script_name(provider, change),
               as_bytes(state_script(script_for(provider, change))));
    }
  }
  CHECK(as_text(shop.must("shellcheck --shell=sh ./*.sh 2>&1 || true")).empty());
  shop.must(
      "for shell in sh dash bash; do command -v $shell > /dev/null || continue; "
      "for script in ./*.sh; do $shell -n $script || exit 1; done; done");
}

TEST_CASE("A version that would be an option of the client is not known") {
  for (const auto provider : {Provider::kAzure, Provider::kGoogle}) {
    auto key = odd_key(provider);
    key.cloud_version = "https://h/--all";
    CHECK_FALSE(state_command(key, CloudChange::kDisable));
    CHECK_FALSE(state_question(key, CloudChange::kDisable));
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
