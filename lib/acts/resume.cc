#include "acts/resume.h"

#include "acts/internal/act_log.h"
#include "acts/internal/unfinished_acts.h"
#include "acts/log_key.h"
#include "acts/token_session.h"
#include "base/error.h"

namespace keyrite::acts {

const std::vector<Field<ResumeRequest>>& ResumeRequest::table() {
  static const std::vector<Field<ResumeRequest>> fields{};
  return fields;
}

Json resume(const ResumeRequest& /*request*/, const Context& context) {
  if (!context.site) {
    throw Error(Kind::kUsage, "site-missing", "there is no site whose log could be looked at",
                "give --site, or set KEYRITE_SITE");
  }
  const site::Site& site = context.site->site;
  ActLog log(context, "resume");
  TokenSession token(context.token, pkcs11::Access::kReadOnly);
  log.at_token(token.info(), token.module());
  log.sign_with([&](std::string_view text) {
    return sign_note(token.session(), site.log_key, from_hex(site.settings.log.key_id), text);
  });
  Json settled = settle_unfinished(log, token, context);
  log.sign();
  const auto head = log.writer().signed_head();
  token.close();
  return {{"settled", settled}, {"signed_entries", head.size}, {"root", to_hex(head.root)}};
}

}  // namespace keyrite::acts
