#include "token_check/token_check.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/text.h"
#include "crypto/throwaway_rsa.h"
#include "pkcs11/question.h"
#include "token_check/internal/token_probe.h"
#include "wrap/execute.h"
#include "wrap/session_object.h"

namespace keyrite::token_check {

namespace {

using pkcs11::Attr;

// What tells objects apart: a token may lose one and keep another in its place.
using Identities = std::multiset<std::string>;

std::string shown(Attr attribute, const Bytes& value) {
  if (!value.empty()) return pkcs11::value_text(attribute, value);
  return attribute == Attr::kLabel ? "(no label)" : "(none)";
}

Identities identities(const pkcs11::Session& session) {
  Identities all;
  for (const auto handle : session.find(pkcs11::Template{})) {
    std::string text;
    for (const Attr attribute : {Attr::kClass, Attr::kLabel, Attr::kId, Attr::kToken}) {
      const auto value = session.read_bytes(handle, attribute);
      text += fmt::format("{} {}, ", pkcs11::attribute_info(attribute).name,
                          value ? shown(attribute, *value) : "unknown");
    }
    all.insert(text.substr(0, text.size() - 2));
  }
  return all;
}

std::string only_in(const Identities& one, const Identities& other) {
  std::vector<std::string> lone;
  std::set_difference(one.begin(), one.end(), other.begin(), other.end(), std::back_inserter(lone));
  return lone.empty() ? "nothing" : fmt::format("{}", fmt::join(lone, "; "));
}

// `undestroyed`: what the token answered when a throw-away key was to be removed.
void require_unchanged(const pkcs11::TokenInfo& token, const Identities& before,
                       const Identities& after, const std::optional<Error>& undestroyed) {
  if (before == after) return;
  const Error error(
      Kind::kToken, "token-changed",
      fmt::format(
          "token {} (model \"{}\", serial \"{}\") does not hold the same objects as before: "
          "{} before, {} now; new: {}; gone: {}{}",
          token.label.empty() ? std::string("(no label)")
                              : fmt::format("\"{}\"", printable(token.label)),
          printable(token.model), printable(token.serial), before.size(), after.size(),
          only_in(after, before), only_in(before, after),
          undestroyed ? "; " + pkcs11::without_answer(*undestroyed) : ""),
      "close all sessions of the token; if the objects remain, remove them with the "
      "tools of the token's vendor");
  if (undestroyed && undestroyed->ckr()) throw Error(error).with_ckr(*undestroyed->ckr());
  throw Error(error);
}

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
  for (auto table : {generation_probes, wrapping_probes, use_probes, protection_probes}) {
    auto rows = table();
    all.insert(all.end(), std::make_move_iterator(rows.begin()),
               std::make_move_iterator(rows.end()));
  }
  return all;
}

}  // namespace

TokenCheckRow row_of(act::Literal group, const act::Words& what,
                     const std::function<Finding()>& run) {
  TokenCheckRow row{.group = group, .what = what};
  try {
    Finding finding = pkcs11::find_out(
        fmt::format("token-check's row \"{}: {}\"", group.text(), what.text()), run,
        [](const Error& no) {
          return Finding{.outcome = wrap::Outcome::kRefused,
                         .detail = no.message(),
                         .ckr = no.ckr(),
                         .call = pkcs11::call_of(no)};
        },
        [](const Error& first, const Error& /*again*/) {
          return Finding{.outcome = wrap::Outcome::kUndecided,
                         .detail = first.message(),
                         .ckr = first.ckr(),
                         .call = pkcs11::call_of(first)};
        });
    row.outcome = finding.outcome;
    row.detail = std::move(finding.detail);
    row.how = std::move(finding.how);
    row.ckr = std::move(finding.ckr);
    row.call = std::move(finding.call);
  } catch (const Error& error) {
    if (error.kind() == Kind::kInternal || error.kind() == Kind::kPin || error.ckr()) throw;
    // Without an answer of the token the call went well and what came out was wrong.
    row.outcome = wrap::Outcome::kLies;
    row.detail = "CKR_OK, but " + error.message();
  }
  return row;
}

std::string_view finding_name(const TokenCheckRow& row) {
  return row.outcome ? wrap::outcome_name(*row.outcome) : "not tried";
}

Finding from(const wrap::SelfTestResult& result) {
  if (result.detail == wrap::kVendorNotListed) return not_tried("a vendor's number, not listed");
  const bool works = result.outcome == wrap::Outcome::kWorks;
  return {.outcome = result.outcome,
          .detail = result.detail,
          .ckr = result.ckr,
          .how = act::Words(!works ? act::Literal("does not open as it was asked for")
                            : result.padded_pkcs8 ? kOpenedPadded
                                                  : kOpened),
          .call = result.call};
}

const std::vector<act::Field<TokenCheckRequest>>& TokenCheckRequest::table() {
  static const std::vector<act::Field<TokenCheckRequest>> fields{
      {{.name = "trusted",
        .help = "also try CKA_TRUSTED as security officer (asks for the security officer's PIN)",
        .binds = act::Binds::plain()},
       &TokenCheckRequest::trusted},
  };
  return fields;
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

namespace {

TokenCheckReport check_once(act::TokenSession& token, const TokenCheckRow& trusted) {
  TokenCheckReport report;
  report.token = token.info();
  report.module = token.module();
  const auto before = identities(token.session());
  {
    wrap::SelfTest tests(token.session());
    TokenUnderTest tested{token.session(), tests};
    for (const auto& probe : all_probes()) {
      report.rows.push_back(row_of(probe.group, probe.what, [&] { return probe.run(tested); }));
    }
  }
  report.rows.push_back(trusted);
  const auto after = identities(token.session());
  require_unchanged(token.info(), before, after, token.session().undestroyed());
  report.objects_before = before.size();
  report.objects_after = after.size();
  return report;
}

}  // namespace

TokenCheckReport check_token(act::TokenSession& token, const TokenCheckRow& trusted,
                             const std::function<void(const std::string&)>& note) {
  try {
    return check_once(token, trusted);
  } catch (const Error& error) {
    if (!token.is_lost(error)) throw;
    if (note)
      note(fmt::format("the connection to the token was lost: {}; connecting again, once",
                       error.message()));
  }
  // What was tried is gone with its session: all of it are session objects.
  token.reconnect();
  return check_once(token, trusted);
}

act::LogFacts TokenCheckReport::log_facts() const {
  std::vector<act::Fact> list;
  for (const auto& row : rows) {
    act::LogFacts facts{
        {"group", act::Words(row.group)},
        {"what", row.what},
        {"outcome", row.outcome ? act::Words::of(*row.outcome) : act::Words("not tried")}};
    if (row.ckr) {
      facts.add("ckr", act::Fact::of(*row.ckr));
    } else if (!row.how.empty()) {
      facts.add("how", row.how);
    }
    list.emplace_back(facts);
  }
  return {{"objects_before", objects_before}, {"objects_after", objects_after}, {"rows", list}};
}

Json TokenCheckReport::to_json() const {
  Json list = Json::array();
  for (const auto& row : rows) {
    Json json{{"group", row.group.text()},
              {"what", row.what.text()},
              {"outcome", finding_name(row)},
              {"detail", row.detail}};
    if (row.ckr)
      json["ckr"] = {
          {"function", row.ckr->function}, {"name", row.ckr->name}, {"value", row.ckr->value}};
    if (!row.call.empty()) json["call"] = row.call;
    list.push_back(std::move(json));
  }
  return {
      {"token", token.uri()},
      {"module",
       {{"path", module.path}, {"description", module.description}, {"version", module.version}}},
      {"objects_before", objects_before},
      {"objects_after", objects_after},
      {"rows", list}};
}

}  // namespace keyrite::token_check
