// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "shredding/requests.h"

#include <utility>

#include "act/option_words.h"
#include "act/tenant_key.h"
#include "base/clock.h"
#include "base/error.h"

namespace keyrite::shredding {

namespace {

// Both are about the tenant as a whole, and shred nothing.
void require_alone(const ShredRequest& request) {
  const bool forgets = request.forget || request.copy;
  if (!request.waive && !forgets) return;
  const bool other = request.key || request.version || request.unfreeze || request.output ||
                     request.answers || request.cloudtrail || request.requested_at ||
                     request.request_ref;
  if (!other && request.forget == request.copy.has_value() && !(request.waive && forgets)) return;
  throw Error(Kind::kUsage, "shred-what",
              "--waive, and --forget with --copy, are each for a tenant that was shredded",
              "give --tenant, --reason, and either --waive ID, or --forget and --copy FOLDER");
}

}  // namespace

void require_sense(const ShredRequest& request) {
  require_alone(request);
  act::require_name(request.reason, "the reason");
  act::require_names(request.request_ref, "the reference of the request");
  if (request.requested_at) (void)parse_rfc3339(*request.requested_at, "--requested-at");
  if (request.cloudtrail.has_value() == request.cloudtrail_key.empty()) {
    throw Error(Kind::kUsage, "shred-what",
                "--cloudtrail and --cloudtrail-key are given together, or not at all",
                "compare the SHA-256 of CloudTrail's key with one that somebody else fetched, and "
                "give it with --cloudtrail-key");
  }
  const bool folder = request.output || request.answers || request.cloudtrail;
  if ((!request.version || request.key) && !(request.unfreeze && folder)) return;
  throw Error(Kind::kUsage, "shred-what",
              request.unfreeze ? "--unfreeze shreds nothing, so no cloud has anything to delete"
                               : "--key-version says which version, and no key is named",
              "give --tenant, --tenant with --key, or both with --key-version");
}

ShredRequest without_folders(ShredRequest request) {
  request.output.reset();
  request.answers.reset();
  request.cloudtrail.reset();
  request.cloudtrail_key.clear();
  return request;
}

namespace {

std::vector<act::Field<ShredRequest>> fields_of_shred() {
  return {{{.name = "tenant",
            .value = "NAME",
            .help = "whose keys are shredded: all of them, unless --key names one",
            .need = act::Need::kRequired,
            .binds = act::Binds::name()},
           &ShredRequest::tenant},
          {{.name = "key",
            .value = "NAME",
            .help = "the key, with all its versions",
            .default_text = "each key of the tenant",
            .binds = act::Binds::name()},
           &ShredRequest::key},
          {{.name = "key-version",
            .value = "N",
            .help = "the number of the only version that goes",
            .default_text = "each version",
            .binds = act::Binds::plain()},
           &ShredRequest::version},
          {{.name = "reason",
            .value = "TEXT",
            .help = "why: kept in the site, where it can be erased; the log has its SHA-256",
            .need = act::Need::kRequired,
            .binds = act::Binds::name()},
           &ShredRequest::reason},
          {{.name = "requested-at",
            .value = "TIME",
            .help = "when somebody asked for the erasure, as 2026-05-04T10:00:00Z",
            .binds = act::Binds::word(act::is_time_word)},
           &ShredRequest::requested_at},
          {{.name = "request-ref",
            .value = "TEXT",
            .help = "the number of that request in your own files",
            .binds = act::Binds::name()},
           &ShredRequest::request_ref},
          {{.name = "unfreeze",
            .help = "ends what the first run of shred froze, as long as nobody approved it",
            .binds = act::Binds::plain()},
           &ShredRequest::unfreeze}};
}

// For the connected machine, and from it.
std::vector<act::Field<ShredRequest>> fields_of_clouds() {
  return {
      {{.name = "output",
        .value = "FOLDER",
        .help = "writes there, for each provider that has or may have a version, the script that "
                "deletes it; the folder must not exist",
        .binds = act::Binds::output()},
       &ShredRequest::output},
      {{.name = "answers",
        .value = "FOLDER",
        .help = "what these scripts saved: records what each cloud answered",
        .binds = act::Binds::name()},
       &ShredRequest::answers},
      {{.name = "cloudtrail",
        .value = "FOLDER",
        .help = "log files and signed digest files of AWS CloudTrail: records which KMS keys AWS "
                "has deleted, on AWS's word and not on that of who saved an answer",
        .binds = act::Binds::name()},
       &ShredRequest::cloudtrail},
      {{.name = "cloudtrail-key",
        .value = "SHA256",
        .help = "a key of CloudTrail that signs them, as somebody else fetched it from AWS",
        .binds = act::Binds::plain()},
       &ShredRequest::cloudtrail_key}};
}

// For when all is shredded.
std::vector<act::Field<ShredRequest>> fields_of_leaving() {
  return {
      {{.name = "waive",
        .value = "ID",
        .help = "of a shredded tenant: nobody waits any more for what this destination answers; "
                "officers approve it",
        .binds = act::Binds::word(act::is_id_word)},
       &ShredRequest::waive},
      {{.name = "forget",
        .help = "of a shredded tenant about which every cloud answered: its names leave the site",
        .binds = act::Binds::plain()},
       &ShredRequest::forget},
      {{.name = "copy",
        .value = "FOLDER",
        .help = "with --forget: a new folder outside of the site for the names, which the "
                "controller keeps",
        .binds = act::Binds::output()},
       &ShredRequest::copy}};
}

}  // namespace

const std::vector<act::Field<ShredRequest>>& ShredRequest::table() {
  static const std::vector<act::Field<ShredRequest>> fields = [] {
    auto all = fields_of_shred();
    for (auto more : {fields_of_clouds(), fields_of_leaving()})
      for (auto& field : more) all.push_back(std::move(field));
    return all;
  }();
  return fields;
}

}  // namespace keyrite::shredding
