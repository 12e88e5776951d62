#include "bundle/script_hashes.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include "base/lower_hex.h"
#include "base/text.h"

namespace keyrite::bundle {
namespace {

constexpr std::size_t kDigits = 64;

// "SHA256  NAME", the name to the end of the line; nullopt for any other line.
std::optional<std::pair<std::string, std::string>> digest_line(const std::string& line) {
  if (line.size() <= kDigits + 2 || line.compare(kDigits, 2, "  ") != 0 ||
      !is_lower_hex(std::string_view(line).substr(0, kDigits)))
    return std::nullopt;
  return std::pair{line.substr(kDigits + 2), line.substr(0, kDigits)};
}

bool is_left_out(std::string_view name) {
  static constexpr std::array<std::string_view, 4> kNotSent{kExpectedFile, kReadmeFile,
                                                            kWrappingKeyFile, kImportScript};
  return std::ranges::find(kNotSent, name) != kNotSent.end();
}

}  // namespace

std::string script_contradiction(const std::string& script,
                                 const std::vector<ManifestFile>& files) {
  std::map<std::string, std::string> in_script;
  std::istringstream lines(script);
  for (std::string line; std::getline(lines, line);) {
    if (const auto found = digest_line(line); found && !in_script.insert(*found).second)
      return "import.sh has two digests for \"" + printable(found->first) + "\"";
  }
  for (const ManifestFile& file : files) {
    const auto it = in_script.find(file.name);
    if (it == in_script.end() && is_left_out(file.name)) continue;
    if (it == in_script.end()) return "import.sh does not check " + file.name;
    if (it->second != file.sha256)
      return "import.sh checks " + file.name +
             " for a different SHA-256 from the one in the manifest";
    in_script.erase(it);
  }
  return in_script.empty() ? std::string{}
                           : "import.sh checks \"" + printable(in_script.begin()->first) +
                                 "\", which is not a file of the bundle";
}

}  // namespace keyrite::bundle
