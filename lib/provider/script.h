// The files for the person on the connected machine: import.sh with the exact commands, and
// README.txt. The script is POSIX sh (with mktemp and head -c, which every system has), contains
// nothing secret, and sends nothing before the SHA-256 of every file is right, the client is there
// and not too old, the folder of answers is the caller's alone, and the parameters have not
// expired. The digests are one per line as sha256sum reads them, "SHA256  NAME" (two spaces,
// nothing else on the line), one for each payload and challenge file: bundle::verify compares them
// with the manifest. The script has the manifest's core in capitals and groups of eight: it shows
// the core, and refuses a manifest.json with another one. Pure, any thread.
//
// ./import.sh [--print] [--old-client] [--answers DIR] [STEP...]. Without a step: import,
// set-primary if the cloud needs it, answers. The script saves answers beside the bundle, in
// FOLDER.answers, so that the bundle stays as it was checked. It never overwrites the answer to the
// import, and refuses a second import if there is one. It asks the questions anew each time:
// earlier answers go into a folder asked-TIME, answer-record.json has the key version of the new
// answers, and answer-...-error.json keeps a refusal that says something about the key. --print
// only prints the commands. The script sets the client's output, error format, pager, prompts and
// region, whatever the environment says.
#pragma once

#include <string>
#include <vector>

#include "base/file.h"
#include "provider/challenge.h"
#include "provider/destination.h"
#include "provider/expected.h"

namespace keyrite::provider {

struct ScriptInput {
  Purpose purpose{Purpose::kImport};
  std::vector<FolderFile> files{};     // payload and challenges: hashed in the script
  std::vector<ChallengeSpec> asked{};  // ChallengeSet::asked
  std::string origin{};                // where the key came from, for people; empty: not said
  std::string core_sha256{};           // of the manifest that this script goes with
};

// Errors kUsage: "text-has-nul"; "reimport-not-for-key-type" (Purpose::kVerification of anything
// but AWS SYMMETRIC_DEFAULT).
[[nodiscard]] std::string import_script(const Destination& destination, const ScriptInput& input);

[[nodiscard]] std::string readme(const Destination& destination, const ScriptInput& input);

// The commands that come before: create the key (AWS) or the wrapping key (Azure), key ring and
// import job (Google), and save the import parameters. One line each, shell-quoted.
[[nodiscard]] std::vector<std::string> preparation(const Destination& destination);

}  // namespace keyrite::provider
