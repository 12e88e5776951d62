// Other tokens of a site that is a cluster: each holds the key that signs the site's log, and is
// named by its own URI. What a command does there is an act of the site. One thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "act/context.h"
#include "act/request.h"
#include "cli/command.h"

namespace keyrite::cli {

struct MemberRequest {
  std::vector<std::string> member{};  // RFC 7512 URIs
  [[nodiscard]] static const std::vector<act::Field<MemberRequest>>& table();
};

// The site's own token, and then the members: by the site's module and its source of PINs. Errors
// kUsage "member-without-site"; "pin-sources-conflict" (a URI with a pin-source); those of
// TokenUri::parse.
[[nodiscard]] std::vector<act::TokenBinding> tokens_of(const MemberRequest& members,
                                                       const Run& run);

// A command whose options are those of several requests.
template <class... Requests>
[[nodiscard]] std::function<PreparedCommand()> prepare_with_all(
    std::type_identity_t<int (*)(const Requests&..., Run&)> work) {
  return [work]() -> PreparedCommand {
    const auto requests = std::make_shared<std::tuple<Requests...>>();
    act::BoundRequest all;
    std::apply(
        [&](auto&... one) {
          (
              [&] {
                for (auto& field : act::bind(std::decay_t<decltype(one)>::table(), one))
                  all.push_back(field);
              }(),
              ...);
        },
        *requests);
    return {std::move(all), [requests, work](Run& run) {
              return std::apply([&](const auto&... one) { return work(one..., run); }, *requests);
            }};
  };
}

}  // namespace keyrite::cli
