#include "acts/token_check.h"

#include <fmt/format.h>

#include "acts/internal/token_probe.h"
#include "base/error.h"
#include "crypto/throwaway_rsa.h"
#include "wrap/execute.h"

namespace keyrite::acts {

namespace {

using pkcs11::Attr;

std::size_t count_objects(const pkcs11::Session& session) {
  return session.find(pkcs11::Template{}).size();
}

TokenCheckRow run_probe(const Probe& probe, ProbeBench& bench) {
  TokenCheckRow row{.group = probe.group, .what = probe.what};
  try {
    Finding finding = probe.run(bench);
    row.outcome = finding.outcome;
    row.detail = std::move(finding.detail);
    row.ckr = std::move(finding.ckr);
  } catch (const Error& error) {
    if (!error.ckr()) throw;
    row.outcome = wrap::Outcome::kRefused;
    row.detail = error.message();
    row.ckr = error.ckr();
  }
  return row;
}

// As security officer: a wrapping key that is trusted from its creation, the only way some tokens
// have.
TokenCheckRow try_trusted(pkcs11::Session& officer) {
  TokenCheckRow row{.group = "protect", .what = "CKA_TRUSTED by the officer"};
  try {
    const auto rsa = crypto::ThrowawayRsa::make(2048);
    auto wanted = wrap::wrapping_key_template(rsa.public_key());
    wanted.set<Attr::kToken>(false).set<Attr::kTrusted>(true);
    const auto key = officer.create_object(wanted, "putting in a throw-away trusted key");
    const bool trusted = officer.read_bool(key, Attr::kTrusted) == true;
    officer.destroy_object(key, "removing a throw-away key");
    row.outcome = trusted ? wrap::Outcome::kWorks : wrap::Outcome::kLies;
    row.detail =
        trusted ? "in C_CreateObject, and read back" : "CKR_OK, but it reads back as not trusted";
  } catch (const Error& error) {
    if (!error.ckr()) throw;
    row.outcome = wrap::Outcome::kRefused;
    row.detail = error.message();
    row.ckr = error.ckr();
  }
  return row;
}

std::vector<Probe> all_probes() {
  std::vector<Probe> all;
  for (auto table : {generation_probes, wrapping_probes, use_probes, protection_probes}) {
    auto rows = table();
    all.insert(all.end(), std::make_move_iterator(rows.begin()),
               std::make_move_iterator(rows.end()));
  }
  return all;
}

}  // namespace

Finding from(const wrap::SelfTestResult& result) {
  return {result.outcome, result.detail, result.ckr};
}

const std::vector<Field<TokenCheckRequest>>& TokenCheckRequest::table() {
  static const std::vector<Field<TokenCheckRequest>> fields{
      {{.name = "trusted",
        .help = "also try CKA_TRUSTED, as security officer (whose PIN is then asked for)"},
       &TokenCheckRequest::trusted},
  };
  return fields;
}

TokenCheckReport check_token(const TokenCheckRequest& request, const Context& context) {
  TokenCheckReport report;
  std::optional<TokenCheckRow> trusted;
  TokenSession::OfficerWork officer;
  if (request.trusted) officer = [&](pkcs11::Session& session) { trusted = try_trusted(session); };
  TokenSession token(context.token, pkcs11::Access::kReadWrite, officer);
  report.token = token.info();
  report.module = token.module();
  report.objects_before = count_objects(token.session());
  {
    wrap::SelfTest tests(token.session());
    ProbeBench bench{token.session(), tests};
    for (const auto& probe : all_probes()) report.rows.push_back(run_probe(probe, bench));
  }
  if (trusted) report.rows.push_back(*trusted);
  report.objects_after = count_objects(token.session());
  if (report.objects_after != report.objects_before) {
    throw Error(Kind::kToken, "token-changed",
                fmt::format("the token held {} objects before and holds {} now",
                            report.objects_before, report.objects_after),
                "close all sessions; if the objects stay, remove them with the tools of the "
                "token's vendor");
  }
  token.close();
  return report;
}

Json TokenCheckReport::to_json() const {
  Json list = Json::array();
  for (const auto& row : rows) {
    Json json{{"group", row.group},
              {"what", row.what},
              {"outcome", wrap::outcome_name(row.outcome)},
              {"detail", row.detail}};
    if (row.ckr)
      json["ckr"] = {
          {"function", row.ckr->function}, {"name", row.ckr->name}, {"value", row.ckr->value}};
    list.push_back(std::move(json));
  }
  return {
      {"token", token.uri()},
      {"module",
       {{"path", module.path}, {"description", module.description}, {"version", module.version}}},
      {"rows", list}};
}

}  // namespace keyrite::acts
