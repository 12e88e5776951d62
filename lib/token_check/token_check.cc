#include "token_check/token_check.h"

#include <memory>

#include <fmt/format.h>

#include "act/option_words.h"
#include "base/error.h"
#include "crypto/throwaway_rsa.h"
#include "pkcs11/question.h"
#include "token_check/internal/token_objects.h"
#include "token_check/internal/token_probe.h"
#include "wrap/execute.h"
#include "wrap/session_object.h"

namespace keyrite::token_check {

namespace {

using pkcs11::Attr;

// As security officer: a wrapping key that is trusted from its creation, the only way some tokens
// have.
Finding try_trusted(pkcs11::Session& officer) {
  const auto rsa = crypto::ThrowawayRsa::make(2048);
  auto wanted = wrap::wrapping_key_template(rsa.public_key());
  wanted.set<Attr::kToken>(false).set<Attr::kTrusted>(true);
  const wrap::SessionObject key(
      officer, officer.create_object(wanted, "putting in a throw-away trusted key"));
  return officer.read_bool(key.handle(), Attr::kTrusted) == true
             ? works("in C_CreateObject, and read back")
             : lies("CKR_OK, but it reads back as not trusted");
}

constexpr act::Literal kTrustedGroup("protect");
constexpr act::Literal kTrustedWhat("CKA_TRUSTED by the officer");
constexpr const char* kTrusting = "trust-wrapping-key";

std::vector<Probe> all_probes() {
  std::vector<Probe> all;
  for (auto table :
       {generation_probes, wrapping_probes, data_key_probes, use_probes, protection_probes}) {
    auto rows = table();
    all.insert(all.end(), std::make_move_iterator(rows.begin()),
               std::make_move_iterator(rows.end()));
  }
  return all;
}

TokenCheckReport check_once(act::TokenSession& token, const TokenCheckRow& trusted,
                            const Scope& scope) {
  TokenCheckReport report;
  report.token = token.info();
  report.module = token.module();
  const auto before = identities(token.session());
  {
    wrap::SelfTest tests(token.session());
    TokenUnderTest tested{token.session(), tests};
    for (const auto& probe : scope.rows ? all_probes() : std::vector<Probe>{}) {
      report.rows.push_back(row_of(probe.group, probe.what, [&] { return probe.run(tested); }));
    }
    for (const auto cloud : scope.clouds)
      report.clouds.push_back({cloud, keys::cloud_abilities(cloud, scope.type, tests)});
  }
  if (scope.rows) report.rows.push_back(trusted);
  const auto after = identities(token.session());
  require_unchanged(token.info(), before, after, token.session().undestroyed());
  report.objects_before = before.size();
  report.objects_after = after.size();
  return report;
}

}  // namespace

const std::vector<act::Field<TokenCheckRequest>>& TokenCheckRequest::table() {
  static const std::vector<act::Field<TokenCheckRequest>> fields{
      {{.name = "trusted",
        .help = "also try CKA_TRUSTED as security officer (asks for the security officer's PIN)",
        .binds = act::Binds::plain()},
       &TokenCheckRequest::trusted},
      {{.name = "for",
        .value = "CLOUDS",
        .help = "say only whether the token can wrap keys for these clouds: one or several of aws, "
                "azure and google, with commas between them",
        .binds = act::Binds::word(act::is_cloud_list_word)},
       &TokenCheckRequest::for_clouds},
      {{.name = "type",
        .value = "TYPE",
        .help = "what it can wrap for a cloud: of this key type alone, such as aes-256",
        .default_text = "each that the cloud takes",
        .binds = act::Binds::word(act::is_key_type_word)},
       &TokenCheckRequest::type},
  };
  return fields;
}

Scope scope_of(const TokenCheckRequest& request) {
  Scope scope{.clouds = provider::all_providers()};
  if (request.type) scope.type = parse_key_type(*request.type);
  if (!request.for_clouds) return scope;
  if (request.trusted)
    throw Error(Kind::kUsage, "trusted-with-for",
                "--trusted tries a row of the whole check, and --for tries no rows",
                "leave one of the two out");
  scope.rows = false;
  scope.clouds = act::clouds_given(*request.for_clouds);
  return scope;
}

act::Intent intent_of(const TokenCheckRequest& request) {
  act::Intent intent{.act = "token-check", .request = act::record(request)};
  if (request.trusted) intent.also.emplace_back(kTrusting);
  return intent;
}

TokenCheckRow trusted_row() {
  return {.group = kTrustedGroup,
          .what = act::Words(kTrustedWhat),
          .detail = "run the command again with --trusted and the security officer's PIN"};
}

act::TokenNeed trusting_need(TokenCheckRow& trusted) {
  return {.officer =
              [&](pkcs11::Session& session) {
                trusted = row_of(kTrustedGroup, act::Words(kTrustedWhat),
                                 [&] { return try_trusted(session); });
              },
          // A token that has no officer refuses the login: that is a row, and the table goes on.
          .officer_refused =
              [&](const Error& error) {
                trusted = row_of(kTrustedGroup, act::Words(kTrustedWhat),
                                 [&]() -> Finding { throw error; });
              }};
}

TokenCheckReport check_token(act::TokenSession& token, const TokenCheckRow& trusted,
                             const std::function<void(const std::string&)>& note,
                             const Scope& scope) {
  try {
    return check_once(token, trusted, scope);
  } catch (const Error& error) {
    if (!token.is_lost(error)) throw;
    if (note)
      note(fmt::format("the connection to the token was lost: {}; connecting again, once",
                       error.message()));
  }
  // What was tried is gone with its session: all of it are session objects.
  token.reconnect();
  return check_once(token, trusted, scope);
}

}  // namespace keyrite::token_check
