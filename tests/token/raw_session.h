// A Cryptoki session of the test's own beside keyrite's: for what keyrite cannot do, and so that a
// test does not look with the eyes of what it tests. The login is the process's. One thread.
#pragma once

#include <p11-kit/pkcs11.h>

#include <string>

#include "act/token_session.h"
#include "base/bytes.h"

namespace keyrite::test {

class RawSession {
 public:
  // Beside `open`, whose module has the table `functions`.
  RawSession(CK_FUNCTION_LIST* functions, act::TokenSession& open);
  ~RawSession();
  RawSession(const RawSession&) = delete;
  RawSession& operator=(const RawSession&) = delete;

  // The object with this label and class; fails the running test case when there is not exactly
  // one.
  [[nodiscard]] CK_OBJECT_HANDLE find(const std::string& label, CK_OBJECT_CLASS object_class) const;
  [[nodiscard]] CK_RV set_true(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE attribute) const;
  [[nodiscard]] CK_RV rename(CK_OBJECT_HANDLE object, std::string label) const;
  [[nodiscard]] bool is_true(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE attribute) const;
  // The 32 bytes of ECDH (CKM_ECDH1_DERIVE, no KDF) with the uncompressed point of somebody else.
  [[nodiscard]] Bytes derive(CK_OBJECT_HANDLE key, Bytes point) const;

 private:
  CK_FUNCTION_LIST* functions_;
  CK_SESSION_HANDLE session_{};
};

}  // namespace keyrite::test
