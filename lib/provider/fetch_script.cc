// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "provider/fetch_script.h"

#include <fmt/format.h>

#include "provider/client_text.h"
#include "provider/cloud_table.h"
#include "provider/fetch_text.h"

namespace keyrite::provider {

FetchedFiles fetched_files(const FetchOrder& order) {
  return cloud_of(provider_of(order.place.options)).fetched_files(order);
}

std::string fetch_script(const FetchOrder& order) {
  const auto provider = provider_of(order.place.options);
  const ClientCalls calls = cloud_of(provider).make_fetch(order);
  std::string script = fmt::format(
      "#!/bin/sh\n# Fetches import parameters of {}. This file contains no secrets.\n"
      "# ./fetch.sh --print shows the commands.\n"
      "# Values that the operator chose are in single quotes and are never expanded.\n"
      "# shellcheck disable=SC2016,SC2317,SC2329\nset -eu\numask 077\n\n"
      "client={}\nclient_needs='{}'\nask_sha256={}\n",
      provider_title(provider), calls.client, calls.needs, order.ask_sha256);
  for (const auto part : {kFetchStart, kCleanUp, kScriptHash, kFetchFiles, kScriptClient,
                          kAnswersFolder, kScriptCommands})
    script += part;
  return script + calls.functions + std::string(kFetchMain);
}

}  // namespace keyrite::provider
