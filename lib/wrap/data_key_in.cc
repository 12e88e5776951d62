#include "wrap/data_key_in.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/key_type.h"
#include "crypto/aes.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "crypto/rsa_oaep.h"
#include "pkcs11/ckr.h"
#include "wrap/key_generation.h"

namespace keyrite::wrap {

namespace {

constexpr KeyType kPair{.family = KeyFamily::kRsa, .size = 2048};
constexpr std::string_view kPutting = "putting a data key into the token";

bool is_aes_length(std::size_t bytes) { return bytes == 16 || bytes == 24 || bytes == 32; }

// Wiped like what it was made of.
crypto::SecretBytes digest_of(const crypto::SecretBytes& value) {
  Bytes plain = crypto::sha256(value.reveal());
  crypto::SecretBytes kept(plain);
  crypto::wipe(plain);
  return kept;
}

bool is_equal(Bytes found, ByteView expected) {
  const bool same = std::ranges::equal(found, expected);
  crypto::wipe(found);
  return same;
}

}  // namespace

WrappedKey DataKeyIn::wrap(const Kek& kek, const crypto::SecretBytes& value) {
  WrappedKey record;
  {
    const SessionObject key(session_, put(value));
    record = wrap_session_key(session_, proven_, kek, key.handle(), value.size());
  }
  require_same(kek, record, value);
  return record;
}

pkcs11::ObjectHandle DataKeyIn::put(const crypto::SecretBytes& value) {
  if (!takes_none_) {
    if (const auto key = created(value)) return *key;
    takes_none_ = true;
  }
  return sent(value);
}

std::optional<pkcs11::ObjectHandle> DataKeyIn::created(const crypto::SecretBytes& value) {
  try {
    return session_.create_secret(data_key_template(OpenedAs::kSecret, OpenedFor::kToken), value,
                                  kPutting);
  } catch (const Error& error) {
    if (!refuses_template(error) && !pkcs11::says_no(error)) throw;
    return std::nullopt;
  }
}

void DataKeyIn::prepare_pair() {
  if (private_half_) return;
  const auto made = make_key(session_, kPair, {.token = false, .usage = KeyUsage::kWrap},
                             "making a key pair that data keys are sent to");
  private_half_.emplace(session_, made.key);
  public_half_.emplace(session_, made.public_half.value());
  public_key_ = read_public_key(session_, *made.public_half, kPair);
}

// The hash that it opens is the one whose key comes out of the record (require_same).
pkcs11::ObjectHandle DataKeyIn::sent(const crypto::SecretBytes& value) {
  prepare_pair();
  std::optional<Error> last;
  for (const Hash hash : {Hash::kSha256, Hash::kSha1}) {
    if (hash_ && *hash_ != hash) continue;
    try {
      const auto key =
          session_.unwrap_key(pkcs11::Mechanism::rsa_oaep(hash), private_half_->handle(),
                              crypto::oaep_encrypt(*public_key_, hash, value.reveal()),
                              data_key_template(OpenedAs::kSecret, OpenedFor::kToken), kPutting);
      hash_ = hash;
      return key;
    } catch (const Error& error) {
      if (!error.ckr() || pkcs11::says_not_now(error)) throw;
      last = error;
    }
  }
  throw Error(Kind::kToken, "data-key-not-taken",
              fmt::format("the token takes no data key from outside: neither its value, nor "
                          "wrapped to a key pair of this session ({})",
                          last ? last->message() : std::string("no hash")),
              "make data keys in the token, with keyrite dek issue");
}

// A MAC would not see zeros that a token adds.
void DataKeyIn::require_same(const Kek& kek, const WrappedKey& record,
                             const crypto::SecretBytes& value) {
  const bool aes = is_aes_length(value.size());
  const SessionObject key(
      session_, unwrap_data_key(session_, proven_, kek, record,
                                aes ? OpenedAs::kAes : OpenedAs::kSecret, OpenedFor::kToken));
  constexpr std::string_view kComparing = "comparing a data key with what was given";
  bool same = false;
  if (aes) {
    const Bytes probe = crypto::random_bytes(crypto::kAesBlockBytes);
    same = session_.encrypt(pkcs11::Mechanism::aes_ecb(), key.handle(), probe, kComparing) ==
           crypto::aes_ecb_encrypt(value.reveal(), probe);
  } else {
    same = is_equal(session_.digest_key(pkcs11::Mechanism::digest(crypto::Digest::kSha256),
                                        key.handle(), kComparing),
                    digest_of(value).reveal());
  }
  if (same) return;
  throw Error(
      Kind::kToken, "data-key-differs",
      fmt::format("what the token wrapped under {} opens to another key than was given", kek.name),
      "nothing was written; do not use this token for data keys");
}

}  // namespace keyrite::wrap
