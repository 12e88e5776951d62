// What must hold of all keys and certificates of a roster together. Pure, any thread.
#pragma once

#include <string_view>

#include "approval/roster.h"

namespace keyrite::approval {

// Of the approver added last against all: a key is one person's. Errors kConfig
// "roster-duplicate-key" (the same numbers under two people, as SSH key or in a certificate; an SSH
// key twice under one) and "roster-duplicate-certificate" (a signature would name both).
void require_own_keys(const Roster& roster, std::string_view origin);

// Every certificate of an approver chains to the roster's authorities, whatever the time. Error
// kConfig "roster-certificate-untrusted".
void require_trusted_certificates(const Roster& roster, std::string_view origin);

}  // namespace keyrite::approval
