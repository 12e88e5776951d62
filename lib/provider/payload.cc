#include "provider/payload.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "crypto/digest.h"
#include "provider/azure/byok.h"
#include "provider/name_form.h"

namespace keyrite::provider {
namespace {

constexpr std::string_view kAwsMaterial = "EncryptedKeyMaterial.bin";
constexpr std::string_view kAwsToken = "ImportToken.bin";
constexpr std::string_view kGoogleWrapped = "wrapped-key.bin";
constexpr std::string_view kByokSuffix = ".byok";
constexpr std::size_t kMaxAwsMaterial = 6144;  // ImportKeyMaterial of the KMS API

[[noreturn]] void bad_blob(const std::string& message) {
  throw Error(Kind::kVerification, "blob-size", message,
              "the token did not wrap the key as requested: do not import it");
}

// RFC 5649: whole blocks of 8 bytes and one for the alternative IV.
std::size_t kwp_size(std::size_t plaintext) { return (plaintext + 7) / 8 * 8 + 8; }

// No PKCS#8 of such a key is shorter: for RSA eight integers of which five have half the modulus'
// length, for curves the form without the public key.
std::size_t shortest_pkcs8(const KeyType& type) {
  if (type.family == KeyFamily::kRsa) return std::size_t{type.size} / 8 * 4;
  if (type.family == KeyFamily::kEd25519) return plaintext_bytes(type);
  return curve_info(type.curve).field_bytes;
}

void check_kwp_part(std::size_t size, const KeyType& type) {
  constexpr std::size_t kBlock = 8;
  constexpr std::size_t kShortest = 16;
  if (size < kShortest || size % kBlock != 0) {
    bad_blob(
        fmt::format("the AES-KWP part has {} bytes, not a multiple of 8 of at least 16", size));
  }
  if (type.is_secret() && size != kwp_size(type.secret_bytes())) {
    bad_blob(fmt::format("the AES-KWP part has {} bytes instead of {} for {}", size,
                         kwp_size(type.secret_bytes()), type.name()));
  }
  if (!type.is_secret() && size < kwp_size(shortest_pkcs8(type))) {
    bad_blob(fmt::format("the AES-KWP part has {} bytes, too few for {}", size, type.name()));
  }
}

void check_aws_size(ByteView blob) {
  if (blob.size() > kMaxAwsMaterial) {
    throw Error(Kind::kVerification, "blob-too-large",
                fmt::format("the wrapped key has {} bytes, but AWS accepts at most {}", blob.size(),
                            kMaxAwsMaterial));
  }
}

Bytes copy(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

// What check_files compares with.
struct Wanted {
  const JsonView& parameters;
  const KeyType& type;
  WrappingAlgorithm algorithm{};
  unsigned wrapping_bits{};
  const std::vector<FolderFile>& files;

  [[nodiscard]] const FolderFile& file(std::string_view name) const {
    const auto it = std::find_if(files.begin(), files.end(),
                                 [&](const FolderFile& one) { return one.name == name; });
    if (it == files.end()) {
      throw Error(Kind::kVerification, "bundle-payload", fmt::format("{} is missing", name));
    }
    return *it;
  }
};

void check_aws(const Wanted& wanted) {
  const Bytes& blob = wanted.file(kAwsMaterial).content;
  check_blob(blob, wanted.type, wanted.algorithm, wanted.wrapping_bits);
  check_aws_size(blob);
  const Bytes& token = wanted.file(kAwsToken).content;
  if (to_hex(crypto::sha256(token)) != wanted.parameters.text("import_token_sha256")) {
    throw Error(Kind::kVerification, "bundle-payload",
                fmt::format("{} is not the import token of the import parameters", kAwsToken));
  }
}

bool is_byok(const FolderFile& file) {
  return file.name.size() > kByokSuffix.size() &&
         file.name.compare(file.name.size() - kByokSuffix.size(), kByokSuffix.size(),
                           kByokSuffix) == 0;
}

void check_azure(const Wanted& wanted) {
  if (std::count_if(wanted.files.begin(), wanted.files.end(), is_byok) != 1) {
    throw Error(Kind::kVerification, "bundle-payload",
                "the bundle must contain exactly one .byok file");
  }
  const auto& file = *std::find_if(wanted.files.begin(), wanted.files.end(), is_byok);
  const azure::Byok byok = azure::read_byok(file.content, file.name);
  if (byok.kid != wanted.parameters.text("kid")) {
    throw Error(
        Kind::kVerification, "bundle-payload",
        fmt::format("{} is for the wrapping key {}, but the import parameters contain {}",
                    file.name, in_quotes(byok.kid), in_quotes(wanted.parameters.text("kid"))));
  }
  check_blob(byok.blob, wanted.type, wanted.algorithm, wanted.wrapping_bits);
}

void check_google(const Wanted& wanted) {
  check_blob(wanted.file(kGoogleWrapped).content, wanted.type, wanted.algorithm,
             wanted.wrapping_bits);
}

void check_of(Provider provider, const Wanted& wanted) {
  switch (provider) {
    case Provider::kAws:
      return check_aws(wanted);
    case Provider::kAzure:
      return check_azure(wanted);
    case Provider::kGoogle:
      return check_google(wanted);
  }
}

}  // namespace

void check_blob(ByteView blob, const KeyType& type, WrappingAlgorithm algorithm,
                unsigned wrapping_bits) {
  const std::size_t modulus = wrapping_bits / 8;
  if (algorithm.scheme == Scheme::kRsaOaep) {
    if (blob.size() != modulus) {
      bad_blob(fmt::format("the wrapped key has {} bytes instead of the {} of RSA-{}", blob.size(),
                           modulus, wrapping_bits));
    }
    return;
  }
  if (blob.size() <= modulus) {
    bad_blob(fmt::format("the wrapped key has {} bytes, which is not more than its RSA part of {}",
                         blob.size(), modulus));
  }
  check_kwp_part(blob.size() - modulus, type);
}

std::vector<FolderFile> lay_out(const Destination& destination, ByteView blob,
                                std::string_view generator) {
  check_blob(blob, destination.key_type, destination.algorithm,
             wrapping_key(destination.parameters).rsa_bits());
  if (const auto* aws = std::get_if<aws::ImportParameters>(&destination.parameters)) {
    check_aws_size(blob);
    return {{std::string(kAwsMaterial), copy(blob)}, {std::string(kAwsToken), aws->import_token}};
  }
  if (const auto* azure = std::get_if<azure::ImportParameters>(&destination.parameters)) {
    return {{destination.key_name + std::string(kByokSuffix),
             azure::write_byok({azure->kid.text(), copy(blob), {}}, generator)}};
  }
  return {{std::string(kGoogleWrapped), copy(blob)}};
}

void check_files(Provider provider, const Json& import_parameters, const KeyType& type,
                 WrappingAlgorithm algorithm, unsigned wrapping_bits,
                 const std::vector<FolderFile>& files) {
  try {
    const JsonView parameters(import_parameters, "import_parameters");
    check_of(provider, {parameters, type, algorithm, wrapping_bits, files});
  } catch (const Error& error) {
    throw Error(Kind::kVerification, "bundle-payload", error.message(),
                "do not use this bundle; wrap again");
  }
}

std::string byok_contradiction(const RecordedImport& import, std::string_view generator,
                               const std::vector<FolderFile>& files) {
  const auto file = std::find_if(files.begin(), files.end(), is_byok);
  if (file == files.end()) return "the bundle contains no .byok file";
  const auto name = std::find_if(import.names.begin(), import.names.end(),
                                 [](const auto& one) { return one.first == "name"; });
  if (name == import.names.end() || file->name != name->second + std::string(kByokSuffix)) {
    return fmt::format("{} does not have the name of this key", file->name);
  }
  const std::string found = azure::read_byok(file->content, file->name).generator;
  return found == azure::printable_ascii(generator)
             ? std::string()
             : fmt::format("{} names the generator {}, but the manifest says {}", file->name,
                           in_quotes(found), in_quotes(generator));
}

}  // namespace keyrite::provider
