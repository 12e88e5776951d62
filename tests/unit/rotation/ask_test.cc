// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What is asked for a version at a destination, and where a rotation in place could not end well.
#include "rotation/ask.h"

#include <doctest/doctest.h>

#include "rotation/wrapping_basis.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace rotation;
using registry::PlacementState;

constexpr const char* kArn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd";
constexpr registry::Time kToday{std::chrono::hours(24 * 20000)};

Standing waiting(const std::string& type = "aes-256") {
  Standing standing{.active = registry::Version{.id = {"k", 1}},
                    .waiting = registry::Version{.id = {"k", 2}}};
  standing.tenant.id = "t";
  standing.key.id = "k";
  standing.key.type = type;
  standing.key.usage = type == "aes-256" ? registry::Usage::kWrap : registry::Usage::kMac;
  return standing;
}

Place at_aws(std::int64_t in_cloud_key = 1) {
  Place place{.in_cloud_key = in_cloud_key};
  place.destination = {.id = "0123456789abcdef",
                       .provider = "aws",
                       .account = "111122223333",
                       .name = "alias/payments",
                       .region = "eu-central-1",
                       .algorithm = "rsa-oaep-sha256",
                       .options = R"({"wrapping-algorithm":"RSAES_OAEP_SHA_256"})"};
  place.before = registry::Placement{.state = PlacementState::kProven, .cloud_key = kArn};
  return place;
}

Place at_azure(const std::string& host, std::int64_t versions) {
  Place place{.at_destination = versions};
  place.destination = {.id = "0123456789abcdef",
                       .provider = "azure",
                       .container = host,
                       .name = "payments",
                       .region = "westeurope",
                       .algorithm = "rsa-aes-key-wrap-sha1"};
  return place;
}

TEST_CASE("A symmetric AWS key takes the next version beside the ones before, others a new key") {
  const auto same = ask_for(waiting(), at_aws(), CloudKey::kSame);
  CHECK(same.folder == "aws-01234567-v2");
  CHECK(same.in_place);
  CHECK(same.order.cloud_key == kArn);
  CHECK(same.document ==
        "{\"algorithm\":\"rsa-oaep-sha256\",\"cloud_key\":\"" + std::string(kArn) +
            "\",\"destination\":\"0123456789abcdef\",\"format\":\"keyrite-ask\",\"key\":\"k\","
            "\"key_type\":\"aes-256\",\"number\":2,\"options\":\"{\\\"wrapping-algorithm\\\":"
            "\\\"RSAES_OAEP_SHA_256\\\"}\",\"parameters\":\"params.json\",\"provider\":"
            "\"aws\",\"region\":\"eu-central-1\",\"tenant\":\"t\",\"verification\":\"params-again."
            "json\",\"version\":1}\n");
  const auto fresh = ask_for(waiting(), at_aws(), CloudKey::kNew);
  CHECK_FALSE(fresh.in_place);
  CHECK_FALSE(fresh.order.cloud_key);
  const auto mac = ask_for(waiting("generic-secret-32-bytes"), at_aws(), CloudKey::kSame);
  CHECK_FALSE(mac.in_place);
  CHECK_FALSE(mac.order.cloud_key);
  // A KMS key that was made for this version takes it.
  auto again = at_aws();
  again.placement = registry::Placement{.state = PlacementState::kWrapped, .cloud_key = "arn:own"};
  CHECK(ask_for(waiting(), again, CloudKey::kSame).order.cloud_key == "arn:own");
  CHECK_FALSE(ask_for(waiting(), again, CloudKey::kSame).in_place);
}

TEST_CASE("A KMS key that may have another version is not rotated in place") {
  for (const auto state :
       {PlacementState::kWrapped, PlacementState::kDifferent, PlacementState::kDeletionScheduled}) {
    auto place = at_aws();
    place.before->state = state;
    const auto ask = ask_for(waiting(), place, CloudKey::kSame);
    CHECK_FALSE(ask.in_place);
    CHECK_FALSE(ask.order.cloud_key);
  }
}

TEST_CASE("A KMS key that opens what is compromised takes no further version") {
  auto place = at_aws();
  place.before_opens_compromised = true;
  const auto ask = ask_for(waiting(), place, CloudKey::kSame);
  CHECK_FALSE(ask.in_place);
  CHECK_FALSE(ask.order.cloud_key);
  // Neither does one for which the version was wrapped already, which is asked for anew.
  place.placement = registry::Placement{.state = PlacementState::kWrapped, .cloud_key = kArn};
  place.opens_compromised = true;
  CHECK(needs_parameters(place, kToday));
  CHECK_FALSE(ask_for(waiting(), place, CloudKey::kSame).order.cloud_key);
  place.destination.name = "1234abcd-12ab-34cd-56ef-1234567890ab";
  CHECK(failure_of([&] { (void)ask_for(waiting(), place, CloudKey::kSame); }).code ==
        "rotation-place-fixed");
}

TEST_CASE("What was fetched with other options than the destination has now is asked for anew") {
  const auto before = ask_for(waiting(), at_aws(), CloudKey::kSame);
  auto changed = at_aws();
  changed.destination.options = R"({"wrapping-algorithm":"RSA_AES_KEY_WRAP_SHA_256"})";
  CHECK(ask_for(waiting(), changed, CloudKey::kSame).document != before.document);
  changed = at_aws();
  changed.destination.region = "eu-west-1";
  CHECK(ask_for(waiting(), changed, CloudKey::kSame).document != before.document);
}

TEST_CASE("AWS counts 25 on-demand rotations: warned at 20, refused at 25") {
  CHECK(ask_for(waiting(), at_aws(20), CloudKey::kSame).remarks.empty());
  CHECK(ask_for(waiting(), at_aws(21), CloudKey::kSame).remarks.size() == 1);
  CHECK(ask_for(waiting(), at_aws(25), CloudKey::kSame).in_place);
  CHECK(failure_of([] { (void)ask_for(waiting(), at_aws(26), CloudKey::kSame); }).code ==
        "rotation-limit");
  CHECK(ask_for(waiting(), at_aws(26), CloudKey::kNew).remarks.empty());
}

TEST_CASE("A Managed HSM has 100 versions of a key at most, a vault no such limit") {
  const std::string hsm = "acme.managedhsm.azure.net";
  CHECK(ask_for(waiting(), at_azure(hsm, 79), CloudKey::kSame).remarks.empty());
  CHECK(ask_for(waiting(), at_azure(hsm, 80), CloudKey::kSame).remarks.size() == 1);
  CHECK(failure_of([&] { (void)ask_for(waiting(), at_azure(hsm, 100), CloudKey::kSame); }).code ==
        "rotation-limit");
  CHECK(ask_for(waiting(), at_azure("acme.vault.azure.net", 500), CloudKey::kSame).remarks.empty());
}

TEST_CASE("What a rotation in place would break is refused, and a new KMS key is not") {
  auto ends = at_aws();
  ends.destination.options =
      R"({"valid-to":"2026-12-24T00:00:00Z","wrapping-algorithm":"RSAES_OAEP_SHA_256"})";
  auto ended = at_aws();
  ended.before->material_expires = kToday;
  for (const auto& place : {ends, ended}) {
    CHECK(failure_of([&] { (void)ask_for(waiting(), place, CloudKey::kSame); }).code ==
          "rotation-material-expires");
    CHECK_FALSE(ask_for(waiting(), place, CloudKey::kNew).in_place);
  }
  auto region = at_aws();
  region.before->cloud_key = "arn:aws:kms:eu-central-1:111122223333:key/mrk-1234abcd";
  CHECK(failure_of([&] { (void)ask_for(waiting(), region, CloudKey::kSame); }).code ==
        "rotation-multi-region");
  auto fixed = at_aws();
  fixed.destination.name = "1234abcd-12ab-34cd-56ef-1234567890ab";
  CHECK(failure_of([&] { (void)ask_for(waiting(), fixed, CloudKey::kNew); }).code ==
        "rotation-place-fixed");
  CHECK(ask_for(waiting(), fixed, CloudKey::kSame).in_place);
}

TEST_CASE("A replica is asked for when its primary key has the version, and for that material") {
  constexpr const char* kMaterial =
      "0000000000000000000000000000000000000000000000000000000000000001";
  constexpr const char* kOptions =
      R"({"replica-of":"eu-central-1","wrapping-algorithm":"RSAES_OAEP_SHA_256"})";
  auto replica = at_aws();
  replica.before.reset();
  replica.destination.region = "eu-west-1";
  replica.destination.options = kOptions;
  replica.replica_of = PrimaryPlace{.region = "eu-central-1", .is_known = true};
  const auto key = waiting().key;
  const auto code = [&] {
    return failure_of([&] { (void)ask_for(waiting(), replica, CloudKey::kSame); }).code;
  };
  CHECK(waits_for_primary(key, replica));
  CHECK(code() == "rotation-replica-early");
  replica.replica_of->placement =
      registry::Placement{.state = PlacementState::kWrapped,
                          .cloud_key = "arn:aws:kms:eu-central-1:111122223333:key/mrk-1234",
                          .cloud_version = kMaterial};
  CHECK(code() == "rotation-replica-early");
  replica.replica_of->placement->state = PlacementState::kImported;
  CHECK_FALSE(waits_for_primary(key, replica));
  const auto ask = ask_for(waiting(), replica, CloudKey::kNew);
  CHECK(ask.order.cloud_key == "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234");
  CHECK(ask.order.primary == "arn:aws:kms:eu-central-1:111122223333:key/mrk-1234");
  CHECK(ask.material_id == kMaterial);
  CHECK(ask.document.find(kMaterial) != std::string::npos);
  // Nothing else is replicated.
  replica.replica_of->placement->cloud_key = kArn;
  CHECK(code() == "rotation-replica-early");
  // AWS does not know the material of other keys by an id.
  replica.replica_of->placement->cloud_key = "arn:aws:kms:eu-central-1:111122223333:key/mrk-1234";
  replica.replica_of->placement->cloud_version.reset();
  CHECK(waits_for_primary(key, replica));
  const auto mac = waiting("generic-secret-32-bytes");
  CHECK_FALSE(waits_for_primary(mac.key, replica));
  CHECK_FALSE(ask_for(mac, replica, CloudKey::kSame).material_id);
}

TEST_CASE("A multi-Region key rotates in place where its destination says that it is one") {
  auto place = at_aws();
  place.before->cloud_key = "arn:aws:kms:eu-central-1:111122223333:key/mrk-1234abcd";
  place.destination.options = R"({"multi-region":true,"wrapping-algorithm":"RSAES_OAEP_SHA_256"})";
  CHECK(ask_for(waiting(), place, CloudKey::kSame).in_place);
}

TEST_CASE("Parameters are fetched where nothing waits for its import") {
  auto place = at_aws();
  CHECK(needs_parameters(place, kToday));
  place.placement = registry::Placement{.state = PlacementState::kWrapped};
  CHECK_FALSE(needs_parameters(place, kToday));  // Azure: they do not end
  place.parameters_until = kToday + std::chrono::hours(1);
  CHECK_FALSE(needs_parameters(place, kToday));
  place.parameters_until = kToday;
  CHECK(needs_parameters(place, kToday));
  for (const auto state : {PlacementState::kImported, PlacementState::kProven,
                           PlacementState::kDifferent, PlacementState::kServing}) {
    place.placement->state = state;
    CHECK_FALSE(needs_parameters(place, kToday));
  }
}

TEST_CASE("Consumers of AWS keys that are not symmetric have to move, others see nothing") {
  const auto mac = waiting("generic-secret-32-bytes");
  CHECK(moves_consumers(mac.key, at_aws()));
  CHECK_FALSE(moves_consumers(waiting().key, at_aws()));
  CHECK_FALSE(moves_consumers(mac.key, at_azure("acme.vault.azure.net", 1)));
  auto first = at_aws();
  first.before.reset();
  CHECK_FALSE(moves_consumers(mac.key, first));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
