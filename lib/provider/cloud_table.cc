// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "provider/cloud_table.h"

#include <algorithm>
#include <array>

#include "base/error.h"

namespace keyrite::provider {

const Cloud& cloud_of(Provider provider) {
  static const std::array<Cloud, 3> table{aws::cloud(), azure::cloud(), google::cloud()};
  const auto* const row = std::find_if(table.begin(), table.end(),
                                       [&](const Cloud& one) { return one.provider == provider; });
  if (row == table.end())
    throw Error(Kind::kInternal, "value-outside-table", "a provider outside the table");
  return *row;
}

}  // namespace keyrite::provider
