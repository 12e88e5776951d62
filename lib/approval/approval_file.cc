#include "approval/approval_file.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "approval/ssh_signature.h"
#include "base/error.h"
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

}  // namespace

ApprovalFile approval_file(std::string name, ByteView content) {
  const std::string text = as_text(content);
  if (auto armour = ssh_armour(text)) return {.name = std::move(name), .content = *armour};
  if (const auto der = crypto::cms_in_der(content))
    return {.name = std::move(name), .content = as_text(*der)};
  return {.name = std::move(name), .content = text};
}

}  // namespace keyrite::approval
