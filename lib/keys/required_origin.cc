// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Which origin of a key is demanded, by whom, and whether it is met.

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "keys/key_origin.h"

namespace keyrite::keys {

namespace {

// More is demanded first.
int rank(KeyOrigin origin) {
  switch (origin) {
    case KeyOrigin::kLogged:
      return 2;
    case KeyOrigin::kToken:
      return 1;
    case KeyOrigin::kUnknown:
      return 0;
  }
  throw Error(Kind::kInternal, "value-outside-table", "an origin outside the table");
}

}  // namespace

std::optional<KeyOrigin> demanded_origin(const std::optional<std::string>& requested,
                                         const act::Context& context) {
  std::optional<KeyOrigin> demanded;
  if (context.site) demanded = context.site->site.settings.required_origin;
  if (!requested) return demanded;
  const KeyOrigin asked = parse_key_origin(*requested);
  return demanded && rank(*demanded) > rank(asked) ? demanded : asked;
}

void require_origin(const OriginFinding& finding, std::optional<KeyOrigin> demanded,
                    const std::string& label) {
  if (!demanded || rank(finding.origin) >= rank(*demanded)) return;
  const bool logged = *demanded == KeyOrigin::kLogged;
  std::string judged;
  for (const auto& [name, value] : finding.judged_by)
    judged += fmt::format("\n  {}: {}", name, value);
  throw Error(Kind::kVerification, logged ? "origin-not-logged" : "origin-not-told",
              fmt::format("the origin of \"{}\" is: {}; the requirement is {}{}", printable(label),
                          finding.text(),
                          logged ? "an entry in this site's log that vouches for its generation"
                                 : "at least the token's own report, proven reliable",
                          judged),
              "make a new key with generate-kek in this site\n"
              "--require-origin, or [origin] of site.toml, sets this requirement");
}

}  // namespace keyrite::keys
