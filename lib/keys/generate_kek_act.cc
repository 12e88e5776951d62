// generate-kek as an act: what a dry run tells, and how the key that was made is shown.
#include <charconv>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "act/act.h"
#include "act/closing.h"
#include "act/tenant_key.h"
#include "base/lower_hex.h"
#include "base/screen.h"
#include "base/text.h"
#include "crypto/random.h"
#include "keys/activate_key.h"
#include "keys/generate_kek.h"
#include "keys/key_origin.h"
#include "keys/next_version.h"
#include "keys/read_back.h"
#include "pkcs11/attribute.h"

namespace keyrite::keys {

namespace {

constexpr std::size_t kIdBytes = 16;

std::string text_of(const GenerateKekPlan& plan) {
  return fmt::format(
      "would make {} \"{}\" (id {}) with {}, usage {}, {}extractable{}; the label is free",
      plan.type.name(), printable(plan.traits.label),
      plan.random_id ? std::string("random") : to_hex(plan.traits.id), plan.mechanism,
      wrap::usage_name(plan.traits.usage), plan.traits.extractable ? "" : "not ",
      plan.traits.wrap_with_trusted ? ", wrapped by trusted keys only" : "");
}

// As it was read, but for a mechanism, which is read as a number.
std::string shown(std::string_view name, const std::string& value, const KeyType& type) {
  if (name != pkcs11::attribute_info(pkcs11::Attr::kKeyGenMechanism).name) return value;
  unsigned long number = 0;
  const char* const end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, number);
  return read.ec == std::errc() && read.ptr == end ? generation_mechanism_text(number, type)
                                                   : value;
}

std::vector<std::string> text_of(const GeneratedKey& key) {
  std::vector<std::vector<std::string>> rows{{"id", to_hex(key.plan.traits.id)}};
  for (const auto& [name, value] : key.attributes) {
    if (name != "CKA_ID" && name != "CKA_LABEL")
      rows.push_back({name, shown(name, value, key.plan.type)});
  }
  rows.push_back({"tried", key.used_by.text()});
  for (const auto& value : key.check_values)
    rows.push_back({"check value " + value.alg, value.value});
  if (key.check_values.empty()) rows.push_back({"check value", "none: " + key.no_check_value});
  if (!key.no_key_check_value.empty()) {
    rows.push_back(
        {fmt::format("check value {}", crypto::kHkdfSha256), "none: " + key.no_key_check_value});
  }
  if (key.trusted_only)
    rows.push_back({"wrap-with-trusted", std::string(wrap::enforcement_name(*key.trusted_only))});
  if (key.public_key) rows.push_back({"public key SHA-256", key.public_key->sha256()});
  if (!key.public_key && !key.use_sha256) {
    rows.push_back({"fingerprint",
                    "none: the key may not encrypt, so no later act can show by the "
                    "log that a key in this token is this one"});
  }
  return {fmt::format("{} {} \"{}\" in token \"{}\"", key.plan.made_before ? "took over" : "made",
                      key.plan.type.name(), printable(key.plan.traits.label),
                      printable(key.token.label)),
          format_table(rows)};
}

act::Lasting lasting_of(const GenerateKekPlan& plan) {
  const std::string name =
      fmt::format("\"{}\", id {}", printable(plan.traits.label), to_hex(plan.traits.id));
  return {
      .made = fmt::format("the key {} was made and is in the token", name),
      .code = "key-made-unreported",
      .hint = fmt::format(
          "the key {} is complete: keep it, or remove it before you run the command again", name)};
}

// What is planned: a key by its own name, or the next version of a tenant's.
struct Planned {
  GenerateKekPlan plan{};
  std::optional<NextVersion> next{};
};

act::Outcome previewed(const Planned& planned, act::AtWork& at) {
  if (!planned.plan.made_before) check(planned.plan, at.token());
  act::Outcome outcome{.document = planned.plan.to_json(), .text = {text_of(planned.plan)}};
  if (planned.next) {
    outcome.document["version"] = to_json(*planned.next);
    outcome.text.push_back("it would be " + text_of(*planned.next));
  }
  return outcome;
}

std::vector<act::Noted> noted_of(const GeneratedKey& key) {
  std::vector<act::Noted> noted{{"label", key.plan.traits.label},
                                {"id", in_fours(to_hex(key.plan.traits.id))}};
  for (const auto& value : key.check_values) {
    const bool is_sha256 = value.value.size() == 2 * kSha256Bytes;
    noted.push_back({fmt::format("check value {}", value.alg),
                     is_sha256 ? value.value : in_fours(value.value)});
  }
  if (key.public_key) noted.push_back({"SHA-256 of the public key", key.public_key->sha256()});
  return noted;
}

std::vector<std::string> wrap_parts(const Planned& planned, provider::Provider cloud) {
  const std::string name(provider::provider_name(cloud));
  std::vector<std::string> parts{fmt::format("keyrite wrap-for-import {}", name)};
  if (planned.next) {
    parts.push_back(act::option("tenant", planned.next->tenant.name.value()));
    parts.push_back(act::option("key", planned.next->key.name.value()));
    parts.insert(parts.end(), {"--destination DESTINATION", "--parameters FILE", "--out FOLDER"});
    return parts;
  }
  const std::string& label = planned.plan.traits.label;
  parts.push_back(act::option("label", label));
  parts.emplace_back("--parameters FILE");
  if (cloud == provider::Provider::kAws) parts.emplace_back("--wrapping-algorithm ALGORITHM");
  if (cloud == provider::Provider::kGoogle) parts.emplace_back("--key CLOUD-KEY");
  parts.push_back(act::option("out", fmt::format("{}.{}", label, name)));
  return parts;
}

// For each cloud that the key was made for. What stands in capitals comes from the cloud.
std::vector<act::NextStep> next_of(const Planned& planned, const act::Context& context) {
  std::vector<act::NextStep> next;
  for (const auto cloud : planned.plan.providers) {
    next.push_back({fmt::format("fetch the import parameters of {}, and wrap the key for it",
                                provider::provider_title(cloud)),
                    act::as_here(context, act::NextAt::kToken, wrap_parts(planned, cloud))});
  }
  if (planned.next)
    next.push_back(activation_step(planned.next->tenant.name.value(),
                                   planned.next->key.name.value(), context));
  return next;
}

std::string closing_of(const Planned& planned, const GeneratedKey& key,
                       const act::Context& context) {
  return act::closing(context, noted_of(key), next_of(planned, context));
}

// Where the result is logged, wrap-for-import can show later where the key came from.
std::function<void(act::Outcome&, std::optional<std::uint64_t>)> tell_origin(
    const Planned& planned, const GeneratedKey& key, const act::Context& context) {
  return [end = closing_of(planned, key, context)](act::Outcome& outcome,
                                                   std::optional<std::uint64_t> entry) {
    outcome.document["log_entry"] = entry ? Json(*entry) : Json(nullptr);
    outcome.text.push_back("origin: " +
                           (entry ? origin_text(KeyOrigin::kLogged, entry)
                                  : std::string("made in this token, not logged: later acts have "
                                                "only the token's own report of that")));
    outcome.text.push_back(end);
  };
}

act::Outcome performed(const Planned& planned, act::AtWork& at) {
  if (planned.next) require_still_next(act::required_site(at.context()), *planned.next);
  auto waiting = act::busy(at.context(), "the token makes the key");
  const GeneratedKey key = planned.plan.made_before ? take_over(planned.plan, at.token())
                                                    : perform(planned.plan, at.token());
  waiting.reset();
  act::Outcome outcome{.document = key.to_json(),
                       .text = text_of(key),
                       .facts = key.log_facts(),
                       .lasting = lasting_of(planned.plan),
                       .when_logged = tell_origin(planned, key, at.context())};
  if (!planned.next) {
    if (at.context().site) outcome.registry = rows_of(key);
    return outcome;
  }
  outcome.document["version"] = to_json(*planned.next);
  outcome.document["version"]["state"] = registry::word(registry::VersionState::kPreActivation);
  outcome.text.push_back("it is " + text_of(*planned.next) + ", in pre-activation");
  outcome.registry = rows_of(key, *planned.next);
  return outcome;
}

Planned planned(const GenerateKekRequest& request, const act::Context& context) {
  require_way(request);
  const Bytes id =
      request.made_before ? from_hex(*request.made_before) : crypto::random_bytes(kIdBytes);
  if (!request.tenant) return {.plan = keys::plan(request, id)};
  auto next = next_version(act::required_site(context), *request.tenant, *request.key);
  Planned made{.plan = keys::plan(completed(request, next, id), id)};
  made.next = std::move(next);
  return made;
}

act::PreparedAct prepared(const GenerateKekRequest& request, const act::Context& context) {
  const Planned made = planned(request, context);
  act::PreparedAct act{.intent = intent_of(made.plan, request),
                       .preview = [made](act::AtWork& at) { return previewed(made, at); },
                       .perform = [made](act::AtWork& at) { return performed(made, at); }};
  if (made.next) {
    act.intent.inputs = inputs_of(made.plan, *made.next);
    act.intent.covers.keys = {made.next->key.id};
  }
  return act;
}

}  // namespace

act::Act generate_kek(const GenerateKekRequest& request) {
  return {approval::operation_named(kGenerateKekAct),
          [request](const act::Context& context) { return prepared(request, context); }};
}

}  // namespace keyrite::keys
