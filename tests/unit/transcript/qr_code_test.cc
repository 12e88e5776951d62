// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "transcript/qr_code.h"

#include <doctest/doctest.h>

#include <string>

#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using transcript::QrCode;

TEST_CASE("A text that is too long for a QR code has none, and an empty one is a defect") {
  CHECK(QrCode::of("a").has_value());
  CHECK_FALSE(QrCode::of(std::string(426, 'a')).has_value());
  CHECK_FALSE(QrCode::of(std::string(4000, 'a')).has_value());
  const auto failure = failure_of([] { (void)QrCode::of(""); });
  CHECK(failure.code == "qr-code");
  CHECK(failure.kind == Kind::kInternal);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
