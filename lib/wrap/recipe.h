// A recipe says exactly how a token wraps a target key for transport: which method, which hash,
// which mechanism number for AES-KWP. A recipe by itself is only a proposal; wrap::self_test turns
// it into a ProvenRecipe, and wrap::execute takes nothing else, so keyrite wraps a target key only
// by a method whose result it has opened and checked outside the token before
// (docs/adr/0005-methods-by-self-test.md). Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "base/key_type.h"
#include "base/wrapping.h"
#include "pkcs11/mechanism.h"

namespace keyrite::wrap {

struct Recipe {
  Method method{};
  WrappingAlgorithm algorithm{};
  // The mechanism that is to do RFC 5649 inside the token; none for kDirect and kNative.
  std::optional<pkcs11::KwpMechanism> kwp{};

  // "C_WrapKey CKM_AES_KEY_WRAP_KWP (0x210B) under an ephemeral AES-256, then ...": one line a
  // step.
  [[nodiscard]] std::vector<std::string> steps() const;
  friend bool operator==(const Recipe& a, const Recipe& b) {
    return a.method == b.method && a.algorithm == b.algorithm && a.kwp == b.kwp;
  }
};

// The recipes for an algorithm in the order of preference: native, composed under each KWP number,
// host-ephemeral under each; or the one direct recipe.
[[nodiscard]] std::vector<Recipe> recipes_for(WrappingAlgorithm algorithm);

enum class Outcome {
  kWorks,      // opened outside the token to exactly the throw-away key
  kRefused,    // the token answered with a CKR, or lacks what the test needs
  kLies,       // the token answered CKR_OK and the result is wrong
  kUndecided,  // the token gave no reason, twice: it may or may not do this
};
[[nodiscard]] std::string_view outcome_name(Outcome outcome);

// The detail of a test that was not run: a vendor's number means something else on another vendor's
// token.
inline constexpr std::string_view kVendorNotListed = "a vendor's number, not listed, not tried";

struct SelfTestResult {
  Recipe recipe{};
  KeyType tested_with{};  // type of the throw-away target
  unsigned wrapping_key_bits{};
  Outcome outcome{};
  std::string detail{};  // one clause for people
  std::optional<CkrAnswer> ckr{};
  std::string call{};  // that gave `ckr`: "C_EncryptInit (CKM_AES_ECB)"
  bool padded_pkcs8{
      false};  // PKCS#8 followed by zero bytes (SoftHSM 2.6.1), outcome is still kWorks
  [[nodiscard]] Json to_json() const;
};

// A recipe that passed its self-test on this token in this process. Only self_test makes one.
class ProvenRecipe {
 public:
  [[nodiscard]] const Recipe& recipe() const { return result_.recipe; }
  [[nodiscard]] const SelfTestResult& evidence() const { return result_; }

 private:
  friend class SelfTest;
  explicit ProvenRecipe(SelfTestResult result) : result_(std::move(result)) {}
  SelfTestResult result_;
};

}  // namespace keyrite::wrap
