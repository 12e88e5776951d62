// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "shredding/internal/shredding_closing.h"

#include <utility>

#include "act/closing.h"

namespace keyrite::shredding {

namespace {

std::vector<std::string> about(std::vector<std::string> parts, const ShredRequest& request) {
  parts.push_back(act::option("tenant", request.tenant));
  if (request.key) parts.push_back(act::option("key", *request.key));
  if (request.version) parts.push_back("--version " + std::to_string(*request.version));
  return parts;
}

}  // namespace

std::string closing_of(const ShredRequest& request, const std::vector<std::string>& written,
                       bool over, const act::Context& context) {
  std::vector<act::NextStep> next;
  for (const auto& folder : written) {
    for (auto& step : act::script_steps(folder, "delete the key")) next.push_back(std::move(step));
    auto parts = about({"keyrite shred"}, request);
    parts.push_back(act::option("reason", request.reason));
    parts.push_back(act::option("answers", folder + ".answers"));
    next.push_back({"bring what the clouds answered back",
                    act::as_here(context, act::NextAt::kToken, std::move(parts))});
  }
  if (over) {
    auto parts = about({"keyrite shred certificate"}, request);
    parts.emplace_back("--out FOLDER");
    next.push_back({"write down what is proven of it",
                    act::as_here(context, act::NextAt::kToken, std::move(parts))});
  }
  return act::closing(context, {}, next);
}

}  // namespace keyrite::shredding
