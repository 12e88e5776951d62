// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/internal/site_parts.h"

#include <utility>

#include <fmt/format.h>

#include "act/act_log.h"
#include "act/log_key.h"
#include "base/error.h"
#include "base/text.h"

namespace keyrite::act {

namespace {

// The log's key vouches for each part at once; the checkpoint is what others see.
constexpr std::chrono::seconds kBetweenSignatures{3};

}  // namespace

void require_same_site(const site::Site& known) {
  const site::Site now = site::read_site(known.folder);
  if (now.sha256 == known.sha256 && now.log_key.text() == known.log_key.text()) return;
  throw Error(Kind::kVerification, "site-changed",
              fmt::format("the configuration of the site {} changed while this act waited",
                          printable(known.folder)),
              "find out who changed it, then run this again")
      .with_compared({.expected = known.sha256, .found = now.sha256});
}

SiteParts::SiteParts(TokenSession& token, const Context& context, std::string act, std::string run)
    : token_(token),
      context_(context),
      act_(std::move(act)),
      run_(std::move(run)),
      under_way_(hold_run(context.site.value().site, run_)) {}

std::uint64_t SiteParts::write(const LogFacts& facts, const RegistryRows& rows) {
  const auto& site = context_.site.value().site;
  ActLog log(context_, act_, run_);
  require_same_site(site);
  log.go_on();
  log.at_token(token_.info(), token_.module());
  sign_log_at(token_, log, site);
  const std::uint64_t index = log.part(written_ + 1, facts, rows);
  ++written_;
  if (const auto now = std::chrono::steady_clock::now(); now - signed_at_ >= kBetweenSignatures) {
    log.sign();
    signed_at_ = now;
  }
  return index;
}

}  // namespace keyrite::act
