#include "keys/activate_key.h"

#include "approval/operation.h"
#include "keys/activation.h"

namespace keyrite::keys {

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

act::Act activate_key(const ActivateKeyRequest& request) {
  Activation activation{.act = kActivateKeyAct, .tenant = request.tenant, .key = request.name};
  if (request.version) activation.number = *request.version;
  return {approval::operation_named(kActivateKeyAct),
          [request, activation](const act::Context& context) {
            return prepared_activation(activation, act::record(request), context);
          }};
}

}  // namespace keyrite::keys
