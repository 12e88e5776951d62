#include "act/entry_head.h"

#include <map>
#include <mutex>
#include <string>

#include "base/text.h"
#include "crypto/digest.h"

namespace keyrite::act {

namespace {

// Read once: nothing can write the file of a program that runs, and what replaces it is not what
// runs. A ceremony and a rotation write many intents.
std::string sha256_of_program(const std::string& path) {
  static std::mutex mutex;
  static std::map<std::string, std::string> known;
  const std::scoped_lock lock(mutex);
  auto& sha256 = known[path];
  if (sha256.empty()) sha256 = crypto::sha256_file_hex(path);
  return sha256;
}

}  // namespace

const std::vector<HeadField>& head_fields() {
  static const std::vector<HeadField> fields{
      {"operator",
       "who runs the act, as the roster names this person: `--operator`, else the user's name on "
       "the machine; a user whom the roster does not know is `login NAME`"},
      {"token.label", "CK_TOKEN_INFO of the token"},
      {"token.manufacturer", "the same"},
      {"token.model", "the same"},
      {"token.serial", "the same"},
      {"token.firmware", "the same"},
      {"module.path", "the file that was loaded as PKCS#11 module"},
      {"module.sha256", "SHA-256 of that file, from before its code ran"},
      {"tool.version", "of keyrite"},
      {"tool.sha256", "SHA-256 of the program that ran"},
  };
  return fields;
}

Json operator_head(const Context& context) { return printable(context.operator_name); }

Json token_head(const pkcs11::TokenInfo& token) {
  return {{"label", printable(token.label)},
          {"manufacturer", printable(token.manufacturer)},
          {"model", printable(token.model)},
          {"serial", printable(token.serial)},
          {"firmware", printable(token.firmware_version)}};
}

Json module_head(const pkcs11::ModuleInfo& module) {
  Json head{{"path", printable(module.path)}};
  if (!module.path.empty()) head["sha256"] = module.sha256;
  return head;
}

Json tool_head(const Context& context) {
  return {{"version", context.tool_version}, {"sha256", sha256_of_program(context.program)}};
}

}  // namespace keyrite::act
