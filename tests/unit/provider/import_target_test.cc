// Where an import goes, as approvers read it, is where it goes.
#include "provider/import_target.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "unit/provider/import_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;

std::map<std::string, TargetWord> words_of(const Destination& destination,
                                           const ImportOptions& options,
                                           const std::optional<std::string>& label) {
  std::map<std::string, TargetWord> words;
  for (auto& word : import_target(destination.parameters, options, label)) {
    const std::string name = word.name;
    CHECK(words.emplace(name, std::move(word)).second);
  }
  return words;
}

// Names must not reach the log as they are.
void check_names(const std::map<std::string, TargetWord>& words,
                 const std::vector<std::string>& names) {
  for (const auto& named : words) {
    const std::string& name = named.first;
    CAPTURE(name);
    CHECK_FALSE(named.second.value.empty());
    CHECK(named.second.tells_whose == (std::ranges::find(names, name) != names.end()));
  }
  for (const auto& name : names) {
    CAPTURE(name);
    CHECK(words.contains(name));
  }
}

TEST_CASE(
    "AWS: the KMS key, its account and Region, the algorithm, and the end of the parameters") {
  const auto destination = aws_destination();
  const auto words = words_of(destination, aws_options(), "acme");
  CHECK(words.at("cloud").value == "aws");
  CHECK(words.at("cloud_key").value == destination.cloud_key);
  CHECK(words.at("account").value == "111122223333");
  CHECK(words.at("region").value == "eu-central-1");
  CHECK(words.at("wrapping_algorithm").value == "RSAES_OAEP_SHA_256");
  CHECK(words.at("parameters_valid_to").value ==
        format_rfc3339(valid_until(destination.parameters).value()));
  check_names(words, {"cloud_key", "account", "region"});
}

TEST_CASE("AWS: of a key id that is no ARN nobody knows the account, and the Region is an option") {
  const auto destination = aws_destination();
  auto parameters = std::get<aws::ImportParameters>(destination.parameters);
  parameters.key_id = "1234abcd-12ab-34cd-56ef-1234567890ab";
  auto options = aws_options();
  options.region = "eu-west-3";
  bool account = false;
  for (const auto& word : import_target(parameters, options, "acme")) {
    account = account || word.name == "account";
    if (word.name == "region") CHECK(word.value == "eu-west-3");
    if (word.name == "cloud_key") CHECK(word.value == parameters.key_id);
  }
  CHECK_FALSE(account);
}

TEST_CASE("Azure: the key in the vault, by its option, by the label, or by one nobody knows yet") {
  const auto destination = azure_destination();
  const auto words = words_of(destination, azure::ImportOptions{}, destination.key_name);
  CHECK(words.at("cloud_key").value == destination.cloud_key);
  check_names(words, {"cloud_key", "vault", "key_exchange_key"});
  azure::ImportOptions options;
  options.name = "other";
  const auto named = words_of(destination, options, destination.key_name);
  CHECK(named.at("cloud_key").value.ends_with("/keys/other"));
  const auto unknown = words_of(destination, azure::ImportOptions{}, std::nullopt);
  CHECK_FALSE(unknown.contains("cloud_key"));
  CHECK(unknown.at("cloud_key_in").value.ends_with("/keys/"));
  CHECK(unknown.at("cloud_key_name").value.find("label") != std::string::npos);
}

TEST_CASE("Google: key, key ring, project, location and import job") {
  const auto destination = google_destination();
  const auto words = words_of(destination, google::ImportOptions{}, destination.key_name);
  CHECK(words.at("cloud_key").value == destination.cloud_key);
  const auto& job = std::get<google::ImportParameters>(destination.parameters).job;
  CHECK(words.at("import_job").value == job.text());
  CHECK(words.at("location").value == job.location);
  check_names(words, {"cloud_key", "project", "location", "key_ring", "import_job"});
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
