#include "keys/key_origin.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "act/entry_head.h"
#include "act/public_half.h"
#include "base/error.h"
#include "keys/internal/logged_making.h"
#include "keys/use_fingerprint.h"
#include "wrap/origin_test.h"

namespace keyrite::keys {

namespace {

using pkcs11::Attr;

struct SaidRow {
  std::string_view name{};
  Attr attribute{};
};
constexpr std::array<SaidRow, 3> kSaid{{{"local", Attr::kLocal},
                                        {"always-sensitive", Attr::kAlwaysSensitive},
                                        {"never-extractable", Attr::kNeverExtractable}}};

std::string said_text(const pkcs11::Session& session, pkcs11::ObjectHandle key, Attr attribute) {
  const auto value = session.read_bool(key, attribute);
  if (!value) return "not readable";
  return *value ? "true" : "false";
}

std::string mechanism_text(const pkcs11::Session& session, const TargetKey& target) {
  const auto number = session.read_ulong(target.handle, Attr::kKeyGenMechanism);
  return number ? generation_mechanism_text(*number, target.type) : std::string("none");
}

// What the token says of the key, as far as that is worth something.
enum class TokenSays { kMade, kPutIn, kNothing };
TokenSays word_of(std::optional<bool> local, wrap::OriginWord worth) {
  if (worth != wrap::OriginWord::kTells || !local) return TokenSays::kNothing;
  return *local ? TokenSays::kMade : TokenSays::kPutIn;
}

bool same_token(const Json& head, const pkcs11::TokenInfo& token) {
  const Json here = act::token_head(token);
  return head.is_object() &&
         std::ranges::all_of(std::array{"manufacturer", "model", "serial"}, [&](const char* name) {
           return head.contains(name) && head.at(name) == here.at(name);
         });
}

// By what the key in the token is compared with an entry, found once.
struct Identity {
  std::string public_key_sha256{};
  std::string use_sha256{};
};

// Why an entry does not vouch for this key; empty when it does. What anybody with the PIN can give
// another key (id, label, attributes), or find one for (a check value of 3 bytes), identifies none.
std::string objection(const LoggedMaking& making, const Identity& key, const TargetKey& target,
                      const pkcs11::TokenInfo& token) {
  if (!making.vouched)
    return "the log key does not vouch for it: version 0.1.0 signed entries without checking them";
  if (!same_token(making.token, token)) return "it records a key in another token";
  if (making.public_key_sha256.empty() && making.use_sha256.empty()) {
    return target.type.family == KeyFamily::kAes
               ? "it has no fingerprint that identifies the key: an AES key that may not encrypt "
                 "has none, and id, label and check value can be those of another key"
               : "it has no fingerprint that identifies the key";
  }
  if (key.public_key_sha256.empty() && key.use_sha256.empty())
    return "the key may not be used in a way that identifies it";
  const bool same = making.key_type == target.type.name() &&
                    making.public_key_sha256 == key.public_key_sha256 &&
                    making.use_sha256 == key.use_sha256;
  return same ? std::string() : "it records another key with this id";
}

Identity identity_of(pkcs11::Session& session, const TargetKey& target) {
  Identity identity;
  if (!target.public_key) {
    identity.use_sha256 =
        use_fingerprint(session, target.type, target.usage, target.handle, target.hash)
            .value_or("");
  } else if (act::proves_by_use(session, target.handle, target.usage, *target.public_key)) {
    identity.public_key_sha256 = target.public_key->sha256();
  }
  return identity;
}

// The entry that made the key, or why none did.
struct LogSays {
  std::optional<std::uint64_t> entry{};
  std::string text{};
};
LogSays log_of(pkcs11::Session& session, const TargetKey& target, const act::Context& context,
               const pkcs11::TokenInfo& token) {
  if (!context.site) return {.text = "none: the command runs without a site"};
  if (target.id.empty()) return {.text = "the key has no CKA_ID, so its entry cannot be found"};
  const auto makings = logged_makings(context.site->site, to_hex(target.id));
  if (makings.empty()) return {.text = "no entry records the generation of a key with this id"};
  const Identity key = identity_of(session, target);
  std::string why;
  // The latest first.
  for (std::size_t left = makings.size(); left > 0; --left) {
    const auto& making = makings[left - 1];
    const std::string wrong = objection(making, key, target, token);
    if (wrong.empty())
      return {.entry = making.entry,
              .text = fmt::format("entry {} records the generation of this key", making.entry)};
    why += fmt::format("{}entry {}: {}", why.empty() ? "" : "; ", making.entry, wrong);
  }
  return {.text = why};
}

}  // namespace

OriginFinding find_origin(pkcs11::Session& session, const TargetKey& target,
                          const act::Context& context, const pkcs11::TokenInfo& token) {
  OriginFinding finding;
  for (const auto& row : kSaid)
    finding.judged_by.emplace_back(row.name, said_text(session, target.handle, row.attribute));
  finding.judged_by.emplace_back("key-gen-mechanism", mechanism_text(session, target));
  const auto worth = wrap::local_word(session, target.type);
  finding.judged_by.emplace_back("token", fmt::format("CKA_LOCAL {}", origin_word_name(worth)));
  const auto says = word_of(session.read_bool(target.handle, Attr::kLocal), worth);
  const auto logged = log_of(session, target, context, token);
  finding.judged_by.emplace_back("log", logged.text);
  if (says == TokenSays::kMade) finding.origin = KeyOrigin::kToken;
  // The same bytes, but they were put in: what is in the token now came from outside.
  if (logged.entry && says != TokenSays::kPutIn) {
    finding.origin = KeyOrigin::kLogged;
    finding.entry = logged.entry;
  }
  return finding;
}

}  // namespace keyrite::keys
