#include "wrap/data_key_out.h"

#include "base/error.h"
#include "pkcs11/ckr.h"
#include "wrap/execute.h"
#include "wrap/key_generation.h"

namespace keyrite::wrap {

crypto::SecretBytes DataKeyOut::open(const Kek& kek, const WrappedKey& record) {
  if (!keeps_) {
    if (auto value = read(kek, record)) return *std::move(value);
    keeps_ = true;
  }
  return wrapped_here(kek, record);
}

// nullopt: the token makes no key that can be read, or does not let this one be read.
std::optional<crypto::SecretBytes> DataKeyOut::read(const Kek& kek, const WrappedKey& record) {
  try {
    const SessionObject key(session_, unwrap_data_key(session_, proven_, kek, record,
                                                      OpenedAs::kSecret, OpenedFor::kCaller));
    return session_.read_data_key(key.handle());
  } catch (const Error& error) {
    if (!refuses_template(error)) throw;
    return std::nullopt;
  }
}

void DataKeyOut::prepare_recipient() {
  if (wrapping_key_) return;
  recipient_.emplace(crypto::RecipientKey::make());
  wrapping_key_.emplace(session_, import_wrapping_key(session_, recipient_->public_key()));
}

crypto::SecretBytes DataKeyOut::wrapped_here(const Kek& kek, const WrappedKey& record) {
  prepare_recipient();
  const SessionObject key(session_, unwrap_data_key(session_, proven_, kek, record,
                                                    OpenedAs::kSecret, OpenedFor::kToken));
  for (const Hash hash : {Hash::kSha256, Hash::kSha1}) {
    try {
      const Bytes blob =
          session_.wrap_key(pkcs11::Mechanism::rsa_oaep(hash), wrapping_key_->handle(),
                            key.handle(), "wrapping a data key to this process");
      if (auto value = recipient_->open(hash, blob)) return *std::move(value);
    } catch (const Error& error) {
      if (!pkcs11::says_no(error)) throw;
    }
  }
  throw Error(Kind::kToken, "data-key-kept",
              "the token gives out no data key: neither its value, nor wrapped to a key of this "
              "process",
              "unwrap it with another token, or let the service use the token itself");
}

}  // namespace keyrite::wrap
