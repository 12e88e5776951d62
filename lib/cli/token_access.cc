#include "cli/token_access.h"

#include <memory>

#include "acts/token_request.h"
#include "cli/pin_source.h"
#include "pkcs11/token.h"

namespace keyrite::cli {
namespace {

struct TokenFields {
  acts::TokenRequest token{};
  acts::SoPinRequest so_pin{};
};

acts::TokenBinding binding_of(const TokenFields& fields, const Env& env) {
  const auto uri = pkcs11::TokenUri::parse(fields.token.token);
  PinSettings settings;
  settings.user = {fields.token.pin_fd, fields.token.pin_file, uri.pin_source()};
  settings.so = {fields.so_pin.so_pin_fd, fields.so_pin.so_pin_file, std::nullopt};
  settings.credentials_folder = env.variable("CREDENTIALS_DIRECTORY");
  settings.terminal = env.terminal;
  return {fields.token.token, fields.token.module, fields.token.module_init_args,
          make_pin_source(settings)};
}

PreparedToken prepare(const std::shared_ptr<TokenFields>& fields) {
  return {acts::bind(acts::TokenRequest::table(), fields->token),
          [fields](const Env& env) { return binding_of(*fields, env); }};
}

}  // namespace

PreparedToken user_token_access() { return prepare(std::make_shared<TokenFields>()); }

PreparedToken user_and_so_token_access() {
  const auto fields = std::make_shared<TokenFields>();
  PreparedToken prepared = prepare(fields);
  for (const auto& field : acts::bind(acts::SoPinRequest::table(), fields->so_pin)) {
    prepared.request.push_back(field);
  }
  return prepared;
}

}  // namespace keyrite::cli
