#include "pkcs11/token.h"

#include <p11-kit/uri.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

#include "base/error.h"
#include "base/nearest.h"
#include "base/text.h"
#include "pkcs11/internal/api.h"
#include "pkcs11/internal/padded_text.h"
#include "pkcs11/internal/token_info.h"
#include "pkcs11/internal/uri.h"

namespace keyrite::pkcs11 {

namespace {

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

// The label that a URI names; empty: it names none.
std::string label_in(P11KitUri* uri) {
  const CK_TOKEN_INFO* const info = p11_kit_uri_get_token_info(uri);
  const std::string label(reinterpret_cast<const char*>(info->label), sizeof info->label);
  const std::size_t end = label.find_first_of(std::string_view("\0\xff", 2));
  const std::string_view named = std::string_view(label).substr(0, end);
  return std::string(named.substr(0, named.find_last_not_of(' ') + 1));
}

std::string not_found_hint(P11KitUri* uri, const TokenListing& listing) {
  std::vector<std::string> labels;
  for (const auto& token : listing.tokens) labels.push_back(token.info().label);
  std::string hint =
      listing.tokens.empty()
          ? "the module shows no token: check that the token is connected and that "
            "--module is right"
          : hint_with_nearest(label_in(uri), labels,
                              "the module shows these tokens:" + lines_of(listing.tokens));
  if (listing.unreadable.empty()) return hint;
  hint += "\nthese slots or modules cannot be read:";
  for (const auto& line : listing.unreadable) hint += "\n  " + line;
  return hint;
}

}  // namespace

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
                not_found_hint(uri.get(), listing));
  }
  throw Error(Kind::kToken, "token-ambiguous",
              fmt::format("{} tokens match {}", matching.size(), printable(wanted.text())),
              "name one of them:" + lines_of(matching));
}

}  // namespace keyrite::pkcs11
