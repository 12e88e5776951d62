// What a key of a tenant serves at providers: destinations, added, changed and retired as logged
// acts on files, listed and shown without the log's lock. What a destination is decides where a key
// goes, so the log has the SHA-256 of each decision about it. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/act.h"
#include "act/chosen_destination.h"
#include "act/request.h"
#include "inventory/shown.h"
#include "provider/options.h"

namespace keyrite::inventory {

// The options of wrap-for-import that hold for every import into a destination. Those of the other
// clouds are refused.
struct PlaceOptions : provider::aws::ImportOptions,
                      provider::azure::ImportOptions,
                      provider::google::ImportOptions {
  bool allow_unverified{false};
};

struct AddDestinationsRequest : PlaceOptions {
  std::optional<std::string> name{};
  std::optional<std::string> tenant{};
  std::optional<std::string> key{};
  std::optional<std::string> provider{};
  std::optional<std::string> account{};
  std::optional<std::string> container{};
  std::optional<std::string> from{};  // file
  [[nodiscard]] static const std::vector<act::Field<AddDestinationsRequest>>& table();
};
using act::ChosenDestination;
struct ChangeDestinationRequest : PlaceOptions {
  ChosenDestination chosen() const { return {destination, tenant, key, provider}; }
  std::string destination{};
  std::string tenant{};
  std::string key{};
  std::optional<std::string> provider{};
  std::vector<std::string> without{};
  [[nodiscard]] static const std::vector<act::Field<ChangeDestinationRequest>>& table();
};
struct RetireDestinationRequest : ChosenDestination {
  std::string reason{};
  bool end{false};
  [[nodiscard]] static const std::vector<act::Field<RetireDestinationRequest>>& table();
};
struct ListDestinationsRequest {
  std::string tenant{};
  std::optional<std::string> key{};
  [[nodiscard]] static const std::vector<act::Field<ListDestinationsRequest>>& table();
};
struct ShowDestinationRequest : ChosenDestination {
  [[nodiscard]] static const std::vector<act::Field<ShowDestinationRequest>>& table();
};

// All of these: those of Registry; kUsage "site-not-given", "name-invalid", "tenant-unknown",
// "key-unknown"; kVerification "decision-edited" where what is in force is not what the log says.
// add: those of provider::make_place and read_records; kUsage "name-or-file",
// "destination-incomplete", "destination-twice", "option-not-for-provider"; kFailed
// "destination-exists", "tenant-not-active", "region-outside-jurisdictions".
[[nodiscard]] act::Act add_destinations(const AddDestinationsRequest& request);
// These three: kUsage "destination-unknown", "destination-ambiguous". Errors as add, and kUsage
// "nothing-to-change"; kFailed "destination-retired".
[[nodiscard]] act::Act change_destination(const ChangeDestinationRequest& request);
// Errors kFailed "destination-retired", "destination-not-retired".
[[nodiscard]] act::Act retire_destination(const RetireDestinationRequest& request);
[[nodiscard]] Shown show_destination(const ShowDestinationRequest& request,
                                     const act::Context& context);

[[nodiscard]] Shown list_destinations(const ListDestinationsRequest& request,
                                      const act::Context& context);

}  // namespace keyrite::inventory
