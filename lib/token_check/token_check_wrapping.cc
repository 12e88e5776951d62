// token-check: what can be made, and how it can be wrapped.
#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.h"
#include "crypto/aes_kwp.h"
#include "crypto/random.h"
#include "crypto/throwaway_rsa.h"
#include "pkcs11/ckr.h"
#include "token_check/internal/token_probe.h"
#include "wrap/ephemeral_key.h"
#include "wrap/execute.h"
#include "wrap/key_generation.h"
#include "wrap/session_object.h"
#include "wrap/throwaway_target.h"

namespace keyrite::token_check {

namespace {

constexpr unsigned kWrappingKeyBits = 2048;
constexpr std::size_t kKekBytes = 32;
// An RSA key shows padding in 7 of 8 cases.
constexpr int kPaddingTries = 12;
const KeyType kP256{.family = KeyFamily::kEc, .size = 0, .curve = Curve::kP256};
const KeyType kRsa2048{.family = KeyFamily::kRsa, .size = 2048};

// A hash with which this token wraps AES keys by OAEP; SHA-1 where neither works, for its CKR.
Hash working_hash(TokenUnderTest& token) {
  for (const Hash hash : {Hash::kSha256, Hash::kSha1}) {
    const wrap::Recipe direct{.method = Method::kDirect, .algorithm = {Scheme::kRsaOaep, hash}};
    if (token.tests.run(direct, kAes256, kWrappingKeyBits).outcome == wrap::Outcome::kWorks)
      return hash;
  }
  return Hash::kSha1;
}

Finding try_composed(TokenUnderTest& token, const pkcs11::KwpMechanism& kwp,
                     const KeyType& target) {
  const wrap::Recipe composed{.method = Method::kComposed,
                              .algorithm = {Scheme::kRsaAesKeyWrap, working_hash(token)},
                              .kwp = kwp};
  return from(token.tests.run(composed, target, kWrappingKeyBits));
}

// An AES key that the host knows and that may wrap; nullopt where the token takes none.
std::optional<wrap::EphemeralKey> known_kek(pkcs11::Session& session,
                                            const crypto::SecretBytes& value) {
  try {
    return wrap::EphemeralKey::import(session, value);
  } catch (const Error& error) {
    if (!pkcs11::says_no(error)) throw;
    return std::nullopt;
  }
}

// Opened with the KEK's own value: what the token does for AES-KWP does not depend on its OAEP.
Finding judge_kwp(const wrap::ThrowawayTarget& target, ByteView kek, ByteView wrapped,
                  bool& decided) {
  decided = true;
  const auto opened = crypto::kwp_unwrap(kek, wrapped);
  if (!opened)
    return lies_as("not RFC 5649 under this key",
                   "CKR_OK, but " + crypto::why_not_kwp(kek, wrapped));
  const auto comparison = target.compare(*opened);
  decided = comparison.padding_decided;
  if (!comparison.same)
    return lies_as("another key than was wrapped", "CKR_OK, but " + comparison.detail);
  return works(comparison.padded_pkcs8 ? kOpenedPadded : kOpened);
}

bool is_listed(const pkcs11::Session& session, unsigned long number) {
  const auto listed = session.listed_mechanisms();
  return std::find(listed.begin(), listed.end(), number) != listed.end();
}

Finding try_kwp(TokenUnderTest& token, const pkcs11::KwpMechanism& kwp, const KeyType& target) {
  if (kwp.vendor && !is_listed(token.session, kwp.number))
    return not_tried("a vendor's number, not listed");
  const crypto::SecretBytes value = crypto::random_secret(kKekBytes);
  const auto kek = known_kek(token.session, value);
  // Then only a transport under OAEP shows the ephemeral key to the host.
  if (!kek) return try_composed(token, kwp, target);
  for (int i = 0; i < kPaddingTries; ++i) {
    const wrap::ThrowawayTarget throwaway(token.session, target);
    const Bytes wrapped =
        token.session.wrap_key(pkcs11::Mechanism::aes_key_wrap(kwp), kek->handle(),
                               throwaway.handle(), "wrapping a throw-away key under AES-KWP");
    bool decided = false;
    Finding finding = judge_kwp(throwaway, value.reveal(), wrapped, decided);
    if (decided) return finding;
  }
  return refused("whether the PKCS#8 is padded could not be decided");
}

// The first number under which RFC 5649 works for this type, or the last that was tried.
std::pair<Finding, const pkcs11::KwpMechanism*> first_kwp(TokenUnderTest& token,
                                                          const KeyType& target) {
  Finding last = refused("no AES-KWP mechanism works");
  for (const auto& kwp : pkcs11::kwp_candidates()) {
    const TokenCheckRow row = row_of("wrap", {}, [&] { return try_kwp(token, kwp, target); });
    if (!row.outcome) continue;
    const Finding finding{row.outcome, row.detail, row.ckr, row.how, row.call};
    if (row.outcome == wrap::Outcome::kWorks) return {finding, &kwp};
    if (last.outcome != wrap::Outcome::kLies) last = finding;
  }
  return {last, nullptr};
}

Probe wrap_probe(act::Words what, wrap::Recipe recipe, const KeyType& target) {
  return {"wrap", std::move(what), [=](TokenUnderTest& token) {
            return from(token.tests.run(recipe, target, kWrappingKeyBits));
          }};
}

Finding try_host_ephemeral(TokenUnderTest& token) {
  Finding last = refused("no AES-KWP mechanism works");
  for (const auto& kwp : pkcs11::kwp_candidates()) {
    if (kwp.vendor) continue;
    const wrap::Recipe recipe{.method = Method::kHostEphemeral,
                              .algorithm = {Scheme::kRsaAesKeyWrap, Hash::kSha256},
                              .kwp = kwp};
    last = from(token.tests.run(recipe, kAes256, kWrappingKeyBits));
    if (last.outcome == wrap::Outcome::kWorks) return last;
  }
  return last;
}

act::Words said_and_written(std::size_t said, std::size_t written) {
  return act::Words::number(said) + act::Words(" bytes said, ") + act::Words::number(written) +
         act::Words(" written");
}

// The length that C_WrapKey tells beforehand against what it then writes.
Finding try_length_query(TokenUnderTest& token) {
  const auto rsa = crypto::ThrowawayRsa::make(kWrappingKeyBits);
  const wrap::SessionObject wrapping_key(
      token.session, wrap::import_wrapping_key(token.session, rsa.public_key()));
  const wrap::ThrowawayTarget target(token.session, kAes256);
  const auto oaep = pkcs11::Mechanism::rsa_oaep(working_hash(token));
  const std::string what = "asking for the length of a wrapped key";
  const auto said =
      token.session.wrap_key_length(oaep, wrapping_key.handle(), target.handle(), what);
  const auto is = token.session.wrap_key(oaep, wrapping_key.handle(), target.handle(), what).size();
  const act::Words written = said_and_written(said, is);
  if (said == is)
    return works(act::Words::number(is) + act::Words(" bytes said and written (RSA-OAEP)"));
  if (said > is) return works(written + act::Words(": more than enough"));
  return lies(written + act::Words(": too little"));
}

Finding try_kwp_length_query(TokenUnderTest& token) {
  const auto [finding, kwp] = first_kwp(token, kAes256);
  if (kwp == nullptr) return refused("no AES-KWP mechanism works");
  const auto templates = wrap::key_templates(kAes256, {.token = false, .usage = KeyUsage::kWrap},
                                             wrap::Detail::kShort);
  const wrap::SessionObject kek(
      token.session, token.session.generate_key(wrap::generation_mechanism(kAes256), templates.key,
                                                "making a throw-away key"));
  const wrap::ThrowawayTarget target(token.session, kAes256);
  const auto mechanism = pkcs11::Mechanism::aes_key_wrap(*kwp);
  const std::string what = "asking for the length of a wrapped key";
  const auto said = token.session.wrap_key_length(mechanism, kek.handle(), target.handle(), what);
  const auto is = token.session.wrap_key(mechanism, kek.handle(), target.handle(), what).size();
  const act::Words with = act::Words(" (") + act::Words::of(*kwp) + act::Words(")");
  const act::Words written = said_and_written(said, is);
  return said >= is ? works(written + with) : lies(written + act::Words(": too little") + with);
}

Finding try_clean_pkcs8(TokenUnderTest& token, const KeyType& target) {
  auto [finding, kwp] = first_kwp(token, target);
  if (kwp == nullptr) return finding;
  return finding.how == kOpenedPadded.text() ? lies(finding.how)
                                             : works("nothing follows the PKCS#8");
}

}  // namespace

std::vector<Probe> generation_probes() {
  std::vector<Probe> probes;
  for (const auto& type : all_key_types()) {
    probes.push_back({"make", act::Words::of(type), [type](TokenUnderTest& token) {
                        const wrap::ThrowawayTarget key(token.session, type);
                        return works(act::Words::of(wrap::generation_mechanism(type)));
                      }});
  }
  return probes;
}

std::vector<Probe> wrapping_probes() {
  std::vector<Probe> probes;
  for (const Hash hash : {Hash::kSha1, Hash::kSha256}) {
    const wrap::Recipe direct{.method = Method::kDirect, .algorithm = {Scheme::kRsaOaep, hash}};
    const wrap::Recipe native{.method = Method::kNative,
                              .algorithm = {Scheme::kRsaAesKeyWrap, hash}};
    probes.push_back(wrap_probe(
        act::Words("OAEP ") + act::Words::of(hash) + act::Words(", secret key"), direct, kAes256));
    probes.push_back(
        wrap_probe(act::Words("OAEP ") + act::Words::of(hash) + act::Words(", EC private key"),
                   direct, kP256));
    probes.push_back(
        wrap_probe(act::Words("RSA-AES ") + act::Words::of(hash) + act::Words(", secret key"),
                   native, kAes256));
    probes.push_back(
        wrap_probe(act::Words("RSA-AES ") + act::Words::of(hash) + act::Words(", EC private key"),
                   native, kP256));
    probes.push_back(
        wrap_probe(act::Words("RSA-AES ") + act::Words::of(hash) + act::Words(", RSA private key"),
                   native, kRsa2048));
  }
  probes.push_back({"wrap", act::Words("OAEP, RSA private key"), [](TokenUnderTest& /*token*/) {
                      return not_tried(
                          "impossible: the PKCS#8 of rsa-2048 has about 1,200 bytes, OAEP under "
                          "rsa-4096 takes at most 470");
                    }});
  for (const auto& kwp : pkcs11::kwp_candidates()) {
    for (const auto& [target, name] : {std::pair{kAes256, act::Literal("secret key")},
                                       {kP256, act::Literal("EC private key")}}) {
      probes.push_back(
          {"wrap",
           act::Words("RFC 5649 by ") + act::Words::hex_number(kwp.number) + act::Words(", ") +
               act::Words(name),
           [kwp, target = target](TokenUnderTest& token) { return try_kwp(token, kwp, target); }});
    }
  }
  probes.push_back({"wrap", act::Words("transport key from the host"), try_host_ephemeral});
  for (const auto& target : {kP256, kRsa2048}) {
    probes.push_back({"wrap", act::Words("clean PKCS#8, ") + act::Words::of(target),
                      [target](TokenUnderTest& token) { return try_clean_pkcs8(token, target); }});
  }
  probes.push_back({"wrap", act::Words("length query, OAEP"), try_length_query});
  probes.push_back({"wrap", act::Words("length query, AES-KWP"), try_kwp_length_query});
  return probes;
}

}  // namespace keyrite::token_check
