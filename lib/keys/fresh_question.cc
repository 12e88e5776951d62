// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The question to a fresh process and its answer, as JSON.
#include <array>

#include <fmt/format.h>

#include "act/tenant_key.h"
#include "base/error.h"
#include "keys/fresh_look.h"
#include "site/site.h"

namespace keyrite::keys {

namespace {

constexpr std::array<std::string_view, 3> kCanaryWords{"not-tried", "opens-nowhere", "opened"};

[[noreturn]] void look_failed(const std::string& why) {
  throw Error(Kind::kUnknownOutcome, "fresh-look-failed",
              "no fresh process could look at the token: " + why,
              "whether the token still has the key is not known; run the same command again");
}

Json to_json(const Sought& one) {
  Json values = Json::array();
  for (const auto& value : one.check_values)
    values.push_back({{"alg", value.algorithm}, {"value", value.value}});
  return {{"key", one.id.key},
          {"number", one.id.number},
          {"cka_id", to_hex(one.cka_id)},
          {"label", one.label},
          {"type", one.type},
          {"check_values", std::move(values)},
          {"public_key_sha256", one.public_key_sha256 ? Json(*one.public_key_sha256) : Json()},
          {"canary_mechanism", one.canary_mechanism},
          {"canary", to_hex(one.canary)},
          {"canary_answer_sha256", one.canary_answer_sha256}};
}

Sought sought_of(const JsonView& told) {
  Sought one{.id = {told.text("key"), told.at("number").integer()},
             .cka_id = from_hex(told.text("cka_id")),
             .label = told.text("label"),
             .type = told.text("type"),
             .public_key_sha256 = told.optional_text("public_key_sha256"),
             .canary_mechanism = told.text("canary_mechanism"),
             .canary = from_hex(told.text("canary")),
             .canary_answer_sha256 = told.text("canary_answer_sha256")};
  for (const auto& value : told.at("check_values").items())
    one.check_values.push_back({value.text("alg"), value.text("value")});
  return one;
}

Json to_json(const FreshAnswer& answer) {
  Json list = Json::array();
  for (const auto& one : answer.seen) {
    Json objects = Json::array();
    for (const auto& object : one.objects)
      objects.push_back({{"id", object.id}, {"by", object.by}});
    list.push_back({{"objects", std::move(objects)},
                    {"canary", kCanaryWords.at(static_cast<std::size_t>(one.canary))}});
  }
  return {
      {"objects_seen", answer.objects_seen}, {"unread", answer.unread}, {"seen", std::move(list)}};
}

CanaryTried canary_word(const std::string& word) {
  for (std::size_t i = 0; i < kCanaryWords.size(); ++i) {
    if (kCanaryWords.at(i) == word) return static_cast<CanaryTried>(i);
  }
  look_failed("it answered in words of another program");
}

FreshAnswer answer_of(const JsonView& told) {
  FreshAnswer answer{.objects_seen = static_cast<std::uint64_t>(told.at("objects_seen").integer()),
                     .unread = static_cast<std::uint64_t>(told.at("unread").integer())};
  for (const auto& one : told.at("seen").items()) {
    Seen seen{.canary = canary_word(one.text("canary"))};
    for (const auto& object : one.at("objects").items())
      seen.objects.push_back({object.text("id"), object.text("by")});
    answer.seen.push_back(std::move(seen));
  }
  return answer;
}

std::string question_of(const act::TokenSession& token, const act::Context& context,
                        const std::vector<Sought>& sought) {
  Json list = Json::array();
  for (const auto& one : sought) list.push_back(to_json(one));
  const auto& binding = context.token;
  const auto& path = token.module().path;
  return Json{{"uri", token.info().uri()},
              {"module", path.empty() ? Json(binding.module.value_or("")) : Json(path)},
              {"init_args", binding.init_args ? Json(*binding.init_args) : Json()},
              {"log_key", act::required_site(context).settings.log.key_id},
              {"sought", std::move(list)}}
      .dump();
}

}  // namespace

std::string answer_question(const std::string& question, act::PinSource pin) {
  const Json json = parse_json(as_bytes(question), "the question");
  const JsonView told(json, "the question");
  const auto module = told.text("module");
  const act::TokenBinding binding{.uri = told.text("uri"),
                                  .module = module.empty() ? std::nullopt : std::optional(module),
                                  .init_args = told.optional_text("init_args"),
                                  .pin = std::move(pin)};
  std::vector<Sought> sought;
  for (const auto& one : told.at("sought").items()) sought.push_back(sought_of(one));
  act::TokenSession token(binding, pkcs11::Access::kReadOnly);
  const auto answer = look(token, from_hex(told.text("log_key")), sought);
  token.close();
  return to_json(answer).dump();
}

FreshAnswer look_afresh(act::TokenSession& token, const act::Context& context,
                        const std::vector<Sought>& sought) {
  if (!context.start_fresh) look_failed("this program starts none");
  try {
    const auto done = context.start_fresh(kFreshLookWord, question_of(token, context, sought),
                                          token.accepted_pin());
    const Json json = parse_json(as_bytes(done.answer), "its answer");
    const JsonView told(json, "its answer");
    if (done.exit_code != 0)
      look_failed(fmt::format("{} ({})", told.text("error"), told.text("code")));
    auto answer = answer_of(told);
    if (answer.seen.size() == sought.size()) return answer;
    look_failed("it did not answer what it was asked");
  } catch (const Error& error) {
    if (error.code() == "fresh-look-failed") throw;
    look_failed(error.message());
  }
}

}  // namespace keyrite::keys
