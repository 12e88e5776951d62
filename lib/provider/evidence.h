// Judges what a cloud answered after an import against expected.json. The content of a file decides
// what it is: public keys (PEM, DER, AWS get-public-key, Azure JWK), MACs, encryptions,
// decryptions, signatures, AWS import and describe-key answers, Google key versions, attestations.
// Pure functions, no token, no network; any thread.
//
// The rule: one finding that differs makes the verdict `different`; else one that contradicts makes
// it `consistent but not proven`; else one that is equal makes it `proven`; else it is `consistent
// but not proven`. Only what shows use of the key is equal (a MAC, an encryption, a decryption, a
// signature), and, since AWS offers nothing better for SYMMETRIC_DEFAULT, its statement about a
// re-import. The bundle has the public key: so a public key may speak against the import, and never
// proves it. What cannot be read is never equal and never different. The order of the files decides
// nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provider/expected.h"
#include "provider/provider.h"

namespace keyrite::provider {

enum class Result {
  kEqual,        // this shows that what answered holds the key
  kConsistent,   // it is as it must be, and could have been written from the bundle alone
  kDifferent,    // this shows that it holds another
  kNotProof,     // well formed, but says nothing about which key; the reason tells why
  kContradicts,  // no proof itself, and no proof beside it can be the whole truth
  kUnreadable,   // empty, truncated, of an unknown form, or contradicting itself
};
enum class Basis {
  kCryptographic,      // equal: only who holds the key can have made it; different: anybody can
  kProviderStatement,  // the cloud says so; whoever carried the file could have written it
};
enum class Verdict { kProven, kConsistentNotProven, kDifferent };
[[nodiscard]] std::string_view result_name(
    Result result);  // "equal", "consistent", "different", "not proof", "contradicts", "unreadable"
[[nodiscard]] std::string_view basis_name(Basis basis);  // "cryptographic", "provider statement"
[[nodiscard]] std::string_view verdict_name(
    Verdict verdict);  // "proven", "consistent but not proven", "different"

struct Finding {
  std::string evidence_file{};
  std::string what{};  // what the file was taken for: "AWS generate-mac HMAC_SHA_256"
  Result result{Result::kNotProof};
  Basis basis{Basis::kProviderStatement};
  std::string reason{};    // one sentence, without a full stop
  std::string code{};      // of an unreadable file: the Error's; empty where there was none
  std::string named{};     // the cloud key, or its version, that the file itself names; empty: none
  std::string material{};  // AWS: the id of the key material that it names; empty: none
};

// The weakest basis on which a verdict may rest for whoever asks.
[[nodiscard]] Basis parse_basis(
    std::string_view name);  // "cryptographic", "statement"; kUsage "basis-unknown"

struct Judgement {
  Verdict verdict{Verdict::kConsistentNotProven};
  std::optional<Basis> basis{};  // of a proven or different verdict: the strongest behind it
  // Of a proven verdict: what the equal answers name, with its version where they name one (Azure's
  // kid, Google's version; AWS names a key). Empty: none names anything, or the bundle names no
  // cloud key to compare with. Only the provider, and whoever carried the files, vouch for it.
  std::string named{};
  // Of a verdict that is not different: the version of the cloud key that the answers name (Azure's
  // kid, Google's version, AWS's id of the key material), where they name one and no other. By the
  // provider's word, as `named`.
  std::string version{};
  std::vector<Finding> findings{};
};

// Proven, and on a basis that is not weaker than `required`.
[[nodiscard]] bool satisfies(const Judgement& judgement, Basis required);

// Errors: kUsage "evidence-missing" (no file); kConfig "evidence-unreadable" when not one file
// could be read, the message listing each with its reason.
[[nodiscard]] Judgement judge(const Expected& expected, const std::vector<InputFile>& evidence);

}  // namespace keyrite::provider
