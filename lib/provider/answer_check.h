// The comparisons that the judges of all three clouds share: an answer against its digest, a public
// key against the bundle's, a signature over the challenge, a cloud key's name against the one in
// the bundle. Each gives one Finding. Pure, any thread. Internal to provider.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "crypto/public_key.h"
#include "provider/evidence.h"
#include "provider/expected.h"
#include "provider/file_form.h"

namespace keyrite::provider {

// A JSON answer on its way to a judge.
struct JsonEvidence {
  std::string file{};
  Json document{};
  std::string recorded{};  // which key version it is of, by the record of import.sh; empty: none
  [[nodiscard]] JsonView view() const { return JsonView(document, file); }
};

// One file under judgement; `what` is the form it was recognised as.
struct Subject {
  const Expected* expected{};  // outlives the subject
  std::string file{};
  std::string what{};
  std::string named{};  // the cloud key, or its version, that the evidence names; empty: none

  [[nodiscard]] Finding equal(Basis basis, std::string reason) const;
  // As it must be, and no proof: whoever has the bundle could have written it.
  [[nodiscard]] Finding consistent(std::string reason) const;
  [[nodiscard]] Finding different(Basis basis, std::string reason) const;
  [[nodiscard]] Finding not_proof(std::string reason) const;
  [[nodiscard]] Finding contradicts(std::string reason) const;
  [[nodiscard]] Finding unreadable(std::string reason) const;
  [[nodiscard]] Finding unreadable(const Error& error) const;
  [[nodiscard]] Finding unreadable(const ForeignForm& form) const;
  // MACs, ciphertexts and signatures are random bytes, so words are none of another key either.
  [[nodiscard]] Finding only_text() const;
  // What shows use of a key, and of which one as far as the evidence says it.
  [[nodiscard]] std::string with_name(std::string text) const;
};

// An answer's bytes and what the cloud says about them; empty texts: it says nothing.
struct Answer {
  Bytes bytes{};
  std::string algorithm{};  // the cloud's word
  std::string iv{};         // lower-case hex
};

// Against the answers of expected.json. Only those of the same algorithm (when it is said) and with
// an id for which `considered` holds.
using ConsideredId = std::function<bool(std::string_view id)>;
[[nodiscard]] Finding check_answer(const Subject& subject, const Answer& answer,
                                   const ConsideredId& considered);
// All ids; those whose answer the cloud decrypts ("...-decrypt"); that of a key agreement; all
// others.
[[nodiscard]] bool any_id(std::string_view id);
[[nodiscard]] bool is_decryption(std::string_view id);
[[nodiscard]] bool is_agreement(std::string_view id);
[[nodiscard]] bool is_no_decryption(std::string_view id);

// Never equal: the public key is in the bundle, and in the file that generate-kek writes.
[[nodiscard]] Finding check_public_key(const Subject& subject, const crypto::PublicKey& key);
// `algorithm` empty: tried against each that is expected. ECDSA in DER or as r || s.
[[nodiscard]] Finding check_signature(const Subject& subject, ByteView signature,
                                      const std::string& algorithm);
// Bytes without any word about what they are: a raw file, a REST "value".
[[nodiscard]] Finding check_raw(const Subject& subject, const Bytes& bytes);

// Where an answer's own words do not fit what its bytes say; only a finding that is equal or
// consistent becomes one that contradicts.
[[nodiscard]] Finding unless_right(const Subject& subject, const Finding& finding,
                                   std::string reason);

// The finding for an answer that speaks of another cloud key than the bundle was made for.
[[nodiscard]] Finding other_key(const Subject& subject, std::string_view named);

}  // namespace keyrite::provider
