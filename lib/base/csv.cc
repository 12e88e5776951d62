#include "base/csv.h"

namespace keyrite {

std::string csv_field(std::string_view value) {
  const auto plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  };
  std::string quoted = value.empty() || plain(value.front()) ? "\"" : "\"'";
  for (const char c : value) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

std::string csv_row(const std::vector<std::string>& fields) {
  std::string row;
  for (const auto& field : fields) row += (row.empty() ? "" : ",") + csv_field(field);
  return row + "\r\n";
}

}  // namespace keyrite
