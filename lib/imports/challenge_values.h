// Computes in the token what the cloud will be asked after the import. Whatever mode the cloud
// uses, the token computes only single blocks or a CBC run, so a token with plain AES is enough. A
// key that may only wrap answers the challenge to wrap, by C_WrapKey of it as a session key.
// One session, one thread.
#pragma once

#include <vector>

#include "keys/target_key.h"
#include "pkcs11/session.h"
#include "provider/challenge.h"

namespace keyrite::imports {

// One entry for each spec. What the token refuses has an empty value and the reason. The key must
// allow CKA_ENCRYPT (AES) or CKA_SIGN (generic secret) for its challenges to be computed; those of
// key pairs need only the public half. Error "not-found-out" of pkcs11::find_out for anything but a
// no: a bundle without the answer could never be proven.
[[nodiscard]] std::vector<provider::ComputedChallenge> compute_challenges(
    pkcs11::Session& session, const keys::TargetKey& key,
    const std::vector<provider::ChallengeSpec>& specs);

}  // namespace keyrite::imports
