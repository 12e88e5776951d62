#include "transcript/note.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "base/lower_hex.h"
#include "base/text.h"
#include "transcript/internal/key_name.h"

namespace keyrite::transcript {

namespace {

constexpr std::string_view kDash = "\xe2\x80\x94 ";  // EM DASH and a space
constexpr std::size_t kMaxNote = std::size_t{1} << 20U;
constexpr std::size_t kMaxSignatures = 64;

NoteSignature parse_signature(std::string_view line, std::string_view origin) {
  if (!line.starts_with(kDash)) refuse_note(origin, "a signature line does not begin with a dash");
  line.remove_prefix(kDash.size());
  const auto space = line.find(' ');
  if (space == std::string_view::npos || !is_key_name(line.substr(0, space)))
    refuse_note(origin, "a signature line has no key name");
  Bytes decoded;
  try {
    decoded = from_base64(line.substr(space + 1), "signature");
  } catch (const Error&) {
    refuse_note(origin, "a signature is not base64");
  }
  if (decoded.size() <= kKeyIdBytes) refuse_note(origin, "a signature is too short");
  return {.name = std::string(line.substr(0, space)),
          .id = key_id(decoded),
          .value = Bytes(decoded.begin() + kKeyIdBytes, decoded.end())};
}

}  // namespace

bool is_key_name(std::string_view name) {
  return !name.empty() && std::none_of(name.begin(), name.end(), [](unsigned char c) {
    return c <= 0x20 || c == '+' || c == 0x7f;
  });
}

std::uint64_t big_endian(ByteView bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8U | byte;
  return value;
}

std::uint32_t key_id(ByteView bytes) {
  return static_cast<std::uint32_t>(big_endian(bytes.first(kKeyIdBytes)));
}

void refuse_note(std::string_view origin, std::string_view why) {
  throw Error(Kind::kVerification, "note-invalid",
              fmt::format("{} is not a signed note: {}", printable(origin), why),
              "give the checkpoint as it was written, byte for byte");
}

std::string NoteSignature::line() const {
  Bytes coded;
  for (unsigned shift = 32; shift != 0; shift -= 8)
    coded.push_back(static_cast<std::uint8_t>(id >> (shift - 8) & 0xffU));
  return fmt::format("{}{} {}\n", kDash, name, to_base64(concat(coded, value)));
}

std::string Note::bytes() const {
  std::string whole = text + "\n";
  for (const auto& signature : signatures) whole += signature.line();
  return whole;
}

Note parse_note(std::string_view bytes, std::string_view origin) {
  if (bytes.size() > kMaxNote) refuse_note(origin, "it is larger than 1 MiB");
  if (!is_utf8(bytes)) refuse_note(origin, "it is not UTF-8");
  const bool control = std::any_of(bytes.begin(), bytes.end(),
                                   [](unsigned char c) { return c < 0x20 && c != '\n'; });
  if (control) refuse_note(origin, "it has control characters");
  const auto split = bytes.rfind("\n\n");
  if (split == std::string_view::npos)
    refuse_note(origin, "it has no empty line before the signatures");
  Note note{.text = std::string(bytes.substr(0, split + 1))};
  std::string_view rest = bytes.substr(split + 2);
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) refuse_note(origin, "its last line has no line end");
    note.signatures.push_back(parse_signature(rest.substr(0, end), origin));
    rest.remove_prefix(end + 1);
  }
  if (note.signatures.empty()) refuse_note(origin, "it has no signature");
  if (note.signatures.size() > kMaxSignatures) refuse_note(origin, "it has too many signatures");
  return note;
}

}  // namespace keyrite::transcript
