// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/internal/witness_reply.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/text.h"

namespace keyrite::audit {

namespace {

using transcript::NoteKey;
using transcript::NoteSignature;
using transcript::SignatureType;

// c2sp.org/signed-note, type 0x06: eight bytes of time and an ML-DSA-44 signature (FIPS 204).
constexpr std::size_t kMlDsa44Bytes = 8 + 2420;
constexpr std::chrono::minutes kClockSlack{5};

std::string ignored_line(const NoteSignature& line) {
  const char* why =
      line.value.size() == kMlDsa44Bytes ? "probably of ML-DSA-44" : "by a key not given";
  return fmt::format("keyrite ignores a line by {} (key id {:08x}): it is {}", printable(line.name),
                     line.id, why);
}

}  // namespace

void refuse_witness(const char* code, std::string why, std::string hint) {
  throw Error(Kind::kVerification, code, std::move(why), std::move(hint));
}

std::optional<std::uint64_t> plain_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool padded = text.size() > 1 && text.front() == '0';
  if (failure != std::errc{} || end != text.data() + text.size() || padded) return std::nullopt;
  return value;
}

std::vector<NoteSignature> lines_of(const std::string& reply, const std::string& origin) {
  std::string_view number(reply);
  if (number.ends_with('\n')) number.remove_suffix(1);
  if (const auto size = plain_number(number)) {
    refuse_witness("witness-conflict",
                   fmt::format("the witness has signed {} of this log", counted_entries(*size)),
                   fmt::format("make the request again with --old {}", *size));
  }
  try {
    return transcript::parse_note("reply\n\n" + reply, origin).signatures;
  } catch (const Error& error) {
    refuse_witness(
        "witness-reply-invalid",
        fmt::format("{} is not the reply of a witness: {}", printable(origin), error.message()),
        "give the signature lines exactly as the witness sent them");
  }
}

const NoteKey& witness_of(const std::vector<NoteKey>& keys) {
  const auto is_witness = [](const NoteKey& key) {
    return key.type() == SignatureType::kCosignature;
  };
  const auto found = std::find_if(keys.begin(), keys.end(), is_witness);
  if (found != keys.end() && std::count_if(keys.begin(), keys.end(), is_witness) == 1)
    return *found;
  throw Error(Kind::kUsage, "witness-vkey",
              "--vkey must give exactly one witness, a vkey of type 0x04 (cosignature)",
              "give the vkey that the witness publishes");
}

NoteSignature line_by(const NoteKey& witness, const std::vector<NoteSignature>& lines) {
  const auto line = std::find_if(lines.begin(), lines.end(), [&](const NoteSignature& one) {
    return one.name == witness.name() && one.id == witness.id();
  });
  if (line != lines.end()) return *line;
  refuse_witness("witness-other-key",
                 fmt::format("the reply has no line by {} with this key", witness.name()),
                 "give the vkey of the witness that answered");
}

std::vector<std::string> remarks_on(const NoteSignature& taken, std::optional<TimePoint> time,
                                    const std::vector<NoteSignature>& lines, TimePoint now) {
  std::vector<std::string> remarks;
  if (!time) remarks.emplace_back("the line of the witness has no time");
  if (time && *time > now + kClockSlack) {
    remarks.push_back(
        fmt::format("the time of the witness, {}, is later than the clock of this machine, {}: one "
                    "of the two is wrong",
                    format_rfc3339(*time), format_rfc3339(now)));
  }
  for (const auto& line : lines) {
    if (line.name != taken.name || line.id != taken.id) remarks.push_back(ignored_line(line));
  }
  return remarks;
}

}  // namespace keyrite::audit
