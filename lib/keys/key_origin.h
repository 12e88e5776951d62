// Where the target of a wrap came from, as far as anybody can know: from this site's log, and from
// the token's own word if a self-test showed that this token tells the truth. A label and an id
// prove nothing: whoever has the PIN can write a key with any name into a token. One session, one
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "act/context.h"
#include "act/log_facts.h"
#include "base/key_origin.h"
#include "bundle/manifest.h"
#include "keys/read_back.h"
#include "keys/target_key.h"

namespace keyrite::keys {

struct OriginFinding {
  KeyOrigin origin{KeyOrigin::kUnknown};
  std::optional<std::uint64_t> entry{};  // of this site's log: there with kLogged alone
  // What it was judged by, for people and the manifest: {"local", "true"}, {"token", "tells ..."},
  // {"log", "entry 17 made another key under this id"}.
  NamedValues judged_by{};

  // As a bundle's manifest says it.
  [[nodiscard]] static OriginFinding of(const bundle::Origin& origin);
  [[nodiscard]] std::string text() const;  // "made in this token (logged, entry 17)"
  [[nodiscard]] Json to_json() const;
  [[nodiscard]] act::LogFacts log_facts() const;
};

// kLogged: a result of generate-kek that the log's key vouches for and its checkpoint signs made
// this very key (by its public half, which the key proved by use, or by keys/use_fingerprint.h) at
// this token (manufacturer, model, serial), and the token does not say that the key was imported.
// kToken: CKA_LOCAL is true, and wrap::local_word() found that the token tells the truth. Errors:
// those of logged_makings, wrap::local_word and the token.
[[nodiscard]] OriginFinding find_origin(pkcs11::Session& session, const TargetKey& target,
                                        const act::Context& context,
                                        const pkcs11::TokenInfo& token);

// What is demanded: the more of what the request and the site's policy say; nullopt: nothing.
[[nodiscard]] std::optional<KeyOrigin> demanded_origin(const std::optional<std::string>& requested,
                                                       const act::Context& context);

// Errors kVerification: "origin-not-logged" (the log was demanded), "origin-not-told" (at least the
// token's word was), each with what it was judged by.
void require_origin(const OriginFinding& finding, std::optional<KeyOrigin> demanded,
                    const std::string& label);

}  // namespace keyrite::keys
