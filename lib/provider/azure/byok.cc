#include "provider/azure/byok.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "base/json.h"
#include "provider/rule_tables.h"

namespace keyrite::provider::azure {
namespace {

constexpr std::string_view kSchemaVersion = "1.0.0";
constexpr std::string_view kAlgorithm = "dir";
constexpr std::string_view kEncryption = "CKM_RSA_AES_KEY_WRAP";

[[noreturn]] void refuse(std::string_view where, std::string_view why) {
  throw Error(Kind::kConfig, "byok-invalid", fmt::format("{}: {}", where, why));
}

void require_text(const JsonView& object, std::string_view field, std::string_view wanted) {
  if (object.text(field) != wanted) {
    refuse(object.at(field).where(), fmt::format("is not \"{}\"", wanted));
  }
}

void require_members(const JsonView& object, std::size_t count) {
  if (!object.is_object() || object.raw().size() != count) {
    refuse(object.where(),
           fmt::format("does not have exactly the {} members of the format", count));
  }
}

}  // namespace

std::string printable_ascii(std::string_view text) {
  std::string result(text);
  std::replace_if(
      result.begin(), result.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return result;
}

Bytes write_byok(const Byok& byok, std::string_view generator) {
  Json document;
  document["schema_version"] = kSchemaVersion;
  document["header"] = {{"kid", byok.kid}, {"alg", kAlgorithm}, {"enc", kEncryption}};
  document["ciphertext"] = to_base64url(byok.blob);
  document["generator"] = printable_ascii(generator);
  const std::string text = dump_json(document);
  const ByteView bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

Byok read_byok(ByteView file, std::string_view name) {
  // ASCII as a whole: no byte order mark, which JSON readers skip or refuse as they please.
  if (std::any_of(file.begin(), file.end(), [](std::uint8_t byte) { return byte > '~'; })) {
    refuse(name, "is not ASCII");
  }
  const Json document = parse_json(file, name);
  const JsonView view(document, std::string(name));
  require_members(view, 4);
  require_text(view, "schema_version", kSchemaVersion);
  const JsonView header = view.at("header");
  require_members(header, 3);
  require_text(header, "alg", kAlgorithm);
  require_text(header, "enc", kEncryption);
  const JsonView ciphertext = view.at("ciphertext");
  Byok byok{header.text("kid"), from_base64_any(ciphertext.text(), ciphertext.where()),
            view.text("generator")};
  // from_base64_any takes other spellings too; this format has one.
  if (to_base64url(byok.blob) != ciphertext.text()) {
    refuse(ciphertext.where(), "is not unpadded base64url");
  }
  return byok;
}

std::vector<WrappingChoice> make_wrapping_choices() {
  return {{std::string(kEncryption),
           {Scheme::kRsaAesKeyWrap, Hash::kSha1},
           wrapping_key_sizes(Provider::kAzure)}};
}

}  // namespace keyrite::provider::azure
