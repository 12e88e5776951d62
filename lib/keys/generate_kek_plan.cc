// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// A request becomes plain data, without a token.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "keys/generate_kek.h"
#include "provider/rules.h"

namespace keyrite::keys {

namespace {

// CKA_ID travels in URIs and other tools' options; some tokens refuse more.
constexpr std::size_t kMaxIdBytes = 32;
constexpr std::size_t kMaxLabelBytes = 64;

void check_label(const std::string& label) {
  if (has_blank_edges(label)) {
    throw Error(Kind::kUsage, "name-edges",
                fmt::format("the label \"{}\" begins or ends with a blank, which nobody sees",
                            printable(label)),
                "leave the blank out: two labels that look alike are taken for one another");
  }
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

}  // namespace

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

void require_way(const GenerateKekRequest& request) {
  if (request.tenant.has_value() != request.key.has_value()) {
    throw Error(Kind::kUsage, "tenant-without-key",
                fmt::format("--{} is given without --{}", request.tenant ? "tenant" : "key",
                            request.tenant ? "key" : "tenant"),
                "name the tenant and its key, or neither");
  }
  if (request.tenant) return;
  for (const auto& [name, value] :
       {std::pair("type", &request.type), std::pair("label", &request.label)}) {
    if (!value->empty()) continue;
    throw Error(Kind::kUsage, "value-missing", fmt::format("--{} is missing", name),
                "give it, or make a version of a tenant's key with --tenant and --key");
  }
}

GenerateKekPlan plan(const GenerateKekRequest& request, ByteView random_id) {
  const KeyType type = parse_key_type(request.type);
  check_label(request.label);
  GenerateKekPlan plan{.type = type,
                       .random_id = !request.id,
                       .public_out = request.public_out,
                       .made_before = request.made_before.has_value()};
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

}  // namespace keyrite::keys
