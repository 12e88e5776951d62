#include "keys/check_value_attribute.h"

#include "crypto/check_value.h"
#include "wrap/key_generation.h"
#include "wrap/session_object.h"

namespace keyrite::keys {

CheckValueAttribute check_value_attribute(pkcs11::Session& session, const KeyType& type) {
  const wrap::SessionObject key(session, session.generate_key(wrap::generation_mechanism(type),
                                                              wrap::throwaway_templates(type).key,
                                                              "making a throw-away key"));
  const auto value = session.read_bytes(key.handle(), pkcs11::Attr::kCheckValue);
  if (!value || value->empty()) return CheckValueAttribute::kAbsent;
  const auto computed = crypto::aes_ecb_zero([&](ByteView block) {
    return session.encrypt(pkcs11::Mechanism::aes_ecb(), key.handle(), block,
                           "computing a check value");
  });
  return to_hex(*value) == computed.value ? CheckValueAttribute::kRight
                                          : CheckValueAttribute::kWrong;
}

}  // namespace keyrite::keys
