#include "pkcs11/token.h"

#include <p11-kit/uri.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "pkcs11/internal/api.h"
#include "pkcs11/internal/padded_text.h"
#include "pkcs11/internal/uri.h"

namespace keyrite::pkcs11 {

namespace {

bool has(CK_FLAGS flags, CK_FLAGS flag) { return (flags & flag) != 0; }

TokenFlags flags_of(CK_FLAGS f) {
  return {.initialized = has(f, CKF_TOKEN_INITIALIZED),
          .login_required = has(f, CKF_LOGIN_REQUIRED),
          .user_pin_initialized = has(f, CKF_USER_PIN_INITIALIZED),
          .protected_authentication_path = has(f, CKF_PROTECTED_AUTHENTICATION_PATH),
          .write_protected = has(f, CKF_WRITE_PROTECTED),
          .user = {has(f, CKF_USER_PIN_COUNT_LOW), has(f, CKF_USER_PIN_FINAL_TRY),
                   has(f, CKF_USER_PIN_LOCKED), has(f, CKF_USER_PIN_TO_BE_CHANGED)},
          .so = {has(f, CKF_SO_PIN_COUNT_LOW), has(f, CKF_SO_PIN_FINAL_TRY),
                 has(f, CKF_SO_PIN_LOCKED), has(f, CKF_SO_PIN_TO_BE_CHANGED)}};
}

std::string version_text(const CK_VERSION& version) {
  return fmt::format("{}.{}", version.major, version.minor);
}

std::size_t pin_length(CK_ULONG length) {
  return length == CK_UNAVAILABLE_INFORMATION ? 0 : length;
}

TokenInfo info_of(const CK_TOKEN_INFO& raw) {
  return {.label = padded_text(raw.label),
          .manufacturer = padded_text(raw.manufacturerID),
          .model = padded_text(raw.model),
          .serial = padded_text(raw.serialNumber),
          .hardware_version = version_text(raw.hardwareVersion),
          .firmware_version = version_text(raw.firmwareVersion),
          .flags = flags_of(raw.flags),
          .shortest_pin = pin_length(raw.ulMinPinLen),
          .longest_pin = pin_length(raw.ulMaxPinLen)};
}

template <std::size_t size>
// NOLINTNEXTLINE(modernize-avoid-c-arrays): the structs of Cryptoki hold them
void pad(CK_UTF8CHAR (&field)[size], const std::string& text) {
  std::memset(field, ' ', size);
  std::memcpy(field, text.data(), std::min(text.size(), size));
}

CK_TOKEN_INFO raw_of(const TokenInfo& info) {
  CK_TOKEN_INFO raw{};
  pad(raw.label, info.label);
  pad(raw.manufacturerID, info.manufacturer);
  pad(raw.model, info.model);
  pad(raw.serialNumber, info.serial);
  return raw;
}

CK_TOKEN_INFO ask(const Api& api, CK_SLOT_ID slot) {
  CK_TOKEN_INFO raw{};
  KEYRITE_CK(api, C_GetTokenInfo, slot, &raw).expect_ok("asking a token who it is");
  return raw;
}

std::vector<CK_SLOT_ID> slots_with_token(const Api& api) {
  CK_ULONG count = 0;
  CK_BBOOL present = CK_TRUE;
  KEYRITE_CK(api, C_GetSlotList, present, static_cast<CK_SLOT_ID*>(nullptr), &count)
      .expect_ok("listing the tokens");
  std::vector<CK_SLOT_ID> slots(count);
  if (count == 0) return slots;
  KEYRITE_CK(api, C_GetSlotList, present, slots.data(), &count).expect_ok("listing the tokens");
  slots.resize(std::min<std::size_t>(count, slots.size()));
  return slots;
}

// What the URI may say of a slot and of a module, as Cryptoki pads it. Where the module does not
// answer, nothing that is asked for matches.
CK_SLOT_INFO slot_info(const Token& token) {
  CK_SLOT_INFO raw{};
  if (KEYRITE_CK(*token.api(), C_GetSlotInfo, token.slot(), &raw).rv() != CKR_OK) return {};
  pad(raw.slotDescription, padded_text(raw.slotDescription));
  pad(raw.manufacturerID, padded_text(raw.manufacturerID));
  return raw;
}

CK_INFO library_info(const Token& token) {
  constexpr CK_VERSION kNoVersion{0xfe, 0xfe};
  CK_INFO raw{};
  if (KEYRITE_CK(*token.api(), C_GetInfo, &raw).rv() != CKR_OK) {
    raw = {};
    raw.libraryVersion = kNoVersion;
    return raw;
  }
  pad(raw.libraryDescription, padded_text(raw.libraryDescription));
  pad(raw.manufacturerID, padded_text(raw.manufacturerID));
  return raw;
}

bool matches(P11KitUri* uri, const TokenUri& wanted, const Token& token) {
  const CK_TOKEN_INFO raw_token = raw_of(token.info());
  const CK_SLOT_INFO raw_slot = slot_info(token);
  const CK_INFO raw_library = library_info(token);
  return p11_kit_uri_match_token_info(uri, &raw_token) != 0 &&
         p11_kit_uri_match_slot_info(uri, &raw_slot) != 0 &&
         p11_kit_uri_match_module_info(uri, &raw_library) != 0 &&
         wanted.names_module(token.module_info());
}

// The tokens of one module. A slot that cannot be read hides no other.
void add_tokens(TokenListing& listing, const std::shared_ptr<Module>& module,
                const std::shared_ptr<Api>& api) {
  for (const CK_SLOT_ID slot : slots_with_token(*api)) {
    try {
      TokenInfo info = info_of(ask(*api, slot));
      if (info.flags.initialized) listing.tokens.emplace_back(module, api, slot, std::move(info));
    } catch (const Error& error) {
      if (!error.ckr()) throw;
      listing.unreadable.push_back(fmt::format("slot {}: {}", slot, error.message()));
    }
  }
}

std::string lines_of(const std::vector<Token>& candidates) {
  std::string text;
  for (const auto& token : candidates) text += "\n  " + token.info().uri();
  return text;
}

std::string not_found_hint(const TokenListing& listing) {
  std::string hint = listing.tokens.empty()
                         ? "the module shows no token: check that the token is connected and that "
                           "--module is right"
                         : "the module shows these tokens:" + lines_of(listing.tokens);
  if (listing.unreadable.empty()) return hint;
  hint += "\nthese slots or modules cannot be read:";
  for (const auto& line : listing.unreadable) hint += "\n  " + line;
  return hint;
}

}  // namespace

std::string TokenInfo::uri() const {
  const UriPointer uri(p11_kit_uri_new());
  *p11_kit_uri_get_token_info(uri.get()) = raw_of(*this);
  char* text = nullptr;
  if (p11_kit_uri_format(uri.get(), P11_KIT_URI_FOR_TOKEN, &text) != P11_KIT_URI_OK)
    return "pkcs11:";
  const std::unique_ptr<char, decltype(&std::free)> owned(text, &std::free);
  return text;
}

Token::Token(std::shared_ptr<Module> module, std::shared_ptr<Api> api, unsigned long slot,
             TokenInfo info)
    : module_(std::move(module)), api_(std::move(api)), slot_(slot), info_(std::move(info)) {}

TokenInfo Token::refresh() const { return info_of(ask(*api_, slot_)); }

const ModuleInfo& Token::module_info() const { return api_->info(); }

TokenListing list_tokens(const std::shared_ptr<Module>& module) {
  TokenListing listing;
  for (const auto& api : module->apis()) {
    try {
      add_tokens(listing, module, api);
    } catch (const Error& error) {
      if (module->apis().size() == 1 || !error.ckr()) throw;
      listing.unreadable.push_back(fmt::format("module {}: {}", api->info().path, error.message()));
    }
  }
  return listing;
}

Token find_token(const std::shared_ptr<Module>& module, const TokenUri& wanted) {
  const UriPointer uri = parse_uri(wanted.text());
  const TokenListing listing = list_tokens(module);
  std::vector<Token> matching;
  for (const auto& token : listing.tokens) {
    if (matches(uri.get(), wanted, token)) matching.push_back(token);
  }
  if (matching.size() == 1) return matching.front();
  if (matching.empty()) {
    throw Error(Kind::kToken, "token-not-found",
                fmt::format("no token matches {}", printable(wanted.text())),
                not_found_hint(listing));
  }
  throw Error(Kind::kToken, "token-ambiguous",
              fmt::format("{} tokens match {}", matching.size(), printable(wanted.text())),
              "name one of them:" + lines_of(matching));
}

}  // namespace keyrite::pkcs11
