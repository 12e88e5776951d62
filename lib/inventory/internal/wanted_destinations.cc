// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "inventory/internal/wanted_destinations.h"

#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "inventory/internal/destination_rows.h"
#include "inventory/internal/rows.h"

namespace keyrite::inventory {

namespace {

const std::string& said(const std::optional<std::string>& text, std::string_view what) {
  if (!text) {
    throw Error(Kind::kUsage, "destination-incomplete",
                fmt::format("the destination does not say {}", what),
                "a destination needs NAME, --tenant, --key and --provider");
  }
  require_name(*text, what);
  return *text;
}

NewDestination new_destination(const AddDestinationsRequest& asked, Json options) {
  require_names(asked.account, "the account of a destination");
  require_names(asked.container, "the container of a destination");
  require_names(asked.region, "the region of a destination");
  return {.id = random_id(),
          .tenant = said(asked.tenant, "whose key it serves"),
          .key = said(asked.key, "which key it serves"),
          .provider = provider::parse_provider(said(asked.provider, "at which provider it is")),
          .words = {.name = said(asked.name, "the name at the provider"),
                    .account = asked.account,
                    .container = asked.container,
                    .region = asked.region},
          .options = std::move(options)};
}

NewDestination destination_in(const Record& record) {
  record.require_only(
      {"tenant", "key", "provider", "name", "account", "container", "region", "options"});
  AddDestinationsRequest asked;
  asked.tenant = record.optional_text("tenant");
  asked.key = record.optional_text("key");
  asked.provider = record.optional_text("provider");
  asked.name = record.optional_text("name");
  asked.account = record.optional_text("account");
  asked.container = record.optional_text("container");
  asked.region = record.optional_text("region");
  return new_destination(asked, record.object("options"));
}

bool says_place(const AddDestinationsRequest& request) {
  return request.tenant || request.key || request.provider || request.account ||
         request.container || request.region;
}

}  // namespace

std::vector<NewDestination> wanted_destinations(const AddDestinationsRequest& request,
                                                std::optional<RecordFile>& file) {
  if (request.name.has_value() == request.from.has_value() ||
      (request.from && says_place(request))) {
    throw Error(Kind::kUsage, "name-or-file",
                "destination add takes one NAME with its options, or --from",
                "give one of the two");
  }
  if (request.name) {
    auto one = new_destination(request, Json::object());
    one.options = given_options(request, one.provider);
    return {one};
  }
  file = read_records(*request.from, "destination");
  std::vector<NewDestination> list;
  for (const auto& record : file->records) list.push_back(destination_in(record));
  return list;
}

}  // namespace keyrite::inventory
