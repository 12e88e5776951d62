// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Files of CloudTrail, which the check of the aws command accepts (tests/support/cloud_trail.py).
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "base/file.h"
#include "provider/aws/cloud_trail.h"
#include "support/command.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using provider::aws::CloudTrail;

const std::string kId = "1234abcd-12ab-34cd-56ef-1234567890ab";
const std::string kArn = "arn:aws:kms:eu-central-1:111122223333:key/" + kId;

struct Trail {
  Workshop shop{};
  std::vector<std::string> trusted{};
  explicit Trail(const std::string& more = {}) {
    trusted.push_back(as_text(shop.must(
        "python3 " KEYRITE_SOURCE_DIR "/tests/support/cloud_trail.py trail " + kArn + more)));
  }
  [[nodiscard]] CloudTrail read() const {
    std::vector<provider::aws::TrailFile> files;
    for (const auto& entry : std::filesystem::directory_iterator(shop.folder() / "trail"))
      files.push_back({entry.path().filename(), read_file(entry.path())});
    return CloudTrail::verified(files, trusted);
  }
  [[nodiscard]] std::string refusal() const {
    return failure_of([&] { (void)read(); }).code;
  }
  // In a copy of the folder in which the words changed a file.
  [[nodiscard]] std::string refusal_after(const std::string& words) const {
    shop.must("rm -rf kept && cp -r trail kept && cd trail && " + words);
    auto code = refusal();
    shop.must("rm -rf trail && mv kept trail");
    return code;
  }
};

provider::CloudKeyVersion kms_key(const std::string& name,
                                  const std::string& region = "eu-central-1") {
  return {.provider = provider::Provider::kAws,
          .account = "111122223333",
          .region = region,
          .cloud_key = name};
}

TEST_CASE("A deletion that CloudTrail recorded, by the ARN and by the id of the key") {
  const Trail trail;
  const auto read = trail.read();
  const auto found = read.deletion_of(kms_key(kArn));
  REQUIRE(found.has_value());
  CHECK(format_rfc3339(found->at) == "2026-06-03T02:11:44Z");
  CHECK(found->key_sha256 == trail.trusted.front());
  CHECK(found->log_sha256 == as_text(trail.shop.must("sha256sum trail/b.json")).substr(0, 64));
  CHECK(found->digest_sha256 ==
        as_text(trail.shop.must("sha256sum trail/digest.json")).substr(0, 64));
  CHECK(read.deletion_of(kms_key(kId)).has_value());
  CHECK_FALSE(read.deletion_of(kms_key(kId, "eu-west-1")).has_value());
  CHECK_FALSE(read.deletion_of(kms_key("0" + kId.substr(1))).has_value());
  auto other = kms_key(kId);
  other.account = "444455556666";
  CHECK_FALSE(read.deletion_of(other).has_value());
}

TEST_CASE("Only the event that AWS KMS itself writes is a deletion") {
  // A call of somebody that has the name, and a deletion that is only scheduled, are in a.json.
  CHECK_FALSE(Trail(" CancelKeyDeletion").read().deletion_of(kms_key(kArn)).has_value());
}

TEST_CASE("Any byte of a file of CloudTrail that was changed is noticed") {
  const Trail trail;
  for (const std::string file : {"a.json", "b.json"}) {
    CAPTURE(file);
    CHECK(trail.refusal_after("printf ' ' >> " + file) == "trail-log-changed");
  }
  CHECK(trail.refusal_after("printf ' ' >> digest.json") == "trail-signature-wrong");
  CHECK(trail.refusal_after("sed -i 's/02:59:00Z/02:58:00Z/' digest.json") ==
        "trail-signature-wrong");
  CHECK(trail.refusal_after("sed -i 's/^./0/;s/^0\\(.\\)/0\\1/' digest.json.sig && "
                            "sed -i 's/.$/0/' digest.json.sig") == "trail-signature-wrong");
  CHECK(trail.refusal_after("rm digest.json digest.json.sig") == "trail-log-changed");
  CHECK(trail.refusal_after("rm public-keys.json") == "trail-invalid");
  CHECK(trail.refusal_after("sed -i 's/\"PublicKeyList\": \\[.*\\]/\"PublicKeyList\": []/' "
                            "public-keys.json") == "trail-invalid");
  CHECK(trail.refusal_after("rm digest.json.sig") == "trail-log-changed");
}

TEST_CASE("Files that are signed by a key nobody compared show nothing") {
  Trail trail;
  trail.trusted = {std::string(64, '0')};
  CHECK(trail.refusal() == "trail-key-other");
  // Another maker's files are whole in themselves.
  const Trail other;
  trail.trusted = other.trusted;
  CHECK(trail.refusal() == "trail-key-other");
  trail.trusted = {};
  CHECK(trail.refusal() == "trail-key-other");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
