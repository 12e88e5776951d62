// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/internal/check_in_comparison.h"

#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "approval/ssh_signature.h"
#include "approval/ssh_signature_check.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "ceremony/check_in_text.h"
#include "crypto/digest.h"

namespace keyrite::ceremony {

namespace {

using Seat = std::pair<std::uint64_t, std::uint64_t>;

// What was signed, and by which key where the signature is OpenSSH's; a CMS names no key alone.
struct Signed {
  CheckInText text{};
  std::string key{};  // SHA-256 of the signer's key; empty: not known here
};

// nullopt: it is not what a person signed.
std::optional<std::string> key_that_signed(const std::string& armoured, ByteView text) {
  if (!armoured.starts_with("-----BEGIN SSH SIGNATURE-----")) return std::string();
  try {
    const auto signature = approval::parse_ssh_signature(armoured, "signature");
    const auto outcome =
        approval::check_ssh_signature(signature, text, signature.key, kCheckInNamespace);
    if (outcome != approval::SshOutcome::kGood) return std::nullopt;
    return crypto::sha256_hex(signature.key.blob);
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::optional<Signed> signed_by(const ToldStep& told, const ReadEvidence& read) {
  const auto signature = read(told.signature_sha256);
  if (!signature) return std::nullopt;
  for (const auto& sha256 : told.evidence) {
    const auto text = read(sha256);
    const auto who = text ? read_check_in_text(as_text(*text)) : std::nullopt;
    if (!who) continue;
    auto key = key_that_signed(as_text(*signature), *text);
    if (!key) return std::nullopt;
    return Signed{*who, *std::move(key)};
  }
  return std::nullopt;
}

class Seats {
 public:
  Seats(const Ceremony& ceremony, const Story& story) : ceremony_(ceremony), story_(story) {}

  void take(const ToldStep& told, const std::optional<Signed>& found) {
    const Role& role = ceremony_.roles[*told.role];
    if (!found) {
      add("check-in-unproven", told,
          fmt::format("a person came in as {}, and no signature beside the log shows it",
                      role.name));
      return;
    }
    const auto& text = found->text;
    if (text.ceremony != story_.id || text.file_sha256 != ceremony_.sha256 ||
        text.role != role.name)
      add("check-in-other", told,
          fmt::format("the signature of \"{}\" is for another ceremony, file or role than {}",
                      printable(text.person), role.name));
    sit({*told.role, *told.person}, told, "person " + text.person);
    if (!found->key.empty()) sit({*told.role, *told.person}, told, "key " + found->key);
  }

  std::vector<Difference> found() && { return std::move(found_); }

 private:
  void add(const char* code, const ToldStep& told, std::string sentence) {
    found_.push_back({code, told.entry, std::move(sentence)});
  }

  // Whoever comes in again sits where he sat.
  void sit(const Seat& seat, const ToldStep& told, const std::string& who) {
    const auto [place, first] = seats_.try_emplace(who, seat);
    if (first || place->second == seat) return;
    add("check-in-twice", told,
        fmt::format("the {} came in as {} too: each place is another person's", printable(who),
                    ceremony_.roles[place->second.first].name));
  }

  const Ceremony& ceremony_;
  const Story& story_;
  std::map<std::string, Seat> seats_{};
  std::vector<Difference> found_{};
};

}  // namespace

std::vector<Difference> differences_of_seats(const Ceremony& ceremony, const Story& story,
                                             const ReadEvidence& read) {
  Seats seats(ceremony, story);
  for (const auto& told : story.told) {
    const bool seat = told.kind == "check-in" && !told.signature_sha256.empty() && told.role &&
                      told.person && *told.role < ceremony.roles.size();
    if (seat) seats.take(told, signed_by(told, read));
  }
  return std::move(seats).found();
}

}  // namespace keyrite::ceremony
