// generate-kek: makes a key in the token under a policy-conforming template, reads back what the
// token stored, uses the key once, and reports its check values. plan() is pure; perform() is the
// only part that changes the token. If the key is not as planned, generate-kek destroys it again
// and the act fails. One session, one thread.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "act/context.h"
#include "act/intent.h"
#include "act/log_facts.h"
#include "act/request.h"
#include "act/token_session.h"
#include "base/key_type.h"
#include "crypto/check_value.h"
#include "crypto/public_key.h"
#include "provider/provider.h"
#include "wrap/key_generation.h"
#include "wrap/protection.h"

namespace keyrite::act {
struct Act;
}  // namespace keyrite::act

namespace keyrite::keys {

// The name of the act, in the log too.
inline constexpr const char* kGenerateKekAct = "generate-kek";

struct GenerateKekRequest {
  std::optional<std::string> tenant{};
  std::optional<std::string> key{};  // of the tenant; then the registry says type, usage and label
  std::string type{};
  std::string label{};
  std::optional<std::string> id{};  // hex
  std::vector<std::string> for_providers{};
  std::optional<std::string> usage{};
  bool extractable{false};
  bool wrap_with_trusted{false};
  bool allow_unverified{false};
  std::optional<std::string> public_out{};
  // No field of the table: the CKA_ID, in hex, of the key that an interrupted run of this request
  // made, as the log has it. That key is taken over, and no other one is made.
  std::optional<std::string> made_before{};

  [[nodiscard]] static const std::vector<act::Field<GenerateKekRequest>>& table();
};

// Everything that will be asked of the token, as plain data.
struct GenerateKekPlan {
  KeyType type{};
  wrap::KeyTraits traits{};
  bool random_id{};  // none was asked for: the next run has another
  std::vector<provider::Provider> providers{};
  std::optional<std::string> public_out{};
  bool made_before{false};  // by a run that was interrupted: it is in the token
  std::string mechanism{};  // for people
  [[nodiscard]] Json to_json() const;
};

struct GeneratedKey {
  GenerateKekPlan plan{};
  pkcs11::TokenInfo token{};
  // Attribute name and the value read back; "not readable" where the token does not tell.
  std::vector<std::pair<std::string, std::string>> attributes{};
  act::Words used_by{};  // how the key was tried: "C_Encrypt and C_Decrypt (CKM_AES_ECB)"
  std::vector<crypto::CheckValue> check_values{};
  std::string no_check_value{};      // why there is none
  act::Words no_check_value_code{};  // the same for the log
  // Why a secret key has none by wrap/key_check_value.h, which needs no usage; empty: it has.
  std::string no_key_check_value{};
  std::optional<CkrAnswer> no_key_check_value_answer{};
  std::optional<crypto::PublicKey> public_key{};
  std::optional<std::string> use_sha256{};  // keys/use_fingerprint.h, of secret keys
  // Only for a key made with CKA_WRAP_WITH_TRUSTED: whether this token keeps it.
  std::optional<wrap::Enforcement> trusted_only{};
  [[nodiscard]] Json to_json() const;
  // What a transcript records.
  [[nodiscard]] act::LogFacts log_facts() const;
};

// Whether the request says which key to make. Errors kUsage "tenant-without-key" (one of --tenant
// and --key), "value-missing" (neither, and no type or label).
void require_way(const GenerateKekRequest& request);

// Checks the request by itself: type, usage, provider rules, id. Errors kUsage and kConfig with the
// field's name; those of provider::check_key_type. `id` is the random CKA_ID to use when none is
// given.
[[nodiscard]] GenerateKekPlan plan(const GenerateKekRequest& request, ByteView id);

// What a transcript records before the key is made.
[[nodiscard]] act::Intent intent_of(const GenerateKekPlan& plan, const GenerateKekRequest& request);

// What a dry run can find out at the token: label and id are free, and a file could be written.
// Changes nothing. Errors kToken "label-taken", "id-taken"; kUsage "output-exists"; kFailed
// "file-unwritable".
void check(const GenerateKekPlan& plan, act::TokenSession& token);

// Errors: those of check(); kToken "attribute-differs", "key-unusable" and what the token answers.
// After these keyrite has checked that the token has no new key. If it has one, or that cannot be
// known: kUnknownOutcome "key-remains", which names label and id. Whoever calls this
// sees to it that no signal ends it (Context::hold_signals).
[[nodiscard]] GeneratedKey perform(const GenerateKekPlan& plan, act::TokenSession& token);

// The key of a run that was interrupted, which the token has under the plan's label and id: read
// back, tried and reported as a new one is. It is never destroyed here. Errors: kToken
// "object-not-found" (not exactly the objects of one key, or not made in this token), those of
// perform(), each naming what a person must do.
[[nodiscard]] GeneratedKey take_over(const GenerateKekPlan& plan, act::TokenSession& token);

// All of it as an act: act/act.h.
[[nodiscard]] act::Act generate_kek(const GenerateKekRequest& request);

}  // namespace keyrite::keys
