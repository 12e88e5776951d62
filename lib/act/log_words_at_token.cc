// Words about tokens: apart from the others, so that tools for files alone are linked without
// PKCS#11.
#include "act/log_words.h"
#include "wrap/key_generation.h"
#include "wrap/protection.h"
#include "wrap/recipe.h"

namespace keyrite::act {

Words Words::of(KeyUsage usage) { return from(wrap::usage_name(usage)); }
Words Words::of(wrap::Outcome outcome) { return from(wrap::outcome_name(outcome)); }
Words Words::of(wrap::Enforcement enforcement) { return from(wrap::enforcement_name(enforcement)); }
Words Words::of(const pkcs11::Mechanism& mechanism) { return from(mechanism.name()); }
Words Words::of(const pkcs11::KwpMechanism& mechanism) { return from(mechanism.display()); }
Words Words::of(const pkcs11::AttrInfo& attribute) { return from(attribute.name); }

}  // namespace keyrite::act
