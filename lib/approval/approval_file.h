// One approver's file, in the one form that keyrite judges, counts and keeps: an SSH signature in
// the lines that ssh-keygen writes, a CMS signature in DER; and where they are. Any thread.
#pragma once

#include <string>
#include <vector>

#include "approval/quorum.h"
#include "base/bytes.h"

namespace keyrite::approval {

// Reads what ssh-keygen -Y verify and openssl cms -verify read: SSH armour in lines of any length,
// with CR LF or white space around it; CMS in DER, BER, PEM or S/MIME. What is none of these is
// given back as it is, and judge_quorum says why it does not count. Error kInternal "openssl" when
// OpenSSL cannot work.
[[nodiscard]] ApprovalFile approval_file(std::string name, ByteView content);

// The files of approvals that were given. In the place of a folder, such as that of a statement,
// its files in the order of their names, but for the statement and what belongs to it (*.json),
// hidden files and folders. Errors: kUsage "approvals-none-in-folder"; kConfig "path-unreadable",
// "file-unreadable".
[[nodiscard]] std::vector<std::string> approval_paths(const std::vector<std::string>& given);

}  // namespace keyrite::approval
