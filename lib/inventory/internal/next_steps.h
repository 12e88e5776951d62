// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What people do next when a tenant, a key or a destination was added: the end of the act's text
// (act/closing.h). An empty name: there are several, each with its own. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "act/context.h"
#include "inventory/internal/wanted_destinations.h"

namespace keyrite::inventory {

[[nodiscard]] std::string after_tenants(const std::vector<std::string>& tenants,
                                        const act::Context& context);
[[nodiscard]] std::string after_key(const std::string& tenant, const std::string& key,
                                    const act::Context& context);
[[nodiscard]] std::string after_destination(const NewDestination& one, const act::Context& context);

}  // namespace keyrite::inventory
