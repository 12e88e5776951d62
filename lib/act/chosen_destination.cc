#include "act/chosen_destination.h"

#include <vector>

#include <fmt/format.h>

#include "act/tenant_key.h"
#include "base/error.h"
#include "base/text.h"
#include "provider/provider.h"

namespace keyrite::act {

namespace {

// By the name alone, or by the identifier that the cloud has.
bool is_called(const registry::Destination& row, const std::string& text) {
  if (row.name == text) return true;
  switch (provider::parse_provider(row.provider)) {
    case provider::Provider::kAws:
      return text.starts_with("arn:") &&
             text.ends_with(fmt::format(":{}:{}:{}{}", row.region, row.account,
                                        row.name.starts_with("alias/") ? "" : "key/", row.name));
    case provider::Provider::kAzure:
      return text == fmt::format("https://{}/keys/{}", row.container, row.name);
    case provider::Provider::kGoogle:
      return text == fmt::format("projects/{}/locations/{}/keyRings/{}/cryptoKeys/{}", row.account,
                                 row.region, row.container, row.name);
  }
  return false;
}

std::vector<registry::Destination> matching(const std::vector<registry::Destination>& all,
                                            const ChosenDestination& chosen, bool retired) {
  std::vector<registry::Destination> found;
  for (const auto& row : all) {
    if (row.id == chosen.destination) return {row};
    if (is_called(row, chosen.destination) && row.retired.has_value() == retired &&
        (!chosen.provider || *chosen.provider == row.provider))
      found.push_back(row);
  }
  return found;
}

[[noreturn]] void refuse_ambiguous(const std::vector<registry::Destination>& found,
                                   const std::string& name) {
  std::string list;
  for (const auto& row : found) {
    list += fmt::format("{}{} ({}, {})", list.empty() ? "" : "; ", row.id, row.provider,
                        printable(row.region));
  }
  throw Error(Kind::kUsage, "destination-ambiguous",
              fmt::format("the key has {} destinations \"{}\"", found.size(), printable(name)),
              "give the id of one: " + list);
}

}  // namespace

registry::Destination destination_chosen(const registry::Stores& stores,
                                         const ChosenDestination& chosen) {
  const auto key = key_named(stores, chosen.tenant, chosen.key);
  const auto all = stores.destinations.of(key.id);
  auto found = matching(all, chosen, false);
  if (found.empty()) found = matching(all, chosen, true);
  if (found.size() > 1) refuse_ambiguous(found, chosen.destination);
  if (found.size() == 1) return found.front();
  throw Error(
      Kind::kUsage, "destination-unknown",
      fmt::format("key \"{}\" of tenant \"{}\" has no destination \"{}\"{}", printable(chosen.key),
                  printable(chosen.tenant), printable(chosen.destination),
                  chosen.provider ? " at " + printable(*chosen.provider) : std::string()),
      "keyrite destination list shows the destinations that there are");
}

std::string region_text(const registry::Destination& row) {
  return printable(row.region) + (row.region_declared ? " (declared)" : "");
}

std::string place_text(const registry::Destination& row) {
  return fmt::format("\"{}\" at {}", printable(row.name),
                     provider::provider_title(provider::parse_provider(row.provider)));
}

}  // namespace keyrite::act
