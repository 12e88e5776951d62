#include "acts/option_words.h"

#include <doctest/doctest.h>

#include "acts/generate_kek.h"
#include "acts/token_check.h"
#include "acts/verify_import.h"
#include "acts/wrap_request.h"
#include "support/failure.h"

namespace keyrite::test {
namespace {

constexpr const char* kName = "acme payments";

// What becomes of a name that somebody types into one option: "refused", "pseudonym", "file" (its
// content is hashed), or "stands in the log".
std::string fate(const acts::BoundRequest& request, const acts::BoundField& field) {
  if (field.info().binds.what() == acts::Binds::What::kInput) return "file";
  try {
    field.set({kName});
    const auto recorded = acts::record(request);
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
    const auto bound = acts::bind(Request::table(), request);
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
  [[nodiscard]] static const std::vector<acts::Field<AnyText>>& table() {
    static const std::vector<acts::Field<AnyText>> fields{
        {{.name = "text", .value = "TEXT", .binds = acts::Binds::plain()}, &AnyText::text}};
    return fields;
  }
};

}  // namespace

TEST_CASE("No option of an act takes a name into the log, whichever it is typed into") {
  check_table<acts::AwsWrapRequest>({"label", "out", "key-id", "key-material-id",
                                     "key-material-description", "region", "profile",
                                     "verification-out"});
  check_table<acts::AzureWrapRequest>({"label", "out", "kid", "name", "tags"});
  check_table<acts::GoogleWrapRequest>(
      {"label", "out", "import-job", "project", "location", "keyring", "key"});
  check_table<acts::GenerateKekRequest>({"label", "public-out"});
  check_table<acts::TokenCheckRequest>({});
  check_table<acts::VerifyBundleRequest>({"folder", "wrapping-key"});
  check_table<acts::VerifyAnswersRequest>({"folder", "evidence"});
}

TEST_CASE("A text that a table lets through without a word is not recorded") {
  const auto failure = failure_of([] { return acts::record(AnyText{.text = "aes"}); });
  CHECK(failure.code == "field-not-listed");
}

TEST_CASE("The words of clouds are those of their tables") {
  CHECK(acts::aws::is_key_spec_word("ECC_NIST_P256"));
  CHECK_FALSE(acts::aws::is_key_spec_word("ECC_NIST_P256 "));
  CHECK(acts::aws::is_key_usage_word("KEY_AGREEMENT"));
  CHECK_FALSE(acts::aws::is_key_usage_word("key_agreement"));
  CHECK(acts::aws::is_wrapping_algorithm_word("RSAES_OAEP_SHA_256"));
  CHECK_FALSE(acts::aws::is_wrapping_algorithm_word("RSAES_PKCS1_V1_5"));
  CHECK(acts::aws::is_wrapping_key_spec_word("RSA_4096"));
  CHECK_FALSE(acts::aws::is_wrapping_key_spec_word("RSA_1024"));
  CHECK(acts::azure::is_operation_word("wrapKey"));
  CHECK_FALSE(acts::azure::is_operation_word("wrap"));
  CHECK(acts::google::is_algorithm_word("ec-sign-p256-sha256"));
  CHECK_FALSE(acts::google::is_algorithm_word("ec-sign-p256"));
  CHECK(acts::google::is_purpose_word("mac"));
  CHECK_FALSE(acts::google::is_purpose_word("acme"));
  CHECK(acts::google::is_import_method_word("RSA_OAEP_4096_SHA256"));
  CHECK_FALSE(acts::google::is_import_method_word("hpke"));
  CHECK(acts::google::is_protection_level_word("HSM"));
  CHECK_FALSE(acts::google::is_protection_level_word("external"));
  CHECK(acts::google::is_delay_word("24h"));
  CHECK_FALSE(acts::google::is_delay_word("h"));
}

TEST_CASE("Ids, fingerprints, times, key types and numbers have one form each") {
  CHECK(acts::is_id_word("0aFF"));
  CHECK_FALSE(acts::is_id_word("0af"));
  CHECK(acts::is_fingerprint_word(std::string(64, 'A')));
  CHECK_FALSE(acts::is_fingerprint_word(std::string(63, 'a')));
  CHECK(acts::is_time_word("2026-03-01T10:00:00Z"));
  CHECK_FALSE(acts::is_time_word("2026-03-01"));
  CHECK(acts::is_key_type_word("aes-256"));
  CHECK_FALSE(acts::is_key_type_word("aes-257"));
  CHECK(acts::is_basis_word("statement"));
  CHECK_FALSE(acts::is_basis_word("faith"));
  CHECK(acts::is_number_word("12"));
  CHECK_FALSE(acts::is_number_word("-1"));
}

}  // namespace keyrite::test
