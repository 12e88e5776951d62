// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "inventory/internal/next_steps.h"

#include <fmt/format.h>

#include "act/closing.h"

namespace keyrite::inventory {

namespace {

std::string tenant_option(const std::string& tenant) {
  return tenant.empty() ? std::string("--tenant TENANT") : act::option("tenant", tenant);
}

std::string key_option(const std::string& key) {
  return key.empty() ? std::string("--key KEY") : act::option("key", key);
}

}  // namespace

std::string after_tenants(const std::vector<std::string>& tenants, const act::Context& context) {
  const std::string tenant = tenants.size() == 1 ? tenants.front() : std::string();
  return act::closing(
      context, {},
      {{"add a key of the tenant; --help shows the types",
        act::as_here(context, act::NextAt::kFiles,
                     {"keyrite key add KEY", tenant_option(tenant), "--type TYPE"})}});
}

std::string after_key(const std::string& tenant, const std::string& key,
                      const act::Context& context) {
  return act::closing(
      context, {},
      {{"where it goes to a cloud, say to which; --help shows what each cloud needs",
        act::as_here(context, act::NextAt::kFiles,
                     {"keyrite destination add NAME", tenant_option(tenant), key_option(key),
                      "--provider PROVIDER"})},
       {"make its first version",
        act::as_here(context, act::NextAt::kToken,
                     {"keyrite generate-kek", tenant_option(tenant), key_option(key)})}});
}

std::string after_destination(const NewDestination& one, const act::Context& context) {
  const std::string tenant = tenant_option(one.tenant);
  const std::string key = key_option(one.key);
  return act::closing(
      context, {},
      {{"make a version of the key, where it has none",
        act::as_here(context, act::NextAt::kToken, {"keyrite generate-kek", tenant, key})},
       {fmt::format("fetch the import parameters of {}, and wrap the version for it",
                    provider::provider_title(one.provider)),
        act::as_here(
            context, act::NextAt::kToken,
            {fmt::format("keyrite wrap-for-import {}", provider::provider_name(one.provider)),
             tenant, key, act::option("destination", one.words.name), "--parameters FILE",
             "--out FOLDER"})}});
}

}  // namespace keyrite::inventory
