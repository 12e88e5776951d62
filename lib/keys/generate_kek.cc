#include "keys/generate_kek.h"

#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "act/logged_step.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "base/presence.h"
#include "base/text.h"
#include "keys/check_values.h"
#include "keys/new_objects.h"
#include "keys/read_back.h"
#include "keys/use_fingerprint.h"
#include "keys/use_once.h"
#include "pkcs11/ckr.h"
#include "wrap/key_check_value.h"

namespace keyrite::keys {

namespace {

void require_free(pkcs11::Session& session, const GenerateKekPlan& plan) {
  const auto [by_label, by_id] = namesakes(session, plan.traits);
  if (by_label != 0) {
    throw Error(Kind::kToken, "label-taken",
                fmt::format("the token already holds {} with the label \"{}\"",
                            counted(by_label, "object"), plan.traits.label),
                "choose another label; two keys with one label cannot be told apart");
  }
  if (by_id != 0) {
    throw Error(
        Kind::kToken, "id-taken",
        fmt::format("the token already holds an object with the id {}", to_hex(plan.traits.id)),
        "leave --id out for a random one");
  }
}

void set_check_values(GeneratedKey& result, pkcs11::Session& session, const wrap::MadeKey& made) {
  const GenerateKekPlan& plan = result.plan;
  result.check_values =
      check_values_by_use(session, plan.type, plan.traits.usage, made.key, result.public_key);
  if (result.check_values.empty()) {
    auto attribute = check_value_of_attribute(session, plan.type, made.key);
    result.no_check_value = std::move(attribute.why_none);
    result.no_check_value_code = std::move(attribute.code);
    result.check_values = std::move(attribute.values);
  }
  if (!plan.type.is_secret()) return;
  auto computed = wrap::key_check_value(session, made.key);
  if (computed.value) result.check_values.push_back(*std::move(computed.value));
  result.no_key_check_value = std::move(computed.why_none);
  result.no_key_check_value_answer = std::move(computed.answer);
}

// Reads back, uses and reports what was made.
void inspect(GeneratedKey& result, pkcs11::Session& session, const wrap::MadeKey& made) {
  const GenerateKekPlan& plan = result.plan;
  result.attributes = read_back(session, made.key, made.templates.key);
  if (made.public_half) {
    (void)read_back(session, *made.public_half, made.templates.public_half);
    result.public_key = wrap::read_public_key(session, *made.public_half, plan.type);
  }
  result.used_by = use_once(session, plan.type, plan.traits.usage, made.key, made.public_half,
                            result.public_key);
  set_check_values(result, session, made);
  result.use_sha256 = use_fingerprint(session, plan.type, plan.traits.usage, made.key);
  if (plan.traits.wrap_with_trusted) result.trusted_only = wrap::untrusted_is_refused(session);
}

// As the fullest template asks: what another key could be under the same names is not taken.
wrap::MadeKey objects_of(const pkcs11::Session& session, const GenerateKekPlan& plan) {
  const auto& traits = plan.traits;
  const auto find = [&](pkcs11::ObjectClass object_class) {
    return session.find(pkcs11::Template{}
                            .set<pkcs11::Attr::kClass>(object_class)
                            .set<pkcs11::Attr::kLabel>(traits.label)
                            .set<pkcs11::Attr::kId>(traits.id));
  };
  const bool secret = plan.type.is_secret();
  const auto keys =
      find(secret ? pkcs11::ObjectClass::kSecretKey : pkcs11::ObjectClass::kPrivateKey);
  const auto halves = secret ? decltype(keys){} : find(pkcs11::ObjectClass::kPublicKey);
  const auto [by_label, by_id] = namesakes(session, traits);
  const std::size_t expected = secret ? 1 : 2;
  if (keys.size() != 1 || halves.size() != expected - 1 || by_label != expected ||
      by_id != expected) {
    throw Error(Kind::kToken, "object-not-found",
                fmt::format("the token holds {} with this label, and {} with this id, which are "
                            "not those of one key",
                            counted(by_label, "object"), counted(by_id, "object")));
  }
  wrap::MadeKey made{.key = keys.front(), .templates = wrap::key_templates(plan.type, traits)};
  if (!halves.empty()) made.public_half = halves.front();
  return made;
}

void require_made_here(const GeneratedKey& key) {
  for (const auto& [name, value] : key.attributes) {
    if (name != "CKA_LOCAL" || value == "true") continue;
    throw Error(Kind::kToken, "attribute-differs",
                fmt::format("CKA_LOCAL is {}: this key was not made in this token", value));
  }
}

// The interrupted run wrote the file, or did not come to that.
void write_public_half(const GeneratedKey& key) {
  const auto& path = key.plan.public_out;
  if (!path) return;
  const std::string pem = key.public_key->pem();
  if (!is_there(*path)) {
    write_new_file(*path, as_bytes(pem));
  } else if (as_text(read_file(*path)) != pem) {
    throw Error(Kind::kUsage, "output-exists",
                fmt::format("{} has another public half", printable(*path)));
  }
}

}  // namespace

void check(const GenerateKekPlan& plan, act::TokenSession& token) {
  if (plan.public_out) require_writable_new_path(*plan.public_out);
  require_free(token.session(), plan);
}

GeneratedKey perform(const GenerateKekPlan& plan, act::TokenSession& token) {
  check(plan, token);
  // A key in the token that nobody told of must not be: no exception of whatever kind comes between
  // its making and the end of its inspection.
  NewObjects objects(token, plan.type, plan.traits);
  GeneratedKey result{.plan = plan, .token = token.info()};
  try {
    objects.make();
    objects.require_alone();
    inspect(result, token.session(), objects.made());
    if (plan.public_out) write_new_file(*plan.public_out, as_bytes(result.public_key->pem()));
  } catch (...) {
    objects.take_back(act::caught());
  }
  return result;
}

GeneratedKey take_over(const GenerateKekPlan& plan, act::TokenSession& token) {
  const std::string name =
      fmt::format("\"{}\", id {}", printable(plan.traits.label), to_hex(plan.traits.id));
  GeneratedKey result{.plan = plan, .token = token.info()};
  try {
    inspect(result, token.session(), objects_of(token.session(), plan));
    require_made_here(result);
    write_public_half(result);
  } catch (const Error& error) {
    Error open(error.kind(), error.code(),
               fmt::format("the key {} of the interrupted run cannot be taken over: {}", name,
                           pkcs11::without_answer(error)),
               fmt::format("look at {} with the tools of the token's vendor; remove it, and a key "
                           "can be made anew",
                           name));
    if (error.ckr()) throw std::move(open).with_ckr(*error.ckr());
    throw Error(std::as_const(open));
  }
  return result;
}

}  // namespace keyrite::keys
