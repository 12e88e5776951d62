#include "site/policy.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "approval/operation.h"
#include "base/error.h"
#include "base/text.h"
#include "site/layout.h"

namespace keyrite::site {

namespace {

using approval::Policy;

constexpr const char* kHint =
    "correct [approvals.needed] of site.toml, or the roster; docs/formats/site.md says which "
    "operations there are, and which of them must have a line";

constexpr const char* kPinning = "destination-pin";

std::string names_of_operations() {
  std::vector<std::string_view> names;
  for (const auto& operation : approval::kOperations) {
    if (operation.policy != Policy::kNotAsked) names.push_back(operation.name);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

std::optional<PolicyFault> fault_of_name(const std::string& name) {
  const auto* const operation = approval::find_operation(name);
  if (operation != nullptr && operation->policy != Policy::kNotAsked) return std::nullopt;
  return PolicyFault{
      .code = "policy-operation-unknown",
      .sentence = fmt::format(
          "approvals.needed.{}: {}, so this line protects nothing; the operations are {}",
          printable(name),
          operation == nullptr ? "there is no such operation"
                               : "keyrite asks for no approvals of it",
          names_of_operations())};
}

std::optional<PolicyFault> fault_of_role(const std::string& name, const std::string& role,
                                         std::uint64_t needed,
                                         const std::optional<approval::Roster>& roster) {
  const std::uint64_t there = roster ? approval::people_of_role(*roster, role) : 0;
  if (there >= needed) return std::nullopt;
  return PolicyFault{
      .code = "policy-role-short",
      .sentence = fmt::format(
          "approvals.needed.{} needs {} of role {}, and {}", printable(name), needed, role,
          roster ? fmt::format("the roster has {}", there) : std::string("there is no roster"))};
}

}  // namespace

bool needs_anybody(const ApprovalSettings& settings) {
  return std::ranges::any_of(settings.needed, [](const auto& row) { return !row.second.empty(); });
}

std::vector<PolicyFault> policy_faults(const ApprovalSettings& settings,
                                       const std::optional<approval::Roster>& roster) {
  std::vector<PolicyFault> faults;
  for (const auto& [name, threshold] : settings.needed) {
    if (auto fault = fault_of_name(name)) faults.push_back(std::move(*fault));
    for (const auto& [role, needed] : threshold) {
      if (auto fault = fault_of_role(name, role, needed, roster))
        faults.push_back(std::move(*fault));
    }
  }
  for (const auto& operation : approval::kOperations) {
    const std::string name(operation.name);
    if (operation.policy != Policy::kMustName || settings.needed.contains(name)) continue;
    faults.push_back({.code = "policy-line-missing",
                      .sentence = fmt::format("approvals.needed.{} is missing: say whom it needs, "
                                              "or {} = \"{}\"",
                                              name, name, kNobody)});
  }
  return faults;
}

std::vector<PolicyFault> wrapping_key_faults(const Settings& settings,
                                             const std::optional<approval::Roster>& roster) {
  std::vector<PolicyFault> faults;
  const auto& keys = settings.wrapping_keys;
  if (keys.accepts(WrappingKeyBasis::kPinned) && !settings.approvals.needed.contains(kPinning)) {
    faults.push_back(
        {.code = "policy-line-missing",
         .sentence = fmt::format("wrapping-keys.accepted has \"pinned\", and approvals.needed.{} "
                                 "is missing: say whom it needs, or {} = \"{}\"",
                                 kPinning, kPinning, kNobody)});
  }
  const std::uint64_t there = roster ? approval::people_of_role(*roster, kFetcherRole) : 0;
  if (keys.accepts(WrappingKeyBasis::kVouched) && there < keys.fetchers) {
    faults.push_back({.code = "policy-role-short",
                      .sentence = fmt::format("wrapping-keys.fetchers needs {} of role {}, and {}",
                                              keys.fetchers, kFetcherRole,
                                              roster ? fmt::format("the roster has {}", there)
                                                     : std::string("there is no roster"))});
  }
  return faults;
}

void require_policy(const Settings& settings, const std::optional<approval::Roster>& roster) {
  auto faults = policy_faults(settings.approvals, roster);
  for (auto& fault : wrapping_key_faults(settings, roster)) faults.push_back(std::move(fault));
  if (faults.empty()) return;
  std::string text = "the approval policy is not valid:";
  for (const auto& fault : faults) text += "\n" + fault.sentence;
  throw Error(Kind::kConfig, faults.front().code, text, kHint);
}

}  // namespace keyrite::site
