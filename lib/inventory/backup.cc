#include "inventory/backup.h"

#include <fmt/format.h>

#include "act/closing.h"
#include "act/registry_reading.h"
#include "approval/operation.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "inventory/internal/rows.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::inventory {

namespace {

using act::Fact;

act::Outcome put_back(const RestoreRequest& request, const act::AtWork& at) {
  const site::Site& site = site_of(at.context());
  const std::string sha256 = crypto::sha256_file_hex(request.file);
  registry::LogPosition position;
  registry::restore(request.file, site.path(site::kRegistryName),
                    [&](registry::Registry& copy) { position = act::require_of_log(copy, site); });
  act::Outcome outcome;
  outcome.facts.add("backup_sha256", Fact::sha256(sha256)).add("log_size", position.size);
  outcome.document = {{"sha256", sha256}, {"log_size", position.size}};
  outcome.text.push_back(
      fmt::format("the registry is the one of the backup now: it has what the first {} entries of "
                  "the log tell",
                  position.size));
  outcome.text.emplace_back(
      "run keyrite resume: until then every other command refuses this registry");
  return outcome;
}

act::PreparedAct prepared_restore(const RestoreRequest& request, const act::Context& context) {
  (void)site_of(context);
  act::Intent intent{.act = std::string(act::kRestoreAct)};
  intent.inputs.push_back({"file", Json{{"sha256", crypto::sha256_file_hex(request.file)}}, false});
  return {.intent = std::move(intent),
          .perform = [request](act::AtWork& at) { return put_back(request, at); },
          .replaces_registry = true};
}

}  // namespace

Shown back_up_registry(const BackUpRequest& request, const act::Context& context) {
  const site::Site& site = site_of(context);
  registry_to_read(context)->back_up(request.file);
  // What is told of the backup is read from it.
  registry::LogPosition position;
  {
    const registry::Registry copy(request.file);
    position = copy.read()->log.position(site.settings.log.origin);
  }
  const std::string sha256 = crypto::sha256_file_hex(request.file);
  return {
      .document = {{"sha256", sha256}, {"log_size", position.size}},
      .text = {
          format_table(
              {{"backup", printable(request.file)},
               {"sha256", sha256},
               {"has", fmt::format("what the first {} entries of the log tell", position.size)}}),
          "It has every name in clear: keep it as you keep the registry.",
          act::closing(context, {},
                       {{"keep it where the site is not; when the registry is lost",
                         act::as_here(context, act::NextAt::kFiles,
                                      {"keyrite inventory restore", shell_quote(request.file)})},
                        {"then bring the registry up to the log",
                         act::as_here(context, act::NextAt::kToken, {"keyrite resume"})}})}};
}

act::Act restore_registry(const RestoreRequest& request) {
  return {approval::operation_named(act::kRestoreAct),
          [request](const act::Context& context) { return prepared_restore(request, context); }};
}

}  // namespace keyrite::inventory
