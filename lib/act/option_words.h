// The words of options that the log then has permanently. Each function knows the words of one
// kind, from a table of lib/provider if there is one. Pure, any thread.
#pragma once

#include <string_view>
#include <vector>

#include "base/clock.h"
#include "provider/provider.h"

namespace keyrite::act {

// A time as a person gives it: RFC 3339, or a day in UTC, which means its first second or its last
// one. Error kUsage "time-invalid", naming the option.
enum class DayMeans { kStart, kEnd };
[[nodiscard]] TimePoint time_given(std::string_view text, std::string_view option, DayMeans day);

// One or several clouds, with commas between them; each once, in the order given. Error kUsage
// "provider-unknown".
[[nodiscard]] std::vector<provider::Provider> clouds_given(std::string_view text);

[[nodiscard]] bool is_id_word(std::string_view text);           // hex of a CKA_ID, either case
[[nodiscard]] bool is_fingerprint_word(std::string_view text);  // as crypto::plain_fingerprint
[[nodiscard]] bool is_time_word(std::string_view text);         // RFC 3339, or a day of it
[[nodiscard]] bool is_key_type_word(std::string_view text);     // "aes-256"
[[nodiscard]] bool is_cloud_list_word(std::string_view text);   // "aws,google"
[[nodiscard]] bool is_basis_word(std::string_view text);        // of a verdict
[[nodiscard]] bool is_number_word(std::string_view text);       // decimal digits, 20 at most

namespace aws {
[[nodiscard]] bool is_key_spec_word(std::string_view text);
[[nodiscard]] bool is_key_usage_word(std::string_view text);
[[nodiscard]] bool is_wrapping_algorithm_word(std::string_view text);
[[nodiscard]] bool is_wrapping_key_spec_word(std::string_view text);
}  // namespace aws

namespace azure {
[[nodiscard]] bool is_operation_word(std::string_view text);
}  // namespace azure

namespace google {
[[nodiscard]] bool is_algorithm_word(std::string_view text);
[[nodiscard]] bool is_purpose_word(std::string_view text);
// In the spelling of options or of the API: "rsa-oaep-4096-sha256", "RSA_OAEP_4096_SHA256".
[[nodiscard]] bool is_import_method_word(std::string_view text);
[[nodiscard]] bool is_protection_level_word(std::string_view text);
[[nodiscard]] bool is_delay_word(std::string_view text);  // "24h"
}  // namespace google

}  // namespace keyrite::act
