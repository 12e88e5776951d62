// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What is said when OpenSSL refuses a timestamp for a reason that no table of keyrite has.
#include "crypto/internal/timestamp_fault.h"

#include <doctest/doctest.h>
#include <openssl/err.h>
#include <openssl/tserr.h>

#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("A timestamp that OpenSSL refuses for an unknown reason is refused, with that reason") {
  ERR_clear_error();
  const auto silent = failure_of([] { crypto::refuse_unverified({}); });
  CHECK(silent.code == "timestamp-unverified");
  CHECK(silent.kind == Kind::kVerification);
  CHECK(silent.message.find("it gives no reason") != std::string::npos);
  ERR_raise(ERR_LIB_TS, TS_R_TIME_SYSCALL_ERROR);
  const auto told = failure_of([] { crypto::refuse_unverified({}); });
  CHECK(told.code == "timestamp-unverified");
  CHECK(told.message.find(ERR_reason_error_string(
            ERR_PACK(ERR_LIB_TS, 0, TS_R_TIME_SYSCALL_ERROR))) != std::string::npos);
  // Nothing of it is left for the next one.
  CHECK(ERR_peek_error() == 0);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
