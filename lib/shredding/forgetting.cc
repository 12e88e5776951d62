// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "shredding/forgetting.h"

#include <utility>

#include <fmt/format.h>

#include "act/registry_reading.h"
#include "act/tenant_key.h"
#include "base/error.h"
#include "base/text.h"
#include "registry/registry.h"
#include "shredding/internal/forget_acts.h"
#include "shredding/internal/name_copy.h"
#include "shredding/internal/narrow_lines.h"
#include "site/layout.h"

namespace keyrite::shredding {

struct Forgetting::State {
  ShredRequest request{};
  act::Context context{};
  registry::Tenant tenant{};
  std::optional<std::string> name{};  // as it was, where this run knows it
  std::vector<std::string> elsewhere{};
  std::optional<LoggedForgetting> logged{};
  std::shared_ptr<Json> searched{std::make_shared<Json>()};

  void look();
  [[nodiscard]] registry::Tenant meant(const registry::Stores& stores,
                                       const site::Site& site) const;
  [[nodiscard]] bool is_forgotten() const {
    return tenant.state == registry::TenantState::kForgotten;
  }
  [[nodiscard]] std::string known_name() const;
};

// By the id, once it is known: the name is gone after the first act. The same command a second time
// gives the name, and the copy that has it.
registry::Tenant Forgetting::State::meant(const registry::Stores& stores,
                                          const site::Site& site) const {
  if (!tenant.id.empty()) return tenant_meant(stores, tenant.id);
  if (stores.tenants.find(request.tenant) || stores.tenants.named(request.tenant))
    return tenant_meant(stores, request.tenant);
  const auto copied = tenant_in_copy(*request.copy, request.tenant);
  const auto known = copied ? logged_forgetting(site, copied->id) : std::nullopt;
  if (known && known->copy_sha256 == copied->sha256) return tenant_meant(stores, copied->id);
  return tenant_meant(stores, request.tenant);
}

void Forgetting::State::look() {
  const auto& site = act::required_site(context);
  registry::Registry registry(site.path(site::kRegistryName));
  act::require_readable(registry, site);
  const auto view = registry.read();
  const auto& stores = *view.operator->();
  tenant = meant(stores, site);
  if (is_forgotten()) {
    logged = logged_forgetting(site, tenant.id);
    return;
  }
  name = tenant.name;
  elsewhere = still_named(forgettable(stores, site, tenant).scope);
}

std::string Forgetting::State::known_name() const {
  if (name) return *name;
  try {
    return name_in_copy(*request.copy, logged->copy_sha256);
  } catch (const Error& error) {
    if (error.code() != "file-unreadable") throw;
    throw Error(
        Kind::kFailed, "forget-unfinished",
        fmt::format("entry {} of the log forgot the tenant, and no entry says that its name "
                    "was searched for: only the copy that was written then has it",
                    logged->entry),
        "give that folder with --copy");
  }
}

Forgetting::Forgetting(ShredRequest request, act::Context context)
    : state_(std::make_unique<State>()) {
  require_sense(request);
  state_->request = std::move(request);
  state_->context = std::move(context);
  state_->look();
}
Forgetting::~Forgetting() = default;

std::optional<act::Act> Forgetting::next() {
  auto& state = *state_;
  if (state.context.dry_run) return std::nullopt;
  state.look();
  if (!state.is_forgotten()) return forget(state.request);
  if (!state.logged) {
    throw Error(Kind::kVerification, "version-differs",
                "the registry has the tenant as forgotten, and no entry of the log says so",
                "a row was changed, find out by whom");
  }
  if (state.logged->finished) return std::nullopt;
  return erase_name(state.tenant.id, state.known_name(), state.searched);
}

Json Forgetting::document() const {
  const auto& state = *state_;
  const bool is_done = state.is_forgotten() && state.logged && state.logged->finished;
  Json document{{"state", is_done ? "forgotten" : "to-do"},
                {"tenant", state.tenant.id},
                {"entry", state.logged ? Json(state.logged->entry) : Json()},
                {"copy_sha256", state.logged ? Json(state.logged->copy_sha256) : Json()},
                {"searched", *state.searched}};
  document["elsewhere"] = state.elsewhere;
  return document;
}

std::vector<std::string> Forgetting::text() const {
  const auto& state = *state_;
  std::vector<std::string> lines;
  if (!state.is_forgotten()) {
    lines = state.elsewhere;
    lines.emplace_back("the names of the tenant can go: nothing was changed");
    return narrow_lines(lines);
  }
  lines.push_back(fmt::format("tenant {} is forgotten, by entry {} of the log", state.tenant.id,
                              state.logged->entry));
  lines.emplace_back("the copy of its names has the SHA-256");
  lines.push_back("  " + state.logged->copy_sha256);
  if (state.name)
    lines.push_back(fmt::format("give {} to the controller, and keep no other copy",
                                printable(*state.request.copy)));
  if (state.searched->is_object()) {
    for (const auto& one : state.searched->at("columns_with_the_bytes"))
      lines.push_back("the bytes of the name are in a name of others too: registry, " +
                      one.get<std::string>());
    for (const auto& one : state.searched->at("files_with_the_bytes"))
      lines.push_back("keyrite does not change this file, which has the name: " +
                      printable(one.get<std::string>()));
  }
  for (const auto& one : state.elsewhere) lines.push_back(one);
  return narrow_lines(lines);
}

}  // namespace keyrite::shredding
