// generate-kek as an act: what a dry run tells, and how the key that was made is shown.
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "act/act.h"
#include "base/text.h"
#include "crypto/random.h"
#include "keys/generate_kek.h"
#include "keys/key_origin.h"
#include "keys/key_report.h"
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
  if (key.trusted_only)
    rows.push_back({"wrap-with-trusted", std::string(wrap::enforcement_name(*key.trusted_only))});
  if (key.public_key) rows.push_back({"public key SHA-256", key.public_key->sha256()});
  if (!key.public_key && !key.use_sha256) {
    rows.push_back({"fingerprint",
                    "none: the key may not encrypt, so no later act can show by the "
                    "log that a key in this token is this one"});
  }
  return {fmt::format("made {} \"{}\" in token \"{}\"", key.plan.type.name(),
                      printable(key.plan.traits.label), printable(key.token.label)),
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

act::Outcome previewed(const GenerateKekPlan& plan, act::AtWork& at) {
  check(plan, at.token());
  return {.document = plan.to_json(), .text = {text_of(plan)}};
}

// Where the result is logged, wrap-for-import can show later where the key came from.
void tell_origin(act::Outcome& outcome, std::optional<std::uint64_t> entry) {
  outcome.document["log_entry"] = entry ? Json(*entry) : Json(nullptr);
  outcome.text.push_back("origin: " +
                         (entry ? origin_text(KeyOrigin::kLogged, entry)
                                : std::string("made in this token, not logged: later acts have "
                                              "only the token's own report of that")));
}

act::Outcome performed(const GenerateKekPlan& plan, act::AtWork& at) {
  const GeneratedKey key = perform(plan, at.token());
  return {.document = key.to_json(),
          .text = text_of(key),
          .facts = key.log_facts(),
          .lasting = lasting_of(plan),
          .when_logged = tell_origin};
}

}  // namespace

act::Act generate_kek(const GenerateKekRequest& request) {
  return {approval::operation_named(kGenerateKekAct), [request](const act::Context& /*context*/) {
            const auto plan = keys::plan(request, crypto::random_bytes(kIdBytes));
            return act::PreparedAct{
                .intent = intent_of(plan, request),
                .preview = [plan](act::AtWork& at) { return previewed(plan, at); },
                .perform = [plan](act::AtWork& at) { return performed(plan, at); }};
          }};
}

}  // namespace keyrite::keys
