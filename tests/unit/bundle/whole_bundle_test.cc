// A bundle for each cloud passes its own offline check, and one changed byte does not.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "provider/parameters.h"
#include "unit/bundle/cloud_bundles.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;

TEST_CASE("A bundle of every cloud passes its own offline check, and sha256sum's") {
  const TimePoint now = cloud_now();
  for (const CloudCase& one : cloud_cases()) {
    CAPTURE(one.name);
    const Workshop shop;
    const bundle::Contents contents = make_bundle(shop, one, now);
    bundle::Policy policy;
    policy.now = now;
    const auto report = bundle::verify(contents, policy);
    for (const bundle::Check& check : report.checks) {
      if (check.failure) {
        FAIL_CHECK(check.failure->code() << ": " << check.failure->message());
      }
    }
    for (const FolderFile& file : contents) {
      shop.put(file.name, file.content);
    }
    shop.must("grep -E '^[0-9a-f]{64}  ' import.sh | sha256sum --check --quiet --strict");
    shop.must("sh -n import.sh");
  }
}

TEST_CASE("The import parameters of every cloud's manifest stand in the format's document") {
  std::ifstream file(std::string(KEYRITE_SOURCE_DIR) + "/docs/formats/bundle.md");
  const std::string document{std::istreambuf_iterator<char>(file),
                             std::istreambuf_iterator<char>()};
  for (const CloudCase& one : cloud_cases()) {
    const Workshop shop;
    const auto parameters = read_parameters({one.parameters(shop), {}, {}}, one.options);
    const Json recorded = to_json(parameters);
    CHECK(recorded.contains("wrapping_key_sha256"));
    for (const auto& entry : recorded.items()) {
      const std::string name = "`" + entry.key() + "`";
      CAPTURE(name);
      CHECK(document.find(name) != std::string::npos);
    }
  }
}

TEST_CASE("One byte changed in any file of any cloud's bundle is found") {
  const TimePoint now = cloud_now();
  for (const CloudCase& one : cloud_cases()) {
    const Workshop shop;
    const bundle::Contents good = make_bundle(shop, one, now);
    for (std::size_t i = 0; i + 1 < good.size(); ++i) {
      CAPTURE(one.name);
      CAPTURE(good[i].name);
      bundle::Contents contents = good;
      contents[i].content[contents[i].content.size() / 2] ^= 1U;
      bundle::Policy policy;
      policy.now = now;
      CHECK_FALSE(bundle::verify(contents, policy).good());
    }
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
