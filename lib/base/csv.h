// Tables for spreadsheets: RFC 4180, every field in quotes. Pure, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace keyrite {

// In quotes. A spreadsheet takes what begins with "=", "+", "-", "@", a tab or one of their wide
// forms for a formula; one apostrophe makes it a text.
[[nodiscard]] std::string csv_field(std::string_view value);
// The fields of a row, and CRLF behind them.
[[nodiscard]] std::string csv_row(const std::vector<std::string>& fields);

}  // namespace keyrite
