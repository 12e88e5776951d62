// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "registry/cloud_key.h"

#include <doctest/doctest.h>

#include <string>

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

registry::Destination aws(const std::string& region = "eu-west-1",
                          const std::string& account = "111122223333") {
  registry::Destination row;
  row.provider = "aws";
  row.region = region;
  row.account = account;
  return row;
}

bool same(const registry::Destination& one, const std::optional<std::string>& name,
          const registry::Destination& other, const std::optional<std::string>& other_name) {
  const bool forth = registry::is_same_cloud_key({one, name}, {other, other_name});
  CHECK(forth == registry::is_same_cloud_key({other, other_name}, {one, name}));
  return forth;
}

TEST_CASE("The id of a KMS key and its ARN are one key, in its Region and account alone") {
  const std::string id = "1234abcd-12ab-34cd-56ef-1234567890ab";
  const std::string arn = "arn:aws:kms:eu-west-1:111122223333:key/" + id;
  CHECK(same(aws(), id, aws(), arn));
  CHECK(same(aws(), "key/" + id, aws(), arn));
  CHECK(same(aws(), id, aws(), id));
  CHECK(same(aws("eu-west-1", ""), id, aws(), arn));
  // An ARN says itself where it is.
  CHECK(same(aws("us-east-1"), arn, aws(), id));
  CHECK_FALSE(same(aws("us-east-1"), id, aws(), arn));
  CHECK_FALSE(same(aws("eu-west-1", "444455556666"), id, aws(), arn));
  CHECK_FALSE(same(aws(), id, aws("us-east-1"), id));
  CHECK_FALSE(same(aws(), "0" + id.substr(1), aws(), arn));
  CHECK_FALSE(same(aws(), "arn:aws:kms", aws(), arn));
  CHECK_FALSE(same(aws(), std::nullopt, aws(), std::nullopt));
  // Replicas of a multi-Region key have one id.
  const std::string mrk = "111122223333:key/mrk-1234abcd";
  CHECK_FALSE(same(aws(), "arn:aws:kms:eu-west-1:" + mrk, aws(), "arn:aws:kms:us-east-1:" + mrk));
}

TEST_CASE("Keys of other clouds are called by one name") {
  registry::Destination azure;
  azure.provider = "azure";
  CHECK(same(azure, "https://acme.managedhsm.azure.net/keys/p", azure,
             "https://acme.managedhsm.azure.net/keys/p"));
  CHECK_FALSE(same(azure, "p", azure, "https://acme.managedhsm.azure.net/keys/p"));
  CHECK_FALSE(same(azure, "p", aws(), "p"));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
