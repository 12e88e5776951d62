// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "certificate/countersignature.h"

#include <algorithm>

#include <fmt/format.h>

#include "approval/approval_file.h"
#include "approval/signer.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"

namespace keyrite::certificate {

namespace {

[[noreturn]] void refuse_signature(std::string code, std::string message) {
  throw Error(Kind::kVerification, std::move(code), std::move(message),
              "have it signed by a person of the roster who did not perform the destruction");
}

}  // namespace

std::string countersigner(ByteView signature, std::string_view origin, std::string_view file,
                          const Verified& verified, const approval::Roster& roster) {
  const auto signer = approval::signer_of(approval::approval_file(std::string(origin), signature),
                                          as_bytes(file), roster, kCountersignNamespace,
                                          parse_rfc3339(verified.document.issued, "issued"));
  if (signer.person == nullptr || (signer.is_good && !signer.holds)) {
    refuse_signature("countersignature-unknown",
                     fmt::format("{} {}", printable(origin), signer.why));
  }
  if (!signer.is_good)
    refuse_signature("countersignature-wrong", fmt::format("{} {}", printable(origin), signer.why));
  const auto& identity = signer.person->identity;
  const auto is_they = [&](const std::string& name) {
    return approval::same_identity(name, identity);
  };
  bool performed = std::ranges::any_of(verified.facts.runs,
                                       [&](const RunFacts& run) { return is_they(run.by); });
  for (const auto& site : verified.facts.other_sites)
    performed = performed || (site.result && std::ranges::any_of(site.result->performers, is_they));
  if (performed) {
    refuse_signature(
        "countersignature-performer",
        fmt::format("{} performed the destruction, and cannot verify it for others", identity));
  }
  return identity;
}

}  // namespace keyrite::certificate
