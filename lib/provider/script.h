// What the person on the connected machine is given: import.sh with the exact commands, and
// README.txt. The script is POSIX sh (with mktemp and head -c, which every system has), holds
// nothing secret, and sends nothing before the SHA-256 of every file is right, the client is there
// and not too old, the folder of answers is the caller's alone, and the parameters have not
// expired. The digests stand one per line as sha256sum reads them, "SHA256  NAME" (two spaces,
// nothing else on the line), one for each payload and challenge file: bundle::verify holds them
// against the manifest. The manifest's core stands in it in capitals and groups of eight: the
// script shows it, and refuses a manifest.json of another one. Pure, any thread.
//
// ./import.sh [--print] [--old-client] [--answers DIR] [STEP...]. Without a step: import,
// set-primary where the cloud needs it, answers. Answers are saved beside the bundle, in
// FOLDER.answers, so that the bundle stays as it was checked. What the import answered is never
// overwritten, and refuses a second import. The questions are asked anew each time; what they gave
// before goes into a folder asked-TIME, answer-record.json says which key version the new answers
// are of, and answer-...-error.json keeps a refusal that says something about the key. --print only
// prints the commands. The client's output, error format, pager, prompts and region are set,
// whatever the environment says.
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
