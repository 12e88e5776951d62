#include "keys/generate_kek.h"

#include <algorithm>

#include <fmt/format.h>

#include "act/logged_step.h"
#include "act/option_words.h"
#include "base/file.h"
#include "base/text.h"
#include "keys/key_report.h"
#include "keys/new_objects.h"
#include "keys/use_fingerprint.h"
#include "provider/rules.h"

namespace keyrite::keys {

namespace {

using pkcs11::Attr;

// CKA_ID travels in URIs and other tools' options; some tokens refuse more.
constexpr std::size_t kMaxIdBytes = 32;
constexpr std::size_t kMaxLabelBytes = 64;

void check_label(const std::string& label) {
  if (label.empty() || label.size() > kMaxLabelBytes || printable(label) != label) {
    throw Error(Kind::kUsage, "label-invalid",
                fmt::format("the label \"{}\" is empty, longer than {} bytes, or not printable",
                            printable(label), kMaxLabelBytes),
                "choose a label such as acme-payments-v3");
  }
}

Bytes id_of(const GenerateKekRequest& request, ByteView random_id) {
  if (!request.id) return {random_id.begin(), random_id.end()};
  Bytes id;
  try {
    id = from_hex(*request.id);
  } catch (const Error&) {
    id.clear();
  }
  if (id.empty() || id.size() > kMaxIdBytes) {
    throw Error(
        Kind::kUsage, "id-invalid",
        fmt::format("--id \"{}\" is not 1 to {} bytes in hex", printable(*request.id), kMaxIdBytes),
        "leave --id out for a random one");
  }
  return id;
}

KeyUsage usage_for(const GenerateKekRequest& request, const KeyType& type, bool for_import) {
  const auto& possible = wrap::usages_of(type);
  if (request.usage) {
    const auto usage = wrap::parse_usage(*request.usage);
    if (std::find(possible.begin(), possible.end(), usage) == possible.end()) {
      throw Error(
          Kind::kUsage, "usage-not-for-type",
          fmt::format("a key of type {} cannot have the usage {}", type.name(), *request.usage),
          "leave --usage out for the default usage of the type");
    }
    return usage;
  }
  // A key for the cloud must answer challenges here, so that verify-import can compare; a KEK that
  // stays wraps.
  if (for_import && type.family == KeyFamily::kAes) return KeyUsage::kEncrypt;
  return possible.front();
}

void require_free(pkcs11::Session& session, const GenerateKekPlan& plan) {
  const auto [by_label, by_id] = namesakes(session, plan.traits);
  if (by_label != 0) {
    throw Error(Kind::kToken, "label-taken",
                fmt::format("the token already holds {} object(s) with the label \"{}\"", by_label,
                            plan.traits.label),
                "choose another label; two keys with one label cannot be told apart");
  }
  if (by_id != 0) {
    throw Error(
        Kind::kToken, "id-taken",
        fmt::format("the token already holds an object with the id {}", to_hex(plan.traits.id)),
        "leave --id out for a random one");
  }
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
  result.check_values =
      check_values(session, plan.type, plan.traits.usage, made.key, result.public_key);
  result.use_sha256 = use_fingerprint(session, plan.type, plan.traits.usage, made.key);
  if (result.check_values.empty()) {
    auto attribute = check_value_of_attribute(session, plan.type, made.key);
    result.no_check_value = std::move(attribute.why_none);
    result.no_check_value_code = std::move(attribute.code);
    result.check_values = std::move(attribute.values);
  }
  if (plan.traits.wrap_with_trusted) result.trusted_only = wrap::untrusted_is_refused(session);
}

}  // namespace

const std::vector<act::Field<GenerateKekRequest>>& GenerateKekRequest::table() {
  using R = GenerateKekRequest;
  static const std::vector<act::Field<R>> fields{
      {{.name = "type",
        .value = "TYPE",
        .help = "aes-128, aes-192, aes-256, generic-secret-N-bytes (N = 20 to 128), rsa-2048, "
                "rsa-3072, rsa-4096, "
                "ec-p256, ec-p384, ec-p521, ec-secp256k1 or ed25519",
        .need = act::Need::kRequired,
        .binds = act::Binds::word(act::is_key_type_word)},
       &R::type},
      {{.name = "label",
        .value = "LABEL",
        .help = "CKA_LABEL of the new key; must be free",
        .need = act::Need::kRequired,
        .binds = act::Binds::name()},
       &R::label},
      {{.name = "id",
        .value = "HEX",
        .help = "CKA_ID of the new key; must be free",
        .default_text = "random, 16 bytes",
        .binds = act::Binds::word(act::is_id_word)},
       &R::id},
      {{.name = "for",
        .value = "PROVIDER",
        .help = "the cloud that the key will be imported into: keyrite checks the key against that "
                "cloud's rules and makes it extractable",
        .choices = {"aws", "azure", "google"},
        .binds = act::Binds::plain()},
       &R::for_providers},
      {{.name = "usage",
        .value = "USAGE",
        .help =
            "what the key may do in the token: wrap, encrypt, sign or derive; never two of them",
        .default_text = "AES: wrap, with --for encrypt; others: sign",
        .choices = {"wrap", "encrypt", "sign", "derive"},
        .binds = act::Binds::plain()},
       &R::usage},
      {{.name = "extractable",
        .help = "set CKA_EXTRACTABLE, so that the key can be wrapped out of the token",
        .binds = act::Binds::plain()},
       &R::extractable},
      {{.name = "wrap-with-trusted",
        .help = "set CKA_WRAP_WITH_TRUSTED: only a wrapping key that the security officer trusts "
                "may wrap it",
        .binds = act::Binds::plain()},
       &R::wrap_with_trusted},
      {{.name = "allow-unverified",
        .help = "make the key although no provider documentation confirms that the cloud named by "
                "--for imports its type",
        .binds = act::Binds::plain()},
       &R::allow_unverified},
      {{.name = "public-out",
        .value = "FILE",
        .help = "write the public half as PEM to a new file",
        .binds = act::Binds::output()},
       &R::public_out},
  };
  return fields;
}

Json GenerateKekPlan::to_json() const {
  Json names = Json::array();
  for (const auto provider : providers) names.push_back(provider::provider_name(provider));
  return Json{{"key_type", type.name()},
              {"label", traits.label},
              {"id", random_id ? std::string("random") : to_hex(traits.id)},
              {"mechanism", mechanism},
              {"usage", wrap::usage_name(traits.usage)},
              {"extractable", traits.extractable},
              {"wrap_with_trusted", traits.wrap_with_trusted},
              {"for", names}};
}

GenerateKekPlan plan(const GenerateKekRequest& request, ByteView random_id) {
  const KeyType type = parse_key_type(request.type);
  check_label(request.label);
  GenerateKekPlan plan{.type = type, .random_id = !request.id, .public_out = request.public_out};
  for (const auto& name : request.for_providers) {
    const auto provider = provider::parse_provider(name);
    provider::check_key_type(
        provider, type, request.allow_unverified ? provider::Force::kYes : provider::Force::kNo);
    plan.providers.push_back(provider);
  }
  if (request.public_out && type.is_secret()) {
    throw Error(Kind::kUsage, "no-public-half",
                fmt::format("{} has no public half to write", type.name()),
                "leave --public-out out");
  }
  const bool for_import = !plan.providers.empty();
  if (request.wrap_with_trusted && !for_import && !request.extractable) {
    throw Error(Kind::kUsage, "trusted-without-extractable",
                "--wrap-with-trusted has no effect on a key that cannot be wrapped at all",
                "add --extractable or --for");
  }
  plan.traits = {.token = true,
                 .extractable = for_import || request.extractable,
                 .wrap_with_trusted = request.wrap_with_trusted,
                 .usage = usage_for(request, type, for_import),
                 .label = request.label,
                 .id = id_of(request, random_id)};
  plan.mechanism = wrap::generation_mechanism(type).name();
  return plan;
}

act::Intent intent_of(const GenerateKekPlan& plan, const GenerateKekRequest& request) {
  act::Intent intent{.act = kGenerateKekAct,
                     .request = act::record(request),
                     .label = plan.traits.label,
                     .id = to_hex(plan.traits.id)};
  if (plan.public_out) intent.outputs.push_back(*plan.public_out);
  return intent;
}

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

act::LogFacts GeneratedKey::log_facts() const {
  std::vector<act::Fact> providers;
  for (const auto provider : plan.providers) providers.emplace_back(act::Words::of(provider));
  act::LogFacts facts{{"key_id", act::Fact::id(to_hex(plan.traits.id))},
                      {"key_type", act::Words::of(plan.type)},
                      {"mechanism", act::Words::of(wrap::generation_mechanism(plan.type))},
                      {"usage", act::Words::of(plan.traits.usage)},
                      {"extractable", plan.traits.extractable},
                      {"wrap_with_trusted", plan.traits.wrap_with_trusted},
                      {"for", providers},
                      {"attributes", facts_of(attributes)},
                      {"tried", used_by},
                      {"check_values", act::Fact::of(check_values)}};
  if (check_values.empty()) facts.add("no_check_value", no_check_value_code);
  if (trusted_only) facts.add("wrap_with_trusted_is", act::Words::of(*trusted_only));
  if (public_key) facts.add("public_key", act::Fact::of(*public_key));
  if (use_sha256) facts.add("use_sha256", act::Fact::sha256(*use_sha256));
  return facts;
}

Json GeneratedKey::to_json() const {
  Json json = plan.to_json();
  json["id"] = to_hex(plan.traits.id);
  json["token"] = token.uri();
  Json read = Json::object();
  for (const auto& [name, value] : attributes) read[name] = value;
  json["attributes"] = read;
  json["tried"] = used_by.text();
  json["check_values"] = crypto::to_json(check_values);
  if (check_values.empty()) json["no_check_value"] = no_check_value;
  if (trusted_only) json["wrap_with_trusted_is"] = wrap::enforcement_name(*trusted_only);
  if (public_key) {
    json["public_key"] = {{"spki", to_base64(public_key->spki())},
                          {"sha256", public_key->sha256()}};
  }
  json["use_sha256"] = use_sha256 ? Json(*use_sha256) : Json(nullptr);
  return json;
}

}  // namespace keyrite::keys
