// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "shredding/requests.h"

#include "act/option_words.h"
#include "act/tenant_key.h"
#include "base/clock.h"
#include "base/error.h"

namespace keyrite::shredding {

void require_sense(const ShredRequest& request) {
  act::require_name(request.reason, "the reason");
  act::require_names(request.request_ref, "the reference of the request");
  if (request.requested_at) (void)parse_rfc3339(*request.requested_at, "--requested-at");
  const bool folder = request.output || request.answers;
  if ((!request.version || request.key) && !(request.unfreeze && folder)) return;
  throw Error(Kind::kUsage, "shred-what",
              request.unfreeze ? "--unfreeze shreds nothing, so no cloud has anything to delete"
                               : "--key-version says which version, and no key is named",
              "give --tenant, --tenant with --key, or both with --key-version");
}

ShredRequest without_folders(ShredRequest request) {
  request.output.reset();
  request.answers.reset();
  return request;
}

const std::vector<act::Field<ShredRequest>>& ShredRequest::table() {
  using R = ShredRequest;
  using act::Binds;
  static const std::vector<act::Field<R>> fields{
      {{.name = "tenant",
        .value = "NAME",
        .help = "whose keys are shredded: all of them, unless --key names one",
        .need = act::Need::kRequired,
        .binds = Binds::name()},
       &R::tenant},
      {{.name = "key",
        .value = "NAME",
        .help = "the key, with all its versions",
        .default_text = "each key of the tenant",
        .binds = Binds::name()},
       &R::key},
      {{.name = "key-version",
        .value = "N",
        .help = "the number of the only version that goes",
        .default_text = "each version",
        .binds = Binds::plain()},
       &R::version},
      {{.name = "reason",
        .value = "TEXT",
        .help = "why: kept in the site, where it can be erased; the log has its SHA-256",
        .need = act::Need::kRequired,
        .binds = Binds::name()},
       &R::reason},
      {{.name = "requested-at",
        .value = "TIME",
        .help = "when somebody asked for the erasure, as 2026-05-04T10:00:00Z",
        .binds = Binds::word(act::is_time_word)},
       &R::requested_at},
      {{.name = "request-ref",
        .value = "TEXT",
        .help = "the number of that request in your own files",
        .binds = Binds::name()},
       &R::request_ref},
      {{.name = "unfreeze",
        .help = "ends what the first run of shred froze, as long as nobody approved it",
        .binds = Binds::plain()},
       &R::unfreeze},
      {{.name = "output",
        .value = "FOLDER",
        .help = "writes there, for each provider that has or may have a version, the script that "
                "deletes it; the folder must not exist",
        .binds = Binds::output()},
       &R::output},
      {{.name = "answers",
        .value = "FOLDER",
        .help = "what these scripts saved: records what each cloud answered",
        .binds = Binds::name()},
       &R::answers}};
  return fields;
}

}  // namespace keyrite::shredding
