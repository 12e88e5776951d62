// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What fetch.sh asks Google Cloud KMS: an import job of its own, which lives three days, waited for
// until its key is there.
#include <fmt/format.h>

#include "base/text.h"
#include "provider/commands.h"

namespace keyrite::provider::google {
namespace {

constexpr std::string_view kParameters = "job.json";
constexpr std::string_view kDefaultLevel = "hsm";

ShellCommand of_job(std::string_view operation, const FetchOrder& order) {
  ShellCommand command(fmt::format("gcloud kms import-jobs {} \"$job\"", operation));
  command.option("--keyring", order.place.container)
      .option("--location", order.place.region)
      .option("--project", order.place.account);
  return command;
}

// A job has its name for ever: each has the time in it. The name is kept before the job is made, so
// that a run that was stopped goes on with it.
std::string job_function(const FetchOrder& order) {
  const auto& options = std::get<ImportOptions>(order.place.options);
  ShellCommand create = of_job("create", order);
  create.option("--import-method", options.import_method)
      .option("--protection-level", options.protection_level.value_or(std::string(kDefaultLevel)));
  ShellCommand state = of_job("describe", order);
  state.word("--format=value(state)");
  return shell_function("find_job", fmt::format(R"sh(  job=JOB
  if [ "$print" = yes ]; then
    show {1}
    show {2}
    return 0
  fi
  job=
  [ ! -s "$answers/job.name" ] || job=$(tr -cd 'a-z0-9-' < "$answers/job.name")
  state=
  [ -z "$job" ] || state=$({2}) || state=
  case $state in
    ACTIVE | PENDING_GENERATION) ;;
    *)
      job=keyrite-{0}-$(date -u +%Y%m%d%H%M%S)
      printf '%s\n' "$job" > "$work/job.name"
      mv "$work/job.name" "$answers/job.name"
      {1}
      ;;
  esac
  tries=0
  while :; do
    state=$({2})
    case $state in
      ACTIVE) return 0 ;;
      PENDING_GENERATION) ;;
      *) fail "the import job $job is in state $state" ;;
    esac
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || fail "the import job $job is still in state $state after ten minutes: run this again later"
    sleep 10
  done
)sh",
                                                order.tag, create.text(), state.text()));
}

}  // namespace

FetchedFiles fetched_files(const FetchOrder& /*order*/) {
  return {.parameters = std::string(kParameters)};
}

ClientCalls make_fetch(const FetchOrder& order) {
  ShellCommand describe = of_job("describe", order);
  const std::string all =
      fmt::format(R"sh(  if [ "$print" = no ] && is_ahead "$(member {0} expireTime)"; then
    say "$answers/{0} is there already, and has not expired"
  else
    find_job
    save {0} {1}
  fi
  [ "$print" = yes ] || printf '%b\n' "$(member {0} pem)" | sed '/^-/d' | tr -d '\r\n' | fingerprint {0}
)sh",
                  kParameters, describe.fixed("--format json").text());
  return {.client = "gcloud",
          .needs = kClientNeeds,
          .functions = client_functions() + job_function(order) + shell_function("fetch_all", all)};
}

}  // namespace keyrite::provider::google
