// What CycloneDX calls the algorithm of a key. Pure, any thread.
#pragma once

#include <string>

#include "base/json.h"
#include "base/key_type.h"
#include "registry/model.h"

namespace keyrite::inventory {

// "algorithm/aes-256/wrap": one component for each type and usage.
[[nodiscard]] std::string algorithm_ref(const KeyType& type, registry::Usage usage);
// algorithmProperties of CycloneDX 1.6: primitive, parameterSetIdentifier or curve,
// cryptoFunctions.
[[nodiscard]] Json algorithm_component(const KeyType& type, registry::Usage usage);
// Bits of the key: of the modulus for RSA, of the field for a curve.
[[nodiscard]] unsigned key_bits(const KeyType& type);

}  // namespace keyrite::inventory
