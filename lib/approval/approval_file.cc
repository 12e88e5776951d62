#include "approval/approval_file.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "approval/ssh_signature.h"
#include "base/error.h"
#include "base/text.h"
#include "crypto/cms_form.h"

namespace keyrite::approval {
namespace {

constexpr std::string_view kBegin = "-----BEGIN SSH SIGNATURE-----";
constexpr std::string_view kEnd = "-----END SSH SIGNATURE-----";
constexpr std::size_t kColumns = 70;  // as ssh-keygen breaks its lines

bool is_white(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_white(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_white(text.back())) text.remove_suffix(1);
  return text;
}

// The armour as ssh-keygen writes it; nullopt when there is none to be read.
std::optional<std::string> ssh_armour(std::string_view text) {
  text = trimmed(text);
  if (text.size() > kMaxSshSignature || text.size() < kBegin.size() + kEnd.size() ||
      !text.starts_with(kBegin) || !text.ends_with(kEnd))
    return std::nullopt;
  text.remove_prefix(kBegin.size());
  text.remove_suffix(kEnd.size());
  std::string base64(text);
  std::erase_if(base64, is_white);
  std::string armour(kBegin);
  for (std::size_t at = 0; at < base64.size(); at += kColumns)
    armour += "\n" + base64.substr(at, kColumns);
  return armour + "\n" + std::string(kEnd) + "\n";
}

// The files that may be signatures in the folder of a statement.
std::vector<std::string> signatures_in(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code failed;
  for (auto entry = std::filesystem::directory_iterator(folder, failed);
       !failed && entry != std::filesystem::directory_iterator(); entry.increment(failed)) {
    const auto& path = entry->path();
    std::error_code unknown;
    if (path.extension() == ".json" || path.filename().native().starts_with('.') ||
        !entry->is_regular_file(unknown))
      continue;
    paths.push_back(path.native());
  }
  if (failed) {
    throw Error(Kind::kConfig, "path-unreadable",
                fmt::format("the folder of approvals {} cannot be read: {}", printable(folder),
                            failed.message()),
                "correct what the system reports, then run the command again");
  }
  if (paths.empty()) {
    throw Error(
        Kind::kUsage, "approvals-none-in-folder",
        fmt::format("the folder {} has no signature of a statement in it", printable(folder)),
        "put the files that the approvers signed into it, or name them");
  }
  std::ranges::sort(paths);
  return paths;
}

}  // namespace

ApprovalFile approval_file(std::string name, ByteView content) {
  const std::string text = as_text(content);
  if (auto armour = ssh_armour(text)) return {.name = std::move(name), .content = *armour};
  if (const auto der = crypto::cms_in_der(content))
    return {.name = std::move(name), .content = as_text(*der)};
  return {.name = std::move(name), .content = text};
}

std::vector<std::string> approval_paths(const std::vector<std::string>& given) {
  std::vector<std::string> paths;
  for (const auto& one : given) {
    std::error_code unknown;
    if (!std::filesystem::is_directory(one, unknown)) {
      paths.push_back(one);
      continue;
    }
    auto files = signatures_in(one);
    paths.insert(paths.end(), std::make_move_iterator(files.begin()),
                 std::make_move_iterator(files.end()));
  }
  return paths;
}

}  // namespace keyrite::approval
