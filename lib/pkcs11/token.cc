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

namespace keyrite::pkcs11 {

namespace {

struct UriDeleter {
  void operator()(P11KitUri* uri) const { p11_kit_uri_free(uri); }
};
using UriPointer = std::unique_ptr<P11KitUri, UriDeleter>;

UriPointer parse_uri(std::string_view text) {
  UriPointer uri(p11_kit_uri_new());
  const std::string copy(text);
  const int result = p11_kit_uri_parse(copy.c_str(), P11_KIT_URI_FOR_ANY, uri.get());
  if (result != P11_KIT_URI_OK || p11_kit_uri_any_unrecognized(uri.get()) != 0) {
    throw Error(Kind::kUsage, "uri-invalid",
                fmt::format("\"{}\" is not a PKCS#11 URI", printable(text)),
                "write it as in RFC 7512, such as pkcs11:token=MyToken;serial=0123");
  }
  return uri;
}

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

TokenInfo info_of(const CK_TOKEN_INFO& raw) {
  return {.label = padded_text(raw.label),
          .manufacturer = padded_text(raw.manufacturerID),
          .model = padded_text(raw.model),
          .serial = padded_text(raw.serialNumber),
          .hardware_version = version_text(raw.hardwareVersion),
          .firmware_version = version_text(raw.firmwareVersion),
          .flags = flags_of(raw.flags)};
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
  slots.resize(count);
  return slots;
}

std::string list_of(const std::vector<Token>& candidates) {
  std::string text;
  for (const auto& token : candidates) text += "\n  " + token.info().uri();
  return text;
}

std::optional<std::string> optional_text(const char* text) {
  return text != nullptr ? std::optional<std::string>(text) : std::nullopt;
}

std::optional<Bytes> attribute_of(P11KitUri* uri, CK_ATTRIBUTE_TYPE type) {
  const CK_ATTRIBUTE* attribute = p11_kit_uri_get_attribute(uri, type);
  if (attribute == nullptr) return std::nullopt;
  const auto* bytes = static_cast<const std::uint8_t*>(attribute->pValue);
  return Bytes(bytes, bytes + attribute->ulValueLen);
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

TokenUri TokenUri::parse(std::string_view text) {
  const UriPointer uri = parse_uri(text);
  if (p11_kit_uri_get_pin_value(uri.get()) != nullptr) {
    throw Error(Kind::kUsage, "uri-has-pin-value",
                "the PKCS#11 URI holds a pin-value, which every process list shows",
                "take it out and give the PIN at the terminal, or with --pin-file, --pin-fd or "
                "pin-source=file:PATH");
  }
  TokenUri parsed;
  parsed.text_ = text;
  parsed.module_path_ = optional_text(p11_kit_uri_get_module_path(uri.get()));
  parsed.pin_source_ = optional_text(p11_kit_uri_get_pin_source(uri.get()));
  if (const auto label = attribute_of(uri.get(), CKA_LABEL)) parsed.object_label_ = as_text(*label);
  parsed.object_id_ = attribute_of(uri.get(), CKA_ID);
  return parsed;
}

Token::Token(std::shared_ptr<Module> module, std::shared_ptr<Api> api, unsigned long slot,
             TokenInfo info)
    : module_(std::move(module)), api_(std::move(api)), slot_(slot), info_(std::move(info)) {}

TokenInfo Token::refresh() const { return info_of(ask(*api_, slot_)); }

std::vector<Token> tokens(const std::shared_ptr<Module>& module) {
  std::vector<Token> found;
  for (const auto& api : module->apis()) {
    for (const CK_SLOT_ID slot : slots_with_token(*api)) {
      TokenInfo info = info_of(ask(*api, slot));
      if (info.flags.initialized) found.emplace_back(module, api, slot, std::move(info));
    }
  }
  return found;
}

Token find_token(const std::shared_ptr<Module>& module, const TokenUri& wanted) {
  const UriPointer uri = parse_uri(wanted.text());
  const std::vector<Token> all = tokens(module);
  std::vector<Token> matching;
  for (const auto& token : all) {
    const CK_TOKEN_INFO raw = raw_of(token.info());
    if (p11_kit_uri_match_token_info(uri.get(), &raw) != 0) matching.push_back(token);
  }
  if (matching.size() == 1) return matching.front();
  if (matching.empty()) {
    throw Error(Kind::kToken, "token-not-found",
                fmt::format("no token matches {}", printable(wanted.text())),
                all.empty()
                    ? "the module shows no token at all: is it connected, and is --module right?"
                    : "these are there:" + list_of(all));
  }
  throw Error(Kind::kToken, "token-ambiguous",
              fmt::format("{} tokens match {}", matching.size(), printable(wanted.text())),
              "name one of them:" + list_of(matching));
}

}  // namespace keyrite::pkcs11
