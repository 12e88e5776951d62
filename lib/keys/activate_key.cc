#include "keys/activate_key.h"

#include "act/closing.h"
#include "approval/operation.h"
#include "base/key_type.h"
#include "base/text.h"
#include "keys/activation.h"

namespace keyrite::keys {

namespace {

// What a version that serves is for.
act::NextStep use_of(const VersionOnRecord& record, const ActivateKeyRequest& request,
                     const act::Context& context) {
  const auto tenant = act::option("tenant", request.tenant);
  const auto key = act::option("key", request.name);
  if (record.key.usage != registry::Usage::kWrap)
    return {"see where it serves, and when its next version is due",
            act::as_here(context, act::NextAt::kFiles,
                         {"keyrite key show " + shell_quote(request.name), tenant})};
  if (parse_key_type(record.key.type).is_secret())
    return {"make data keys for whoever encrypts",
            act::as_here(context, act::NextAt::kToken,
                         {"keyrite dek issue", tenant, key, "--out FILE"})};
  return {"give its public half to whoever wraps data keys",
          act::as_here(context, act::NextAt::kToken,
                       {"keyrite dek wrapping-key", tenant, key, "--out FILE"})};
}

}  // namespace

const std::vector<act::Field<ActivateKeyRequest>>& ActivateKeyRequest::table() {
  using R = ActivateKeyRequest;
  static const std::vector<act::Field<R>> fields{
      {{.name = "name",
        .value = "NAME",
        .help = "name of the key",
        .need = act::Need::kRequired,
        .shape = act::Shape::kPositional,
        .binds = act::Binds::name()},
       &R::name},
      {{.name = "tenant",
        .value = "NAME",
        .help = "whose key it is",
        .need = act::Need::kRequired,
        .binds = act::Binds::name()},
       &R::tenant},
      {{.name = "key-version",
        .value = "NUMBER",
        .help = "which version",
        .default_text = "the one that waits",
        .binds = act::Binds::plain()},
       &R::version},
  };
  return fields;
}

act::NextStep activation_step(const std::string& tenant, const std::string& key,
                              const act::Context& context) {
  return {"when its destinations are proven, let it serve",
          act::as_here(context, act::NextAt::kToken,
                       {"keyrite key activate", shell_quote(key), act::option("tenant", tenant)})};
}

act::Act activate_key(const ActivateKeyRequest& request) {
  Activation activation{
      .act = kActivateKeyAct,
      .tenant = request.tenant,
      .key = request.name,
      .after = [request](const VersionOnRecord& record, const act::Context& context) {
        return act::closing(context, {}, {use_of(record, request, context)});
      }};
  if (request.version) activation.number = *request.version;
  return {approval::operation_named(kActivateKeyAct),
          [request, activation](const act::Context& context) {
            return prepared_activation(activation, act::record(request), context);
          }};
}

}  // namespace keyrite::keys
