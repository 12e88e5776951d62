// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/requests.h"

#include <fmt/format.h>

#include "act/option_words.h"
#include "base/error.h"

namespace keyrite::rotation {

namespace {

constexpr std::uint32_t kLongestDays = 3650;
constexpr std::uint32_t kMostKeys = 1'000'000;

void require_range(std::optional<std::uint32_t> number, std::uint32_t least, std::uint32_t most,
                   std::string_view option) {
  if (!number || (*number >= least && *number <= most)) return;
  throw Error(Kind::kUsage, "rotate-range", fmt::format("--{} is {}", option, *number),
              fmt::format("give a number from {} to {}", least, most));
}

void require_folders(const RotateRequest& request) {
  const bool any = request.output || request.parameters || request.answers;
  const bool for_wrapping = !request.expect_wrapping_key.empty() || request.accept_padded_pkcs8 ||
                            request.allow_host_ephemeral;
  const bool missing = (request.parameters && !request.output) ||
                       (for_wrapping && !request.parameters) ||
                       (request.new_cloud_key && !request.output) || (request.status && any) ||
                       (request.abandon && request.parameters);
  if (!missing) return;
  throw Error(Kind::kUsage, "rotate-folders", "an option is given without the folder it needs",
              "--parameters and --new-cloud-key go with --output, --expect-wrapping-key and "
              "--vouched with --parameters, and none of them with --status; --abandon takes no "
              "--parameters");
}

act::Field<RotateRequest> flag(std::string_view name, std::string_view help,
                               bool RotateRequest::*member) {
  return {{.name = name, .help = help, .binds = act::Binds::plain()}, member};
}

act::Field<RotateRequest> number(std::string_view name, std::string_view value,
                                 std::string_view help, std::string_view without,
                                 std::optional<std::uint32_t> RotateRequest::*member) {
  return {{.name = name,
           .value = value,
           .help = help,
           .default_text = without,
           .binds = act::Binds::plain()},
          member};
}

act::Field<RotateRequest> expect_wrapping_key_field() {
  return {
      {.name = "expect-wrapping-key",
       .value = "SHA256",
       .help = "the fingerprint of a wrapping key, as a person compared it over a second channel; "
               "for each of them",
       .binds = act::Binds::word(act::is_fingerprint_word)},
      &RotateRequest::expect_wrapping_key};
}

act::Field<RotateRequest> vouched_field() {
  return {{.name = "vouched",
           .value = "FILE",
           .help = "at AWS, a vouching list of the wrapping keys that were fetched, if the site's "
                   "policy accepts that",
           .binds = act::Binds::name()},
          &RotateRequest::vouched};
}

act::Field<RotateRequest> vouched_signature_field() {
  return {{.name = "vouched-signature",
           .value = "FILE",
           .help = "a fetcher's signature over that list, by ssh-keygen; one or several",
           .binds = act::Binds::name()},
          &RotateRequest::vouched_signature};
}

act::Field<RotateRequest> output_field() {
  return {{.name = "output",
           .value = "FOLDER",
           .help = "writes there what the connected machine is to run: folders with fetch.sh, for "
                   "import parameters, and with --parameters the bundles",
           .binds = act::Binds::output()},
          &RotateRequest::output};
}

act::Field<RotateRequest> compromised_field() {
  return flag(
      "compromised",
      "the version that --key-version names may be known to others: mark it, let the next one "
      "become active as soon as the token has it, and move the data keys; destinations "
      "follow",
      &RotateRequest::compromised);
}

act::Field<RotateRequest> reason_field() {
  return {{.name = "reason",
           .value = "TEXT",
           .help = "with --compromised and --bundle-lost, why: kept in the site, where it can be "
                   "erased; the log has its SHA-256",
           .binds = act::Binds::name()},
          &RotateRequest::reason};
}

act::Field<RotateRequest> bundle_lost_field() {
  return flag("bundle-lost",
              "a bundle that waits for its import is lost: it is withdrawn, and the next run asks "
              "for parameters and makes another one of the same version",
              &RotateRequest::bundle_lost);
}

act::Field<RotateRequest> destination_field() {
  return {{.name = "destination",
           .value = "DESTINATION",
           .help = "with --bundle-lost, for which destination it was made: its name, or its id",
           .default_text = "the only one for which a bundle waits",
           .binds = act::Binds::name()},
          &RotateRequest::destination};
}

void require_lost(const RotateRequest& request) {
  const bool alone = !request.compromised && !request.abandon && !request.output &&
                     !request.parameters && !request.answers && !request.force &&
                     !request.consumers_ready;
  if (!request.bundle_lost && !request.destination) return;
  if (request.bundle_lost && request.reason && request.tenant && alone) return;
  throw Error(Kind::kUsage, "rotate-what",
              "--bundle-lost goes with --reason, --tenant, --key and --destination, and with "
              "nothing else that is to be done",
              "run the same command without --bundle-lost afterwards: it makes another bundle");
}

// Which version is meant, and why, is approved, so neither is guessed; --abandon destroys another.
void require_compromise(const RotateRequest& request) {
  const bool whole = request.version && request.reason && !request.abandon;
  const bool reason = request.reason && !request.bundle_lost;
  const bool any = request.compromised || request.version || reason;
  if (!any || (request.compromised && whole)) return;
  throw Error(Kind::kUsage, "rotate-what",
              "--compromised, --key-version and --reason are given together, without --abandon",
              "keyrite key show says which versions the key has");
}

}  // namespace

const std::vector<act::Field<RotateRequest>>& RotateRequest::table() {
  using R = RotateRequest;
  static const std::vector<act::Field<R>> fields{
      {{.name = "tenant", .value = "NAME", .help = "whose key it is", .binds = act::Binds::name()},
       &R::tenant},
      {{.name = "key", .value = "NAME", .help = "which key", .binds = act::Binds::name()}, &R::key},
      flag("due", "every key whose rotation is due or under way", &R::due),
      flag("status", "show where each rotation that is under way stands; change nothing",
           &R::status),
      flag("force", "begin the rotation before the day on which it is due", &R::force),
      number("within", "DAYS", "with --due, also what is due within these days", "0", &R::within),
      number("limit", "N", "with --due, at most so many keys", "all of them", &R::limit),
      number("stuck-after", "DAYS", "end with exit code 7 when one waits longer than this", "never",
             &R::stuck_after),
      output_field(),
      {{.name = "parameters",
        .value = "FOLDER",
        .help = "what fetch.sh fetched: the folders whose names end in .fetched are read",
        .binds = act::Binds::name()},
       &R::parameters},
      {{.name = "answers",
        .value = "FOLDER",
        .help = "bundles, and what their import.sh saved beside them in folders whose names end in "
                ".answers",
        .binds = act::Binds::name()},
       &R::answers},
      expect_wrapping_key_field(),
      vouched_field(),
      vouched_signature_field(),
      flag("new-cloud-key",
           "at AWS, ask for a new KMS key instead of new material in the KMS key of the versions "
           "before; the alias moves to it",
           &R::new_cloud_key),
      flag(
          "consumers-ready",
          "the owner of the key says that its consumers name the KMS key of the version before for "
          "what was made under it, so that the alias can move: AWS keys that MAC, sign or decrypt "
          "by RSA",
          &R::consumers_ready),
      flag("abandon",
           "destroy the version that waits; --output has the scripts that delete it at the clouds, "
           "and --answers what these saved",
           &R::abandon),
      number("jobs", "N", "how many sessions of the token move data keys at once", "1", &R::jobs),
      compromised_field(),
      number("key-version", "N", "with --compromised, which version", "", &R::version),
      bundle_lost_field(),
      destination_field(),
      reason_field(),
      flag("accept-padded-pkcs8",
           "with --parameters, as wrap-for-import: this token appends zero bytes to private keys",
           &R::accept_padded_pkcs8),
      flag("allow-host-ephemeral",
           "with --parameters, as wrap-for-import: the AES transport key may be made by the host",
           &R::allow_host_ephemeral)};
  return fields;
}

void require_sense(const RotateRequest& request) {
  const bool one = request.tenant && request.key;
  const int ways = (one ? 1 : 0) + (request.due ? 1 : 0) + (request.status ? 1 : 0);
  if (ways != 1 || (!one && (request.tenant || request.key || request.force ||
                             request.consumers_ready || request.abandon || request.compromised))) {
    throw Error(Kind::kUsage, "rotate-what", "the command does not say which keys to rotate",
                "give --tenant and --key, or --due, or --status; --force and --consumers-ready go "
                "with one key");
  }
  require_compromise(request);
  require_lost(request);
  require_folders(request);
  require_range(request.within, 0, kLongestDays, "within");
  require_range(request.stuck_after, 0, kLongestDays, "stuck-after");
  require_range(request.limit, 1, kMostKeys, "limit");
}

}  // namespace keyrite::rotation
