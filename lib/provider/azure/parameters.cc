#include "provider/azure/parameters.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/text.h"
#include "provider/name_form.h"
#include "provider/wrapping_key_file.h"

namespace keyrite::provider::azure {
namespace {

constexpr std::string_view kScheme = "https://";
constexpr std::size_t kMaxHost = 255;
constexpr std::size_t kMaxVersion = 64;
constexpr std::string_view kKekHint =
    "make a key for import only: az keyvault key create --kty RSA-HSM --ops import";

[[noreturn]] void bad_kid(std::string_view kid) {
  throw Error(Kind::kConfig, "kid-invalid",
              fmt::format("{} is not a key identifier", in_quotes(kid)),
              "it looks like https://VAULT.vault.azure.net/keys/NAME/VERSION");
}

// az prints ISO 8601, REST seconds since 1970.
std::optional<TimePoint> read_date(const JsonView& attributes, std::string_view az,
                                   std::string_view rest) {
  auto field = attributes.find(az);
  if (!field) field = attributes.find(rest);
  if (!field) return std::nullopt;
  return field->is_number() ? from_epoch_seconds(field->number(), field->where())
                            : parse_rfc3339(field->text(), field->where());
}

void check_operations(const JsonView& key) {
  auto field = key.find("keyOps");
  if (!field) field = key.find("key_ops");
  std::vector<std::string> operations;
  if (field) {
    for (const JsonView& item : field->items()) operations.push_back(item.text());
  }
  if (operations != std::vector<std::string>{"import"}) {
    throw Error(
        Kind::kConfig, "kek-operations",
        fmt::format("{}: the operations of the wrapping key are [{}], but must be exactly [import]",
                    key.where(), printable(fmt::format("{}", fmt::join(operations, ", ")))),
        std::string(kKekHint));
  }
}

void check_type(const JsonView& key) {
  const std::string type = lower_case(key.text("kty"));
  if (type == "ec" || type == "ec-hsm" || type == "oct" || type == "oct-hsm") {
    throw Error(Kind::kConfig, "wrapping-key-not-rsa",
                fmt::format("{}: the wrapping key is of type {}, not RSA-HSM", key.where(),
                            in_quotes(key.text("kty"))),
                std::string(kKekHint));
  }
  if (type != "rsa-hsm") {
    throw Error(Kind::kConfig, "kek-type",
                fmt::format("{}: the wrapping key is of type {}, not RSA-HSM", key.where(),
                            in_quotes(key.text("kty"))),
                std::string(kKekHint));
  }
}

bool same_kid(const KeyUrl& one, const KeyUrl& other) {
  return lower_case(one.text()) == lower_case(other.text());
}

ImportParameters read_json(const InputFile& file) {
  const Json document = parse_json(file.content, file.name);
  const JsonView view(document, file.name);
  // `--query key` prints the key alone, without its dates.
  const bool whole = !view.find("kty");
  const JsonView key = whole ? view.at("key") : view;
  check_type(key);
  crypto::PublicKey public_key =
      crypto::PublicKey::from_rsa(from_base64_any(key.text("n"), key.at("n").where()),
                                  from_base64_any(key.text("e"), key.at("e").where()), key.where());
  ImportParameters parameters{parse_kid(key.text("kid")), std::move(public_key)};
  check_operations(key);
  parameters.attributes_known = whole;
  if (const auto attributes = view.find("attributes")) {
    const auto enabled = attributes->find("enabled");
    if (enabled && !enabled->boolean()) {
      throw Error(Kind::kConfig, "kek-disabled",
                  fmt::format("{}: the wrapping key is disabled", attributes->where()),
                  "enable it, or make another one");
    }
    parameters.expires = read_date(*attributes, "expires", "exp");
    parameters.not_before = read_date(*attributes, "notBefore", "nbf");
  }
  return parameters;
}

ImportParameters read_key_file(const InputFile& file, const ImportOptions& options) {
  if (!options.kid) {
    throw Error(Kind::kUsage, "kid-missing",
                fmt::format("{} does not say which key it holds", in_quotes(file.name)),
                "give the full identifier with --kid, or the JSON of az keyvault key show");
  }
  return {parse_kid(*options.kid), crypto::PublicKey::from_file_content(file.content, file.name)};
}

// What is given twice must agree.
void compare(const ImportParameters& parameters, const ParameterFiles& files,
             const ImportOptions& options) {
  if (options.kid && !same_kid(parse_kid(*options.kid), parameters.kid)) {
    throw Error(Kind::kConfig, "kid-mismatch",
                fmt::format("the file describes {}, but --kid names {}",
                            in_quotes(parameters.kid.text()), in_quotes(*options.kid)),
                "give the file of the intended wrapping key");
  }
  if (files.parameters && files.public_key &&
      !(crypto::PublicKey::from_file_content(files.public_key->content, files.public_key->name) ==
        parameters.wrapping_key)) {
    throw Error(Kind::kConfig, "wrapping-key-mismatch",
                fmt::format("{} and {} hold different public keys",
                            in_quotes(files.parameters->name), in_quotes(files.public_key->name)),
                "save both again from the same key version");
  }
}

}  // namespace

std::string KeyUrl::text() const {
  return fmt::format("{}{}/keys/{}/{}", kScheme, host, name, version);
}

std::string KeyUrl::store_name() const { return host.substr(0, host.find('.')); }

// The version is 32 hex digits in vaults; of other forms in a Managed HSM nothing is written, so
// any name is taken.
KeyUrl parse_kid(std::string_view kid) {
  constexpr std::string_view kPath = "/keys/";
  if (kid.substr(0, kScheme.size()) != kScheme) bad_kid(kid);
  const std::string_view rest = kid.substr(kScheme.size());
  const auto path = rest.find('/');
  if (path == std::string_view::npos || rest.substr(path, kPath.size()) != kPath) bad_kid(kid);
  const std::string_view host = rest.substr(0, path);
  const std::string_view tail = rest.substr(path + kPath.size());
  const auto slash = tail.find('/');
  const std::string_view name = tail.substr(0, slash);
  const std::string_view version =
      slash == std::string_view::npos ? std::string_view{} : tail.substr(slash + 1);
  if (!is_name(host, kMaxHost, ".-:") || !is_name(name, kMaxName, "-")) bad_kid(kid);
  if (version.empty()) {
    throw Error(Kind::kConfig, "kid-without-version",
                fmt::format("{} has no key version", in_quotes(kid)),
                "give the full identifier, as \"kid\" in az keyvault key show");
  }
  if (!is_name(version, kMaxVersion, "")) bad_kid(kid);
  return {std::string(host), std::string(name), std::string(version)};
}

ImportParameters read_parameters(const ParameterFiles& files, const ImportOptions& options) {
  if (!files.parameters && !files.public_key) {
    throw Error(Kind::kUsage, "parameters-missing",
                "no wrapping key is given: neither the JSON of az keyvault key show nor a PEM file",
                "save it with: az keyvault key show ... -o json > kek.json");
  }
  const InputFile& file = files.parameters ? *files.parameters : *files.public_key;
  ImportParameters parameters = files.parameters ? read_json(file) : read_key_file(file, options);
  check_wrapping_key(Provider::kAzure, parameters.wrapping_key, file.name);
  compare(parameters, files, options);
  return parameters;
}

Json to_json(const ImportParameters& parameters) {
  const auto date = [](const std::optional<TimePoint>& when) {
    return when ? Json(format_rfc3339(*when)) : Json(nullptr);
  };
  return {{"kid", parameters.kid.text()},
          {"wrapping_key_bits", parameters.wrapping_key.rsa_bits()},
          {"wrapping_key_sha256", parameters.wrapping_key.sha256()},
          {"operations_seen", parameters.attributes_known},
          {"expires", date(parameters.expires)},
          {"not_before", date(parameters.not_before)}};
}

std::vector<std::pair<std::string, std::string>> describe(const ImportParameters& parameters) {
  return {{"wrapping key id", parameters.kid.text()},
          {"wrapping key", fmt::format("RSA-{}, SHA-256 {}", parameters.wrapping_key.rsa_bits(),
                                       parameters.wrapping_key.sha256())},
          {"operations", parameters.attributes_known ? "import only" : "not seen: not in the file"},
          {"valid to", parameters.expires            ? format_rfc3339(*parameters.expires)
                       : parameters.attributes_known ? "no limit"
                                                     : "not seen: not in the file"}};
}

}  // namespace keyrite::provider::azure
