// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "provider/wrapping_choice.h"

#include <map>

#include "provider/cloud_table.h"

namespace keyrite::provider {

const std::vector<WrappingChoice>& wrapping_choices(Provider provider) {
  static const std::map<Provider, std::vector<WrappingChoice>> all = [] {
    std::map<Provider, std::vector<WrappingChoice>> choices;
    for (const Provider one : all_providers())
      choices.emplace(one, cloud_of(one).make_wrapping_choices());
    return choices;
  }();
  return all.at(provider);
}

}  // namespace keyrite::provider
