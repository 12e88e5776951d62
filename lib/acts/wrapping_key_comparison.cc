#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "acts/wrap_for_import.h"
#include "base/error.h"
#include "base/text.h"

namespace keyrite::acts {

namespace {

constexpr std::size_t kFingerprintDigits = 64;
constexpr std::size_t kGroup = 4;
constexpr std::size_t kWordsPerLine = 4;

// As people write fingerprints: either case, with colons or blanks between.
std::string normalised(const std::string& given) {
  std::string digits;
  for (const char c : given) {
    if (c == ':' || c == ' ') continue;
    digits += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  const bool hex = std::all_of(digits.begin(), digits.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
  if (!hex || digits.size() != kFingerprintDigits) {
    throw Error(
        Kind::kUsage, "fingerprint-invalid",
        fmt::format("--expect-wrapping-key \"{}\" is not a SHA-256 in hex", printable(given)),
        "it has 64 hex digits: openssl pkey -pubin -in KEY -outform DER | sha256sum");
  }
  return digits;
}

std::vector<std::string> shown(const std::string& fingerprint) {
  std::vector<std::string> lines{"SHA-256 of the wrapping key (DER SubjectPublicKeyInfo):"};
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

void compare_one(const provider::ImportParameters& parameters, std::string_view which,
                 const Context& context) {
  Question question{
      .lines = shown(provider::wrapping_key(parameters).sha256()),
      .prompt =
          "Was this fingerprint compared with the cloud's over a second channel, and is it the "
          "same?"};
  if (!which.empty()) question.lines.insert(question.lines.begin(), std::string(which));
  const auto answer = context.ask(question);
  if (!answer) {
    throw Error(Kind::kUsage, "wrapping-key-not-compared",
                "nobody compared the wrapping key, and nobody is at a terminal to be asked",
                fmt::format("give --expect-wrapping-key with the fingerprint from a second channel "
                            "(these parameters "
                            "hold {})",
                            provider::wrapping_key(parameters).sha256()));
  }
  if (!*answer) {
    throw Error(Kind::kVerification, "wrapping-key-rejected", "the wrapping key was not confirmed",
                "nothing was wrapped; fetch the parameters again and find out who changed them");
  }
}

}  // namespace

void compare_wrapping_key(const WrapOrder& order, const Context& context) {
  if (context.dry_run && !order.request.expect_wrapping_key) {
    for (const auto& line : shown(provider::wrapping_key(order.parameters).sha256()))
      context.note(line);
    return;
  }
  if (!order.request.expect_wrapping_key) {
    compare_one(order.parameters, "", context);
  } else if (const auto is = provider::wrapping_key(order.parameters).sha256();
             is != normalised(*order.request.expect_wrapping_key)) {
    throw Error(
        Kind::kVerification, "wrapping-key-unexpected",
        fmt::format("the wrapping key in the parameters is {}, not the one that was expected", is),
        "nothing was wrapped; fetch the parameters again and find out who changed them");
  }
  // The second set has a wrapping key of its own, which one expected fingerprint cannot cover.
  if (order.verification &&
      provider::wrapping_key(*order.verification) != provider::wrapping_key(order.parameters)) {
    if (order.request.expect_verification_key) {
      if (provider::wrapping_key(*order.verification).sha256() !=
          normalised(*order.request.expect_verification_key)) {
        throw Error(
            Kind::kVerification, "wrapping-key-unexpected",
            "the wrapping key in the verification parameters is not the one that was expected",
            "nothing was wrapped; fetch the parameters again and find out who changed them");
      }
    } else {
      compare_one(*order.verification, "Now the wrapping key of the verification parameters.",
                  context);
    }
  }
}

}  // namespace keyrite::acts
