#include <algorithm>
#include <cctype>
#include <utility>

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
  const provider::ImportParameters& parameters;
  const crypto::PublicKey& key;
  std::string_view what{};    // for people
  std::string_view option{};  // that gives the fingerprint
  const std::optional<std::string>& expected;
};

std::vector<std::string> shown(const Candidate& candidate) {
  const std::string fingerprint = candidate.key.sha256();
  std::vector<std::string> lines{"",
                                 fmt::format("SHA-256 of the wrapping key in {}", candidate.what),
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
  std::vector<Candidate> all{{order.parameters, provider::wrapping_key(order.parameters),
                              "the import parameters", "--expect-wrapping-key",
                              order.request.expect_wrapping_key}};
  // The second set has a wrapping key of its own, which one expected fingerprint cannot cover.
  if (order.verification) {
    all.push_back({*order.verification, provider::wrapping_key(*order.verification),
                   "the verification parameters", "--expect-verification-key",
                   order.request.expect_verification_key});
  }
  return all;
}

void require_expected(const Candidate& candidate) {
  const auto is = candidate.key.sha256();
  const auto expected = crypto::plain_fingerprint(*candidate.expected, candidate.option);
  if (is == expected) return;
  throw Error(
      Kind::kVerification, "wrapping-key-unexpected",
      fmt::format("the wrapping key in {} has the fingerprint {}, not the expected one: {}",
                  candidate.what, is, crypto::first_difference(is, expected)),
      "nothing was wrapped under this key; fetch the parameters again and find out who changed "
      "them")
      .with_compared({.expected = expected, .found = is});
}

// `why_not`: why it is not pinned, which is what an unattended run is told.
void ask_about(const Candidate& candidate, const act::Context& context,
               const std::optional<Error>& why_not) {
  if (why_not) context.note(why_not->message());
  const auto answer = context.ask({.lines = shown(candidate),
                                   .prompt = "Did you compare this fingerprint with the cloud's "
                                             "over a second channel, and are they the same?"});
  if (!answer && why_not) throw Error(std::as_const(*why_not));
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
    throw Error(
        Kind::kVerification, "wrapping-key-rejected",
        fmt::format("the wrapping key in {} was not confirmed", candidate.what),
        "nothing was wrapped under this key; fetch the parameters again and find out who changed "
        "them")
        .with_compared({.expected = {}, .found = candidate.key.sha256()});
  }
}

// For a dry run, which asks nobody.
std::optional<BelievedKey> believed_unattended(const Candidate& candidate, const WrapOrder& order,
                                               const act::Context& context) {
  if (order.vouching) return vouched_key(*order.vouching, candidate.parameters, context);
  return find_pin(candidate.parameters, context).key;
}

BelievedKey believed(const Candidate& candidate, const WrapOrder& order,
                     const act::Context& context) {
  if (candidate.expected) {
    require_expected(candidate);
  } else if (order.vouching) {
    return vouched_key(*order.vouching, candidate.parameters, context);
  } else {
    auto pinned = find_pin(candidate.parameters, context);
    if (pinned.key) return *pinned.key;
    // What the policy does not accept is not asked for.
    require_accepted(WrappingKeyBasis::kCompared, context);
    ask_about(candidate, context, pinned.why_not);
  }
  return {.sha256 = candidate.key.sha256(), .basis = WrappingKeyBasis::kCompared};
}

}  // namespace

std::optional<WrappingKeyBasis> ComparedOrder::basis_of(
    const crypto::PublicKey& wrapping_key) const {
  const auto found = std::ranges::find(keys_, wrapping_key.sha256(), &BelievedKey::sha256);
  return found == keys_.end() ? std::nullopt : std::optional(found->basis);
}

ComparedOrder compare_wrapping_key(const WrapOrder& order, const act::Context& context) {
  std::vector<BelievedKey> keys;
  for (const auto& candidate : candidates(order)) {
    keys.push_back(believed(candidate, order, context));
    require_accepted(keys.back().basis, context);
    if (keys.back().basis != WrappingKeyBasis::kCompared)
      context.note(fmt::format("the wrapping key in {} is {}", candidate.what,
                               printable(keys.back().text())));
  }
  return {order, std::move(keys)};
}

void require_still_believed(const ComparedOrder& compared, const act::Context& context) {
  const auto all = candidates(compared.order());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const BelievedKey& before = compared.keys().at(i);
    if (before.basis == WrappingKeyBasis::kVouched)
      (void)vouched_key(compared.order().vouching.value(), all[i].parameters, context);
    if (before.basis != WrappingKeyBasis::kPinned) continue;
    const auto now = find_pin(all[i].parameters, context);
    if (now.key && now.key->pin == before.pin) continue;
    if (now.why_not) throw Error(std::as_const(*now.why_not));
    throw Error(Kind::kVerification, "wrapping-key-not-pinned",
                fmt::format("the wrapping key in {} is not pinned any more", all[i].what),
                "nothing was wrapped; run this again");
  }
}

void show_wrapping_keys(const WrapOrder& order, const act::Context& context) {
  for (const auto& candidate : candidates(order)) {
    if (candidate.expected) {
      require_expected(candidate);
    } else if (const auto key = believed_unattended(candidate, order, context)) {
      context.note(
          fmt::format("the wrapping key in {} is {}", candidate.what, printable(key->text())));
    }
    for (const auto& line : shown(candidate)) context.note(line);
  }
}

}  // namespace keyrite::imports
