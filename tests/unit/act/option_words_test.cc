#include "act/option_words.h"

#include <doctest/doctest.h>

#include "imports/verify_import.h"
#include "imports/wrap_request.h"
#include "keys/adopt_key.h"
#include "keys/generate_kek.h"
#include "support/failure.h"
#include "token_check/token_check.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

constexpr const char* kName = "acme payments";

// What becomes of a name that somebody types into one option: "refused", "pseudonym", "file" (its
// content is hashed), or "stands in the log".
std::string fate(const act::BoundRequest& request, const act::BoundField& field) {
  if (field.info().binds.what() == act::Binds::What::kInput) return "file";
  try {
    field.set({kName});
    const auto recorded = act::record(request);
    if (recorded.size() != 1) return "lost";
    return recorded.front().is_name ? "pseudonym" : "stands in the log";
  } catch (const Error& error) {
    return error.kind() == Kind::kUsage ? "refused" : error.code();
  }
}

template <class Request>
void check_table(const std::vector<std::string>& names) {
  std::vector<std::string> pseudonyms;
  for (std::size_t i = 0; i < Request::table().size(); ++i) {
    Request request;
    const auto bound = act::bind(Request::table(), request);
    const auto& field = bound.at(i);
    CAPTURE(field.info().name);
    if (field.is_flag()) continue;
    const std::string became = fate(bound, field);
    CHECK(became != "stands in the log");
    CHECK(became != "field-not-listed");
    CHECK(became != "lost");
    if (became == "pseudonym") pseudonyms.emplace_back(field.info().name);
  }
  CHECK(pseudonyms == names);
}

struct AnyText {
  std::string text{};
  [[nodiscard]] static const std::vector<act::Field<AnyText>>& table() {
    static const std::vector<act::Field<AnyText>> fields{
        {{.name = "text", .value = "TEXT", .binds = act::Binds::plain()}, &AnyText::text}};
    return fields;
  }
};

TEST_CASE("No option of an act takes a name into the log, whichever it is typed into") {
  check_table<imports::AwsWrapRequest>({"label", "out", "tenant", "destination", "key", "key-id",
                                        "key-material-id", "key-material-description", "region",
                                        "profile", "verification-out"});
  check_table<imports::AzureWrapRequest>(
      {"label", "out", "tenant", "destination", "key", "kid", "name", "check-name", "tags"});
  check_table<imports::GoogleWrapRequest>({"label", "out", "tenant", "destination", "import-job",
                                           "project", "location", "keyring", "key"});
  check_table<keys::GenerateKekRequest>({"tenant", "key", "label", "public-out"});
  check_table<keys::AdoptKeyRequest>({"label", "tenant", "key"});
  check_table<token_check::TokenCheckRequest>({});
  check_table<imports::VerifyBundleRequest>({"folder", "wrapping-key"});
  check_table<imports::VerifyAnswersRequest>({"folder", "evidence"});
}

TEST_CASE("A text that a table lets through without a word is not recorded") {
  const auto failure = failure_of([] { return act::record(AnyText{.text = "aes"}); });
  CHECK(failure.code == "field-not-listed");
}

TEST_CASE("The words of clouds are those of their tables") {
  CHECK(act::aws::is_key_spec_word("ECC_NIST_P256"));
  CHECK_FALSE(act::aws::is_key_spec_word("ECC_NIST_P256 "));
  CHECK(act::aws::is_key_usage_word("KEY_AGREEMENT"));
  CHECK_FALSE(act::aws::is_key_usage_word("key_agreement"));
  CHECK(act::aws::is_wrapping_algorithm_word("RSAES_OAEP_SHA_256"));
  CHECK_FALSE(act::aws::is_wrapping_algorithm_word("RSAES_PKCS1_V1_5"));
  CHECK(act::aws::is_wrapping_key_spec_word("RSA_4096"));
  CHECK_FALSE(act::aws::is_wrapping_key_spec_word("RSA_1024"));
  CHECK(act::azure::is_operation_word("wrapKey"));
  CHECK_FALSE(act::azure::is_operation_word("wrap"));
  CHECK(act::google::is_algorithm_word("ec-sign-p256-sha256"));
  CHECK_FALSE(act::google::is_algorithm_word("ec-sign-p256"));
  CHECK(act::google::is_purpose_word("mac"));
  CHECK_FALSE(act::google::is_purpose_word("acme"));
  CHECK(act::google::is_import_method_word("RSA_OAEP_4096_SHA256"));
  CHECK_FALSE(act::google::is_import_method_word("hpke"));
  CHECK(act::google::is_protection_level_word("HSM"));
  CHECK_FALSE(act::google::is_protection_level_word("external"));
  CHECK(act::google::is_delay_word("24h"));
  CHECK_FALSE(act::google::is_delay_word("h"));
}

TEST_CASE("A day in the place of a time is its start or its end in UTC") {
  using act::DayMeans;
  const auto given = [](std::string_view text, DayMeans day) {
    return format_rfc3339(act::time_given(text, "--until", day));
  };
  CHECK(given("2026-03-01", DayMeans::kStart) == "2026-03-01T00:00:00Z");
  CHECK(given("2026-03-01", DayMeans::kEnd) == "2026-03-01T23:59:59Z");
  CHECK(given("2024-02-29", DayMeans::kEnd) == "2024-02-29T23:59:59Z");
  CHECK(given("2026-03-01T10:00:00+01:00", DayMeans::kEnd) == "2026-03-01T09:00:00Z");
  for (const std::string_view text : {"2026-02-30", "2026-3-1", "01.03.2026", "", "2026-03-01T"}) {
    CAPTURE(text);
    CHECK(failure_of([&] { (void)act::time_given(text, "--until", DayMeans::kEnd); }).code ==
          "time-invalid");
  }
}

TEST_CASE("Ids, fingerprints, times, key types and numbers have one form each") {
  CHECK(act::is_id_word("0aFF"));
  CHECK_FALSE(act::is_id_word("0af"));
  CHECK(act::is_fingerprint_word(std::string(64, 'A')));
  CHECK_FALSE(act::is_fingerprint_word(std::string(63, 'a')));
  CHECK(act::is_time_word("2026-03-01T10:00:00Z"));
  CHECK(act::is_time_word("2026-03-01"));
  CHECK_FALSE(act::is_time_word("2026-03"));
  CHECK(act::is_key_type_word("aes-256"));
  CHECK_FALSE(act::is_key_type_word("aes-257"));
  CHECK(act::is_cloud_list_word("google,aws"));
  for (const char* none : {"", "aws,", ",aws", "aws google", "aws,gogle", "AWS"})
    CHECK_FALSE(act::is_cloud_list_word(none));
  CHECK(act::clouds_given("google,aws,google") ==
        std::vector<provider::Provider>{provider::Provider::kGoogle, provider::Provider::kAws});
  CHECK(act::is_basis_word("statement"));
  CHECK_FALSE(act::is_basis_word("faith"));
  CHECK(act::is_number_word("12"));
  CHECK_FALSE(act::is_number_word("-1"));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
