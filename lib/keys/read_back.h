// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What a token stored of a key, read back and compared with what it was asked for. Used for new
// keys by generate-kek and for target keys by wrap-for-import. One session, one thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "act/log_facts.h"
#include "base/key_type.h"
#include "pkcs11/session.h"
#include "pkcs11/template.h"

namespace keyrite::keys {

using NamedValues = std::vector<std::pair<std::string, std::string>>;

// Reads every attribute of `wanted` from the object, and the origin attributes (CKA_LOCAL,
// CKA_NEVER_EXTRACTABLE, CKA_ALWAYS_SENSITIVE, CKA_KEY_GEN_MECHANISM), CKA_MODIFIABLE, and every
// usage of its class. Error kToken "attribute-differs" when one has another value than asked for
// (CKA_MODIFIABLE is only told), when CKA_SENSITIVE, CKA_EXTRACTABLE, CKA_PRIVATE or CKA_TOKEN
// cannot be read, or when the key may wrap and decrypt, or unwrap and encrypt. Others that the
// token does not tell are listed as "not readable".
[[nodiscard]] NamedValues read_back(const pkcs11::Session& session, pkcs11::ObjectHandle handle,
                                    const pkcs11::Template& wanted);

// The same attributes of a key object as they are: nothing is demanded, and what the token does not
// tell is left out.
[[nodiscard]] NamedValues read_as_it_is(const pkcs11::Session& session,
                                        pkcs11::ObjectHandle handle);

// CKA_KEY_GEN_MECHANISM for people: "CKM_AES_KEY_GEN (0x1080)"; the number alone where it is not
// the one that generates keys of `type`; "none" for CK_UNAVAILABLE_INFORMATION.
[[nodiscard]] std::string generation_mechanism_text(unsigned long number, const KeyType& type);

// What was read of attributes, for the log: flags, numbers, ids, classes and types. Never a text.
[[nodiscard]] act::LogFacts facts_of(const NamedValues& attributes);

}  // namespace keyrite::keys
