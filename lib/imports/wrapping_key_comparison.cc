#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/text.h"
#include "crypto/fingerprint.h"
#include "imports/wrap_for_import.h"

namespace keyrite::imports {

namespace {

constexpr std::size_t kFingerprintDigits = 64;
constexpr std::size_t kGroup = 4;
constexpr std::size_t kWordsPerLine = 4;

// A wrapping key to compare: whose it is, and what the operator said about it.
struct Candidate {
  const crypto::PublicKey& key;
  std::string_view what{};    // for people
  std::string_view option{};  // that gives the fingerprint
  const std::optional<std::string>& expected;
};

std::vector<std::string> shown(const Candidate& candidate) {
  const std::string fingerprint = candidate.key.sha256();
  std::vector<std::string> lines{fmt::format("SHA-256 of the wrapping key in {}", candidate.what),
                                 "(DER SubjectPublicKeyInfo):"};
  for (std::size_t half = 0; half < kFingerprintDigits; half += kFingerprintDigits / 2) {
    std::string line = " ";
    for (std::size_t i = half; i < half + kFingerprintDigits / 2; i += kGroup) {
      line += " " + fingerprint.substr(i, kGroup);
    }
    lines.push_back(line);
  }
  lines.emplace_back("as PGP words:");
  const auto words = pgp_words(from_hex(fingerprint));
  for (std::size_t i = 0; i < words.size(); i += kWordsPerLine) {
    const auto first = words.begin() + static_cast<std::ptrdiff_t>(i);
    lines.push_back(fmt::format("  {}", fmt::join(first, first + kWordsPerLine, " ")));
  }
  return lines;
}

std::vector<Candidate> candidates(const WrapOrder& order) {
  std::vector<Candidate> all{{provider::wrapping_key(order.parameters), "the import parameters",
                              "--expect-wrapping-key", order.request.expect_wrapping_key}};
  // The second set has a wrapping key of its own, which one expected fingerprint cannot cover.
  if (order.verification) {
    all.push_back({provider::wrapping_key(*order.verification), "the verification parameters",
                   "--expect-verification-key", order.request.expect_verification_key});
  }
  return all;
}

void require_expected(const Candidate& candidate) {
  const auto is = candidate.key.sha256();
  const auto expected = crypto::plain_fingerprint(*candidate.expected, candidate.option);
  if (is == expected) return;
  throw Error(Kind::kVerification, "wrapping-key-unexpected",
              fmt::format("the wrapping key in {} has the fingerprint {}, not the expected one",
                          candidate.what, is),
              "keyrite wrapped nothing; fetch the parameters again and find out who changed them")
      .with_compared({.expected = expected, .found = is});
}

void ask_about(const Candidate& candidate, const act::Context& context) {
  const auto answer = context.ask({.lines = shown(candidate),
                                   .prompt = "Did you compare this fingerprint with the cloud's "
                                             "over a second channel, and are they the same?"});
  if (!answer) {
    throw Error(Kind::kUsage, "wrapping-key-not-compared",
                fmt::format("the wrapping key in {} was not compared, and there is no terminal "
                            "where keyrite can ask",
                            candidate.what),
                // Not the fingerprint itself: whoever copies it from here has compared nothing.
                fmt::format("get the fingerprint over a second channel and give it with {}",
                            candidate.option));
  }
  if (!*answer) {
    throw Error(Kind::kVerification, "wrapping-key-rejected",
                fmt::format("the wrapping key in {} was not confirmed", candidate.what),
                "keyrite wrapped nothing; fetch the parameters again and find out who changed them")
        .with_compared({.expected = {}, .found = candidate.key.sha256()});
  }
}

}  // namespace

bool ComparedOrder::covers(const crypto::PublicKey& wrapping_key) const {
  const auto all = candidates(order_);
  return std::any_of(all.begin(), all.end(),
                     [&](const Candidate& one) { return one.key == wrapping_key; });
}

ComparedOrder compare_wrapping_key(const WrapOrder& order, const act::Context& context) {
  for (const auto& candidate : candidates(order)) {
    if (candidate.expected) {
      require_expected(candidate);
    } else {
      ask_about(candidate, context);
    }
  }
  return ComparedOrder(order);
}

void show_wrapping_keys(const WrapOrder& order, const act::Context& context) {
  for (const auto& candidate : candidates(order)) {
    if (candidate.expected) require_expected(candidate);
    for (const auto& line : shown(candidate)) context.note(line);
  }
}

}  // namespace keyrite::imports
