// Tokens and how they are named: RFC 7512 URIs, never slot numbers, which change between runs.
// Values and pure functions but for list_tokens() and find_token(), which ask the module; any
// thread.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkcs11/module.h"

namespace keyrite::pkcs11 {

enum class UserType { kUser, kSo };

// CK_TOKEN_INFO's flags that matter before a login (PKCS#11 "CK_TOKEN_INFO").
struct PinFlags {
  bool count_low{};
  bool final_try{};
  bool locked{};
  bool to_be_changed{};
};
struct TokenFlags {
  bool initialized{};
  bool login_required{};
  bool user_pin_initialized{};
  bool protected_authentication_path{};
  bool write_protected{};
  PinFlags user{};
  PinFlags so{};
};

struct TokenInfo {
  std::string label{};
  std::string manufacturer{};
  std::string model{};
  std::string serial{};
  std::string hardware_version{};
  std::string firmware_version{};
  TokenFlags flags{};
  // ulMinPinLen and ulMaxPinLen, in bytes; the longest is 0 where the token does not say.
  std::size_t shortest_pin{};
  std::size_t longest_pin{};
  // "pkcs11:token=...;manufacturer=...;model=...;serial=..."
  [[nodiscard]] std::string uri() const;
};

// A parsed URI. All that it says selects the token; what cannot be honoured is refused, nothing is
// passed over.
class TokenUri {
 public:
  // Errors kUsage: "uri-invalid", "uri-has-pin-value", "uri-names-slot", "uri-names-object".
  [[nodiscard]] static TokenUri parse(std::string_view text);

  [[nodiscard]] const std::optional<std::string>& module_path() const { return module_path_; }
  [[nodiscard]] const std::optional<std::string>& pin_source() const { return pin_source_; }
  // What module-path and module-name say, if they are there, is true of `module`.
  [[nodiscard]] bool names_module(const ModuleInfo& module) const;
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  TokenUri() = default;
  std::string text_{};
  std::optional<std::string> module_path_{};
  std::optional<std::string> module_name_{};
  std::optional<std::string> pin_source_{};
};

// Two paths of one file, or one path.
[[nodiscard]] bool same_module_file(const std::string& one, const std::string& other);

// A token in a slot of a loaded module.
class Token {
 public:
  Token(std::shared_ptr<Module> module, std::shared_ptr<Api> api, unsigned long slot,
        TokenInfo info);
  [[nodiscard]] const TokenInfo& info() const { return info_; }
  // Asks the token again: flags change with every login.
  [[nodiscard]] TokenInfo refresh() const;
  [[nodiscard]] const std::shared_ptr<Module>& module() const { return module_; }
  // The module that holds it, which of several registered ones may be any.
  [[nodiscard]] const ModuleInfo& module_info() const;
  [[nodiscard]] const std::shared_ptr<Api>& api() const { return api_; }
  [[nodiscard]] unsigned long slot() const { return slot_; }

 private:
  std::shared_ptr<Module> module_;
  std::shared_ptr<Api> api_;
  unsigned long slot_;
  TokenInfo info_;
};

// Every initialised token in every slot, and what could not be read, with its CKR.
struct TokenListing {
  std::vector<Token> tokens{};
  std::vector<std::string> unreadable{};
};
// Error kToken with the CKR when the only module does not list its slots.
[[nodiscard]] TokenListing list_tokens(const std::shared_ptr<Module>& module);
// Exactly one. Errors kToken "token-not-found", "token-ambiguous": both list the candidates' URIs
// in the hint.
[[nodiscard]] Token find_token(const std::shared_ptr<Module>& module, const TokenUri& wanted);

}  // namespace keyrite::pkcs11
