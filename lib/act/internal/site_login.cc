#include "act/internal/site_login.h"

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "act/log_key.h"
#include "base/bytes.h"

namespace keyrite::act {

Context saying_once(const Context& given) {
  Context context = given;
  context.note = [note = given.note, told = std::make_shared<std::set<std::string, std::less<>>>()](
                     std::string_view text) {
    if (told->emplace(text).second) note(text);
  };
  return context;
}

ActLog::Sign log_signer(TokenSession& token, const site::Site& site) {
  return [&token, key = site.log_key, id = from_hex(site.settings.log.key_id)](
             std::string_view text) { return sign_note(token, key, id, text); };
}

void sign_log_at(TokenSession& token, ActLog& log, const site::Site& site) {
  log.sign_with(log_signer(token, site));
}

}  // namespace keyrite::act
