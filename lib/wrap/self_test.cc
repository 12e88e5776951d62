#include "wrap/self_test.h"

#include <algorithm>
#include <array>
#include <list>
#include <optional>

#include <fmt/format.h>

#include "crypto/aes_kwp.h"
#include "pkcs11/question.h"
#include "wrap/execute.h"
#include "wrap/internal/run.h"
#include "wrap/session_object.h"
#include "wrap/throwaway_target.h"

namespace keyrite::wrap {

namespace {

// An RSA throw-away key shows padding in 7 of 8 cases; after this many undecided ones something
// else is wrong.
constexpr int kPaddingTries = 12;
constexpr unsigned kThrowawayRsaTargetBits = 2048;

KeyType stand_in_for(const KeyType& target) {
  if (target.family == KeyFamily::kRsa)
    return {.family = KeyFamily::kRsa, .size = kThrowawayRsaTargetBits};
  return target;
}

struct Opened {
  std::optional<Bytes> content{};
  std::string detail{};  // why it did not open as asked
};

// Which hashes does this OAEP block open with, when not with those that were asked for?
std::string diagnose_oaep(const crypto::ThrowawayRsa& rsa, Hash asked, ByteView block) {
  constexpr std::array kHashes{Hash::kSha1, Hash::kSha256};
  for (const Hash hash : kHashes) {
    for (const Hash mgf : kHashes) {
      if (hash == asked && mgf == asked) continue;
      if (rsa.oaep_decrypt(hash, mgf, block)) {
        return fmt::format("OAEP {} with MGF1 {} was written when {} was asked", hash_name(hash),
                           hash_name(mgf), hash_name(asked));
      }
    }
  }
  return fmt::format("the OAEP part does not open with {}", hash_name(asked));
}

Opened open_oaep(const crypto::ThrowawayRsa& rsa, Hash hash, ByteView block) {
  if (auto content = rsa.oaep_decrypt(hash, hash, block)) return {.content = std::move(content)};
  return {.detail = diagnose_oaep(rsa, hash, block)};
}

Opened open_kwp(ByteView ephemeral, ByteView wrapped) {
  if (auto content = crypto::kwp_unwrap(ephemeral, wrapped)) return {.content = std::move(content)};
  return {.detail = crypto::why_not_kwp(ephemeral, wrapped)};
}

// Opens a blob as the cloud would.
Opened open_blob(const Recipe& recipe, const crypto::ThrowawayRsa& rsa, ByteView blob) {
  const std::size_t modulus = rsa.public_key().rsa_bits() / 8;
  const Hash hash = recipe.algorithm.hash;
  if (recipe.algorithm.scheme == Scheme::kRsaOaep) return open_oaep(rsa, hash, blob);
  if (blob.size() <= modulus) return {.detail = fmt::format("only {} bytes came out", blob.size())};
  Opened ephemeral = open_oaep(rsa, hash, blob.first(modulus));
  if (!ephemeral.content) return ephemeral;
  if (ephemeral.content->size() != 32) {
    return {.detail =
                fmt::format("the ephemeral key has {} bytes, not 32", ephemeral.content->size())};
  }
  return open_kwp(*ephemeral.content, blob.subspan(modulus));
}

// "whether this token wraps aes-256 for rsa-oaep-sha256 by direct".
std::string question_of(const SelfTestResult& result) {
  const auto& recipe = result.recipe;
  return fmt::format("whether this token wraps {} for {} by {}{}", result.tested_with.name(),
                     recipe.algorithm.name(), method_name(recipe.method),
                     recipe.kwp ? " under " + recipe.kwp->display() : "");
}

SelfTestResult answered(SelfTestResult result, Outcome outcome, const Error& error) {
  result.outcome = outcome;
  result.ckr = error.ckr();
  result.call = pkcs11::call_of(error);
  result.detail = error.message();
  return result;
}

}  // namespace

struct SelfTestMemory::Findings {
  const crypto::ThrowawayRsa& rsa(unsigned bits) {
    auto [entry, fresh] = keys.try_emplace(bits);
    if (fresh) entry->second.emplace(crypto::ThrowawayRsa::make(bits));
    return *entry->second;
  }

  // A vendor's mechanism number on a token that does not list it.
  bool is_foreign(const Recipe& recipe, const pkcs11::Session& session) {
    if (!recipe.kwp || !recipe.kwp->vendor) return false;
    if (!listed) listed = session.listed_mechanisms();
    return std::find(listed->begin(), listed->end(), recipe.kwp->number) == listed->end();
  }

  std::map<unsigned, std::optional<crypto::ThrowawayRsa>> keys{};
  std::optional<std::vector<unsigned long>> listed{};
  std::list<SelfTestResult> results{};  // a list: references handed out stay valid
};

SelfTestMemory::SelfTestMemory() = default;
SelfTestMemory::~SelfTestMemory() = default;

std::shared_ptr<SelfTestMemory::Findings> SelfTestMemory::of(const pkcs11::Session& session) {
  const auto& module = session.token().module_info();
  const auto& token = session.token().info();
  auto& findings = by_token_[fmt::format("{}\n{}\n{}\n{}\n{}", module.path, module.description,
                                         module.version, token.uri(), token.firmware_version)];
  if (findings == nullptr) findings = std::make_shared<Findings>();
  return findings;
}

struct SelfTest::State {
  // One wrap and its opening. True when the padding question is settled.
  bool attempt(SelfTestResult& result) {
    const auto& throwaway = known->rsa(result.wrapping_key_bits);
    const SessionObject imported(session, import_wrapping_key(session, throwaway.public_key()));
    const ThrowawayTarget target(session, result.tested_with);
    const Bytes blob =
        internal::run(session, result.recipe, {imported.handle(), &throwaway.public_key()},
                      {target.handle(), result.tested_with, "a throw-away key"})
            .blob;
    Opened opened = open_blob(result.recipe, throwaway, blob);
    result.outcome = Outcome::kLies;
    if (!opened.content) {
      result.detail = "CKR_OK, but " + opened.detail;
      return true;
    }
    const Comparison comparison = target.compare(*opened.content);
    if (!comparison.same) {
      result.detail = "CKR_OK, but " + comparison.detail;
      return true;
    }
    result.outcome = Outcome::kWorks;
    result.padded_pkcs8 = comparison.padded_pkcs8;
    result.detail = comparison.padded_pkcs8 ? "opened outside; zero bytes follow the PKCS#8"
                                            : "opened outside to the same key";
    return comparison.padding_decided;
  }

  // The whole probe, from a fresh throw-away key on.
  SelfTestResult probe(SelfTestResult result) {
    result.outcome = Outcome::kRefused;
    if (known->is_foreign(result.recipe, session)) {
      result.detail = kVendorNotListed;
      return result;
    }
    for (int i = 0; i < kPaddingTries; ++i) {
      if (attempt(result)) return result;
    }
    result.outcome = Outcome::kRefused;
    result.detail = "whether the PKCS#8 is padded could not be decided";
    return result;
  }

  SelfTestResult test(const Recipe& recipe, const KeyType& stand_in, unsigned bits) {
    SelfTestResult result{.recipe = recipe, .tested_with = stand_in, .wrapping_key_bits = bits};
    try {
      return pkcs11::find_out(
          question_of(result), [&] { return probe(result); },
          [&](const Error& no) { return answered(result, Outcome::kRefused, no); },
          [&](const Error& first, const Error& /*again*/) {
            return answered(result, Outcome::kUndecided, first);
          });
    } catch (const Error& error) {
      // Without an answer of the token the call went well and what came out was wrong.
      if (error.kind() == Kind::kInternal || error.ckr()) throw;
      result.outcome = Outcome::kLies;
      result.detail = "CKR_OK, but " + error.message();
    }
    return result;
  }

  pkcs11::Session& session;
  std::shared_ptr<SelfTestMemory::Findings> known;
  std::list<SelfTestResult> undecided{};
};

SelfTest::SelfTest(pkcs11::Session& session)
    : state_(
          std::make_unique<State>(State{session, std::make_shared<SelfTestMemory::Findings>()})) {}
SelfTest::SelfTest(pkcs11::Session& session, SelfTestMemory& memory)
    : state_(std::make_unique<State>(State{session, memory.of(session)})) {}
SelfTest::~SelfTest() = default;

const SelfTestResult& SelfTest::run(const Recipe& recipe, const KeyType& target,
                                    unsigned wrapping_key_bits) {
  const KeyType stand_in = stand_in_for(target);
  auto& results = state_->known->results;
  const auto known = std::find_if(results.begin(), results.end(), [&](const SelfTestResult& r) {
    return r.recipe == recipe && r.tested_with == stand_in &&
           r.wrapping_key_bits == wrapping_key_bits;
  });
  if (known != results.end()) return *known;
  auto result = state_->test(recipe, stand_in, wrapping_key_bits);
  // What was not answered is asked again by the next act.
  if (result.outcome == Outcome::kUndecided)
    return state_->undecided.emplace_back(std::move(result));
  return results.emplace_back(std::move(result));
}

std::optional<ProvenRecipe> SelfTest::prove(const Recipe& recipe, const KeyType& target,
                                            unsigned wrapping_key_bits) {
  const SelfTestResult& result = run(recipe, target, wrapping_key_bits);
  if (result.outcome != Outcome::kWorks) return std::nullopt;
  return ProvenRecipe(result);
}

}  // namespace keyrite::wrap
