// The typed reading of a roster's TOML; every Error is kConfig and names the place. Free functions
// over tables that the caller owns; any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "base/bytes.h"
#include "base/clock.h"

namespace keyrite::approval {

[[noreturn]] void refuse_roster(std::string code, std::string_view where, std::string_view why,
                                std::string hint);
// "roster-wrong-type": `field` is not `expected`.
[[noreturn]] void wrong_type(std::string_view where, std::string_view field,
                             std::string_view expected);

// The whole file. Errors "roster-too-large", "roster-invalid".
[[nodiscard]] toml::table roster_table(ByteView content, std::string_view origin);
// Error "roster-unknown-field" for a field that is not in `names`: nothing is read over, since a
// misspelt valid_until would be a person approving for ever.
void require_known(const toml::table& table, std::span<const std::string_view> names,
                   std::string_view where);
// The tables of a list that may be absent. Error "roster-wrong-type".
[[nodiscard]] std::vector<const toml::table*> tables_of(const toml::table& file,
                                                        std::string_view field,
                                                        std::string_view origin);

// Errors "roster-missing-field", "roster-wrong-type".
[[nodiscard]] std::string required_text(const toml::table& table, std::string_view field,
                                        std::string_view where);
[[nodiscard]] std::vector<std::string> required_texts(const toml::table& table,
                                                      std::string_view field,
                                                      std::string_view where);
// "identity". Errors as above; "roster-identity-invalid".
[[nodiscard]] std::string required_identity(const toml::table& table, std::string_view where);
// Empty when the field is absent. Error "roster-wrong-type".
[[nodiscard]] std::vector<std::string> texts_if_any(const toml::table& table,
                                                    std::string_view field, std::string_view where);
// Errors "roster-wrong-type", "not-a-time".
[[nodiscard]] std::optional<TimePoint> time_if_any(const toml::table& table, std::string_view field,
                                                   std::string_view where);

}  // namespace keyrite::approval
