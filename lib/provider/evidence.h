// Judges what a cloud answered after an import against expected.json. What a file is, is decided by
// its content: public keys (PEM, DER, AWS get-public-key, Azure JWK), MACs, encryptions,
// decryptions, signatures, AWS import and describe-key answers, Google key versions, attestations.
// Pure functions, no token, no network; any thread.
//
// The rule: one finding that differs makes the verdict `different`; else one that contradicts makes
// it `consistent but not proven`; else one that is decisively equal makes it `proven`; else it is
// `consistent but not proven`. What cannot be read is never equal. The order of the files decides
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
  kEqual,        // this shows that the cloud holds the key
  kDifferent,    // this shows that it holds another
  kNotProof,     // well formed, but says nothing about which key; the reason tells why
  kContradicts,  // no proof itself, and no proof beside it can be the whole truth
  kUnreadable,   // empty, truncated, of an unknown form, or contradicting itself
};
enum class Basis {
  kCryptographic,      // only who holds the key can have made it
  kProviderStatement,  // the cloud says so; whoever carried the file could have written it
};
enum class Verdict { kProven, kConsistentNotProven, kDifferent };
[[nodiscard]] std::string_view result_name(
    Result result);  // "equal", "different", "not proof", "contradicts", "unreadable"
[[nodiscard]] std::string_view basis_name(Basis basis);  // "cryptographic", "provider statement"
[[nodiscard]] std::string_view verdict_name(
    Verdict verdict);  // "proven", "consistent but not proven", "different"

struct Finding {
  std::string evidence_file{};
  std::string what{};  // what the file was taken for: "AWS generate-mac HMAC_SHA_256"
  Result result{Result::kNotProof};
  Basis basis{Basis::kProviderStatement};
  std::string reason{};  // one sentence, without a full stop
  std::string code{};    // of an unreadable file: the Error's; empty where there was none
  std::string named{};   // the cloud key, or its version, that the file itself names; empty: none
};

struct Judgement {
  Verdict verdict{Verdict::kConsistentNotProven};
  std::optional<Basis> basis{};  // of a proven or different verdict: the strongest behind it
  // Of a proven verdict: an equal answer names the cloud key, and it is the bundle's. Else the key
  // was seen, but not where.
  bool names_cloud_key{false};
  std::vector<Finding> findings{};
};

// Errors: kUsage "evidence-missing" (no file); kConfig "evidence-unreadable" when not one file
// could be read, the message listing each with its reason.
[[nodiscard]] Judgement judge(const Expected& expected, const std::vector<InputFile>& evidence);

}  // namespace keyrite::provider
