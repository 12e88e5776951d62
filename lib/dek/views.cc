#include "dek/views.h"

#include <algorithm>

#include <fmt/format.h>

#include "act/tenant_key.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "dek/record.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::dek {

namespace {

Json dek_json(const registry::Dek& dek) {
  Json json{{"id", dek.id},
            {"tenant", dek.tenant},
            {"key", dek.version.key},
            {"version", dek.version.number},
            {"kept", registry::word(dek.kept)},
            {"wrap", dek.mechanism},
            {"sha256", dek.wrapped_sha256},
            {"created", format_rfc3339(dek.created)},
            {"revision", dek.revision}};
  json["expires"] = dek.expires ? Json(format_rfc3339(*dek.expires)) : Json();
  json["holder"] = dek.holder ? Json(*dek.holder) : Json();
  return json;
}

std::string when_text(const std::optional<registry::Time>& time) {
  return time ? format_rfc3339(*time) : std::string("never");
}

registry::VersionId version_of(const registry::View& view, const registry::Key& key,
                               const ListDeksRequest& request) {
  if (request.version) return {key.id, *request.version};
  if (const auto version = view->versions.active(key.id)) return version->id;
  throw Error(
      Kind::kUsage, "version-unknown",
      fmt::format("the key \"{}\" has no active version", printable(key.name.value_or(key.id))),
      "give --key-version: keyrite key show lists the versions");
}

// By id, whoever keeps them.
std::vector<registry::Dek> page_of(const registry::View& view, const registry::VersionId& version,
                                   const std::string& after, std::uint32_t limit) {
  std::vector<registry::Dek> deks;
  for (const auto kept : {registry::Kept::kHere, registry::Kept::kCaller, registry::Kept::kGone}) {
    for (auto& dek :
         view->deks.page({.version = version, .kept = kept, .after = after, .limit = limit}))
      deks.push_back(std::move(dek));
  }
  std::ranges::sort(deks, {}, &registry::Dek::id);
  if (deks.size() > limit) deks.resize(limit);
  return deks;
}

}  // namespace

DekView show_dek(const ShowDekRequest& request, const act::Context& context) {
  const registry::Registry registry(act::required_site(context).path(site::kRegistryName));
  const auto view = registry.read();
  const auto dek = view->deks.find(request.id);
  if (!dek) {
    throw Error(Kind::kUsage, "dek-unknown",
                fmt::format("the registry has no data key {}", printable(request.id)),
                "it was never issued here, or was removed after its time");
  }
  const auto tenant = view->tenants.find(dek->tenant);
  const auto key = view->keys.find(dek->version.key);
  Json document = dek_json(*dek);
  if (dek->kept == registry::Kept::kHere) document["record"] = to_line(record_of(*dek));
  std::vector<std::vector<std::string>> rows{
      {"data key", dek->id},
      {"tenant", tenant && tenant->name ? printable(*tenant->name) : dek->tenant},
      {"wrapped by", key ? act::version_text(*key, dek->version) : dek->version.key},
      {"wrap", printable(dek->mechanism)},
      {"kept", std::string(registry::word(dek->kept))},
      {"SHA-256", dek->wrapped_sha256},
      {"created", format_rfc3339(dek->created)},
      {"expires", when_text(dek->expires)},
      {"holder", dek->holder ? printable(*dek->holder) : "-"},
      {"revision", std::to_string(dek->revision)}};
  return {std::move(document), {format_table(rows)}};
}

DekView list_deks(const ListDeksRequest& request, const act::Context& context) {
  const auto limit = request.limit.value_or(kLargestBatch);
  if (limit < 1 || limit > kLargestBatch) {
    throw Error(Kind::kUsage, "dek-count",
                fmt::format("a page of {} data keys is not shown", limit),
                fmt::format("give a --limit from 1 to {}", kLargestBatch));
  }
  const registry::Registry registry(act::required_site(context).path(site::kRegistryName));
  const auto view = registry.read();
  const auto key = act::key_named(*view.operator->(), request.tenant, request.key);
  const auto version = version_of(view, key, request);
  const auto deks = page_of(view, version, request.after.value_or(""), limit);
  Json list = Json::array();
  std::vector<std::vector<std::string>> rows{{"data key", "kept", "expires", "holder"}};
  for (const auto& dek : deks) {
    list.push_back(dek_json(dek));
    rows.push_back({dek.id, std::string(registry::word(dek.kept)), when_text(dek.expires),
                    dek.holder ? printable(*dek.holder) : "-"});
  }
  Json document{{"key", key.id}, {"version", version.number}, {"deks", list}};
  // Where the next page begins; null: there is none.
  document["next"] = deks.size() == limit ? Json(deks.back().id) : Json();
  if (rows.size() == 1) return {std::move(document), {"no data keys are under this version"}};
  return {std::move(document), {format_table(rows)}};
}

}  // namespace keyrite::dek
