// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What a try shows is a row.
#include <fmt/format.h>

#include "base/error.h"
#include "pkcs11/question.h"
#include "token_check/internal/token_probe.h"
#include "token_check/token_check.h"

namespace keyrite::token_check {

TokenCheckRow row_of(act::Literal group, const act::Words& what,
                     const std::function<Finding()>& run) {
  TokenCheckRow row{.group = group, .what = what};
  try {
    Finding finding = pkcs11::find_out(
        fmt::format("token-check's row \"{}: {}\"", group.text(), what.text()), run,
        [](const Error& no) {
          return Finding{.outcome = wrap::Outcome::kRefused,
                         .detail = no.message(),
                         .ckr = no.ckr(),
                         .call = pkcs11::call_of(no)};
        },
        [](const Error& first, const Error& /*again*/) {
          return Finding{.outcome = wrap::Outcome::kUndecided,
                         .detail = first.message(),
                         .ckr = first.ckr(),
                         .call = pkcs11::call_of(first)};
        });
    row.outcome = finding.outcome;
    row.detail = std::move(finding.detail);
    row.how = std::move(finding.how);
    row.ckr = std::move(finding.ckr);
    row.call = std::move(finding.call);
  } catch (const Error& error) {
    if (error.kind() == Kind::kInternal || error.kind() == Kind::kPin || error.ckr()) throw;
    // Without an answer of the token the call went well and what came out was wrong.
    row.outcome = wrap::Outcome::kLies;
    row.detail = "CKR_OK, but " + error.message();
  }
  return row;
}

Finding from(const wrap::SelfTestResult& result) {
  if (result.detail == wrap::kVendorNotListed) return not_tried("a vendor's number, not listed");
  const bool works = result.outcome == wrap::Outcome::kWorks;
  return {.outcome = result.outcome,
          .detail = result.detail,
          .ckr = result.ckr,
          .how = act::Words(!works ? act::Literal("does not open as it was asked for")
                            : result.padded_pkcs8 ? kOpenedPadded
                                                  : kOpened),
          .call = result.call};
}

}  // namespace keyrite::token_check
