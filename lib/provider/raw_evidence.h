// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// A file of evidence that is not JSON: a public key as PEM or DER, a raw answer, or a text that
// somebody saved instead. Pure, any thread. Internal to provider.
#pragma once

#include "base/bytes.h"
#include "provider/answer_record.h"
#include "provider/evidence.h"
#include "provider/expected.h"

namespace keyrite::provider {

// Whether it is to be read as JSON. A raw answer is random bytes, which may begin like it.
[[nodiscard]] bool looks_like_json(const Bytes& content);

// `origins`: by what import.sh recorded, which key version a file that names none is of.
[[nodiscard]] Finding judge_raw(const Expected& expected, const InputFile& file,
                                const Origins& origins);

}  // namespace keyrite::provider
