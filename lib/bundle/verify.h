// Verifies a bundle offline, before it leaves the room and again wherever it arrives: with files
// alone, no token, no network. Every check is listed whether it passed or not. Pure over the
// folder's contents, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "bundle/contents.h"
#include "bundle/manifest.h"
#include "crypto/public_key.h"
#include "provider/expected.h"

namespace keyrite::bundle {

// The hint where what was given as a manifest's SHA-256 is none.
inline constexpr std::string_view kHowToNoteManifest =
    "the SHA-256 of a manifest has 64 hex digits; give the one that was noted when the bundle was "
    "made:\n    sha256sum manifest.json";

struct Policy {
  TimePoint now{};
  bool allow_host_ephemeral{false};
  bool allow_expired{false};  // judging answers later: the import was long ago
  std::optional<std::string>
      expect_wrapping_key{};  // SHA-256 of the SPKI, hex of either case, ':' and blanks allowed
  // SHA-256 of manifest.json, in the forms of expect_wrapping_key: what the protocol of the
  // ceremony says. Nothing inside a folder can show that somebody did not write all of it anew.
  std::optional<std::string> expect_manifest{};
  std::optional<crypto::PublicKey>
      parameters_key{};  // the wrapping key of the import parameters at hand
};

// One check. `failure` unset: passed. Its code is one of kVerification "bundle-file-missing",
// "bundle-file-extra", "bundle-size", "bundle-file-changed", "bundle-wrapping-key",
// "bundle-wrapping-key-unexpected", "bundle-manifest-unexpected", "bundle-parameters",
// "bundle-expired", "bundle-custody", "bundle-expected", "bundle-challenge", "bundle-script", the
// provider's "bundle-payload", or one of bundle/cross_checks.h.
struct Check {
  std::string what{};
  std::string object{};  // the file or field
  std::optional<Error> failure{};
};

struct BundleReport {
  std::string manifest_sha256{};  // nothing in the folder vouches for the manifest: compare this
                                  // with the transcript
  bool manifest_compared{false};  // with Policy::expect_manifest
  Manifest manifest{};
  provider::Expected expected{};
  std::vector<Check> checks{};
  [[nodiscard]] bool good() const;
  // What a good report does not say, a sentence or two each: for people and for JSON.
  [[nodiscard]] std::vector<std::string> cautions() const;
};

// Errors (nothing can be listed): kVerification "bundle-file-missing" when manifest.json is absent
// (no bundle at all); those of manifest_from_json; kUsage "fingerprint-invalid" (the policy's, not
// the bundle's). All else is in the report.
[[nodiscard]] BundleReport verify(const Contents& contents, const Policy& policy);
// With all checks that failed (Error::failed_checks). nullopt where the report is good.
[[nodiscard]] std::optional<Error> first_failure(const BundleReport& report);
// Throws it.
void require_good(const BundleReport& report);

}  // namespace keyrite::bundle
