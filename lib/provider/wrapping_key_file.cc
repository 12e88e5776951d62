#include "provider/wrapping_key_file.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "provider/file_form.h"
#include "provider/rules.h"

namespace keyrite::provider {
namespace {

bool begins_as_json(const Bytes& content) {
  const auto first = std::find_if(content.begin(), content.end(), [](std::uint8_t byte) {
    return byte != ' ' && byte != '\t' && byte != '\r' && byte != '\n';
  });
  return first != content.end() && *first == '{';
}

}  // namespace

crypto::PublicKey read_wrapping_key(const InputFile& file) {
  require_no_foreign_form(file, std::nullopt);
  if (!begins_as_json(file.content)) {
    return crypto::PublicKey::from_file_content(file.content, file.name);
  }
  const Json document = parse_json(file.content, file.name);
  const JsonView view(document, file.name);
  if (const auto aws = view.find("PublicKey")) {
    return crypto::PublicKey::from_spki(from_base64(aws->text(), aws->where()), aws->where());
  }
  if (const auto google = view.find("publicKey")) {
    return crypto::PublicKey::from_pem(google->text("pem"), google->at("pem").where());
  }
  // `az keyvault key show --query key` prints the key alone.
  const auto azure = view.find("kty") ? std::optional<JsonView>(view) : view.find("key");
  if (azure) {
    const JsonView n = azure->at("n");
    const JsonView e = azure->at("e");
    return crypto::PublicKey::from_rsa(from_base64_any(n.text(), n.where()),
                                       from_base64_any(e.text(), e.where()), azure->where());
  }
  throw Error(Kind::kConfig, "wrapping-key-missing",
              printable(file.name) + " is JSON without a wrapping key",
              "give the import parameters (params.json, kek.json, job.json), or the key as PEM");
}

void check_wrapping_key(Provider provider, const crypto::PublicKey& key, std::string_view origin) {
  if (key.type().family != KeyFamily::kRsa) {
    throw Error(
        Kind::kConfig, "wrapping-key-not-rsa",
        fmt::format("{}: the wrapping key is {}, not RSA", printable(origin), key.type().name()),
        "give the file with the wrapping key, not another public key");
  }
  if (!std::ranges::equal(key.rsa_exponent(), crypto::kF4)) {
    throw Error(Kind::kConfig, "wrapping-key-exponent",
                fmt::format("{}: the wrapping key's exponent is 0x{}, not 0x010001",
                            printable(origin), to_hex(key.rsa_exponent())),
                "no cloud issues such a key: find out where this file came from");
  }
  const auto& sizes = wrapping_key_sizes(provider);
  if (std::find(sizes.begin(), sizes.end(), key.rsa_bits()) == sizes.end()) {
    throw Error(Kind::kConfig, "wrapping-key-size",
                fmt::format("{}: the wrapping key has {} bits, but {} uses {}", printable(origin),
                            key.rsa_bits(), provider_title(provider), fmt::join(sizes, ", ")),
                "fetch import parameters with a key of one of these sizes");
  }
}

void refuse_pem(std::string_view content, std::string_view origin) {
  if (content.find("-----BEGIN") != std::string_view::npos) {
    throw Error(Kind::kConfig, "public-key-is-pem",
                fmt::format("{}: it is PEM text, but DER is needed", printable(origin)),
                "give the file exactly as the cloud's command line wrote it");
  }
}

bool is_base64_text(ByteView content) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n";
  return !content.empty() && std::all_of(content.begin(), content.end(), [&](std::uint8_t byte) {
    return kAlphabet.find(static_cast<char>(byte)) != std::string_view::npos;
  });
}

}  // namespace keyrite::provider
