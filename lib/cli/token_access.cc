#include "cli/token_access.h"

#include <memory>

#include <fmt/format.h>

#include "act/token_door.h"
#include "act/token_request.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/pin_source.h"
#include "pkcs11/token.h"

namespace keyrite::cli {
namespace {

struct TokenFields {
  act::TokenRequest token{};
  act::SoPinRequest so_pin{};
};

// The site's token; a PIN source that is given by name comes before the site's.
TokenFields of_site(TokenFields given, const act::SiteBinding& use) {
  const auto& folder = use.site;
  const auto& settings = folder.settings.token;
  if (!given.token.token.empty() || given.token.module || given.token.module_init_args) {
    throw Error(
        Kind::kUsage, "token-and-site",
        fmt::format("the command line names a token or a module, and the site {} has its own",
                    printable(folder.folder)),
        "leave out --token, --module and --module-init-args\n"
        "or leave out the site (--site, KEYRITE_SITE): nothing is logged then");
  }
  given.token.token = settings.uri;
  given.token.module = settings.module;
  given.token.module_init_args = settings.module_init_args;
  if (settings.pin_file && !given.token.pin_fd && !given.token.pin_file)
    given.token.pin_file = folder.path(*settings.pin_file);
  if (settings.so_pin_file && !given.so_pin.so_pin_fd && !given.so_pin.so_pin_file)
    given.so_pin.so_pin_file = folder.path(*settings.so_pin_file);
  return given;
}

act::TokenBinding binding_of(const TokenFields& given, const Env& env,
                             const std::optional<act::SiteBinding>& site) {
  const TokenFields fields = site ? of_site(given, *site) : given;
  if (fields.token.token.empty()) {
    throw Error(Kind::kUsage, "value-missing", "--token is missing",
                "give --token, or a site (--site, KEYRITE_SITE); --help lists the options");
  }
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
  return {act::bind(act::TokenRequest::table(), fields->token),
          [fields](const Env& env, const std::optional<act::SiteBinding>& site) {
            return binding_of(*fields, env, site);
          },
          act::open_token_door};
}

}  // namespace

PreparedToken user_token_access() { return prepare(std::make_shared<TokenFields>()); }

PreparedToken user_and_so_token_access() {
  const auto fields = std::make_shared<TokenFields>();
  PreparedToken prepared = prepare(fields);
  for (const auto& field : act::bind(act::SoPinRequest::table(), fields->so_pin)) {
    prepared.request.push_back(field);
  }
  return prepared;
}

}  // namespace keyrite::cli
