// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// A manifest is read whole or refused: what is not known is refused by the version that it says it
// has.
#include "base/document.h"
#include "base/error.h"
#include "bundle/file_name.h"
#include "bundle/manifest.h"
#include "crypto/digest.h"

namespace keyrite::bundle {

namespace {

constexpr DocumentKind kDocument{kManifestFormat, kManifestVersion, "manifest"};
constexpr DocumentKind kFirstDocument{kManifestFormat, kFirstManifestVersion, "manifest"};
constexpr DocumentKind kSecondDocument{kManifestFormat, kFirstManifestVersionWithCore, "manifest"};

NamedTexts read_texts(const JsonView& object) {
  if (!object.is_object()) {
    refuse_value(object, kDocument, "it must be an object of texts");
  }
  NamedTexts texts;
  for (const auto& [name, value] : object.raw().items()) {
    texts.emplace_back(name, one_line_text(object.at(name), kDocument));
  }
  return texts;
}

std::vector<std::string> read_list(const JsonView& list) {
  std::vector<std::string> texts;
  for (const JsonView& item : list.items()) {
    texts.push_back(one_line_text(item, kDocument));
  }
  return texts;
}

// Words of our own tables: what the table refuses is refused as a value of the document.
template <class Parse>
auto read_word(const JsonView& object, std::string_view name, Parse parse) {
  const JsonView field = object.at(name);
  try {
    return parse(field.text());
  } catch (const Error& error) {
    refuse_value(field, kDocument, error.message());
  }
}

void read_key(const JsonView& view, Manifest& manifest) {
  const JsonView key = view.at("key");
  require_only(key, kDocument, {"label", "id", "type", "public_key_sha256"});
  manifest.key = {key.text("label"),
                  hex_text(key.at("id"), kDocument),
                  read_word(key, "type", parse_key_type),
                  {}};
  if (const auto digest = key.find("public_key_sha256")) {
    manifest.key.public_key_sha256 = sha256_text(*digest, kDocument);
  }
  const JsonView cloud = view.at("cloud");
  require_only(cloud, kDocument, {"key", "algorithm", "names"});
  manifest.cloud = {text_or_empty(cloud, "key", kDocument),
                    text_or_empty(cloud, "algorithm", kDocument), read_texts(cloud.at("names"))};
}

void read_origin(const JsonView& view, Manifest& manifest) {
  const JsonView origin = view.at("origin");
  require_only(origin, kDocument, {"origin", "log_entry", "judged_by"});
  manifest.origin.origin = read_word(origin, "origin", parse_key_origin);
  if (const auto entry = origin.find("log_entry")) {
    manifest.origin.log_entry = count_of(*entry, kDocument);
  }
  if (manifest.origin.log_entry.has_value() != (manifest.origin.origin == KeyOrigin::kLogged)) {
    refuse_value(origin, kDocument,
                 "it must have a log entry if its origin is \"logged\", and only then");
  }
  manifest.origin.judged_by = read_texts(origin.at("judged_by"));
}

void read_checked(const JsonView& wrapping, Manifest& manifest) {
  manifest.checked = read_word(wrapping, "checked", parse_wrap_check);
  const WrapCheck due = wrap_check_of(manifest.method);
  if (manifest.checked != due) {
    refuse_value(wrapping.at("checked"), kDocument,
                 "of a wrap by the method " + std::string(method_name(manifest.method)) + " \"" +
                     std::string(wrap_check_name(due)) + "\" is checked");
  }
}

void require_wrapping_fields(const JsonView& wrapping, int version) {
  if (version == kFirstManifestVersion) {
    require_only(wrapping, kFirstDocument,
                 {"algorithm", "method", "custody", "key_sha256", "key_bits", "key_compared"});
  } else if (version == kFirstManifestVersionWithCore) {
    require_only(
        wrapping, kSecondDocument,
        {"algorithm", "method", "custody", "checked", "key_sha256", "key_bits", "key_compared"});
  } else {
    require_only(
        wrapping, kDocument,
        {"algorithm", "method", "custody", "checked", "key_sha256", "key_bits", "key_basis"});
  }
}

// Before version 3 a key was compared, or it was not said why it is believed.
std::optional<WrappingKeyBasis> read_basis(const JsonView& wrapping, int version) {
  if (version == kManifestVersion)
    return read_word(wrapping, "key_basis", parse_wrapping_key_basis);
  if (!wrapping.at("key_compared").boolean()) return std::nullopt;
  return WrappingKeyBasis::kCompared;
}

void read_wrapping(const JsonView& view, Manifest& manifest) {
  const JsonView wrapping = view.at("wrapping");
  require_wrapping_fields(wrapping, manifest.version);
  manifest.algorithm = read_word(wrapping, "algorithm", parse_wrapping_algorithm);
  manifest.method = read_word(wrapping, "method", parse_method);
  manifest.custody = read_word(wrapping, "custody", parse_custody);
  if (manifest.custody != custody_of(manifest.method)) {
    refuse_value(wrapping.at("custody"), kDocument,
                 "the method " + std::string(method_name(manifest.method)) + " gives custody " +
                     std::string(custody_name(custody_of(manifest.method))));
  }
  if (manifest.version != kFirstManifestVersion) read_checked(wrapping, manifest);
  manifest.wrapping_key = {sha256_text(wrapping.at("key_sha256"), kDocument),
                           static_cast<unsigned>(count_of(wrapping.at("key_bits"), kDocument)),
                           read_basis(wrapping, manifest.version)};
}

void read_token(const JsonView& view, Manifest& manifest) {
  const JsonView token = view.at("token");
  require_only(token, kDocument,
               {"label", "manufacturer", "model", "serial", "firmware", "module", "module_sha256"});
  manifest.token = {token.text("label"),
                    token.text("manufacturer"),
                    token.text("model"),
                    token.text("serial"),
                    token.text("firmware"),
                    token.text("module"),
                    {}};
  if (const auto digest = token.find("module_sha256")) {
    manifest.token.module_sha256 = sha256_text(*digest, kDocument);
  }
  for (const JsonView& row : view.at("self_test").items()) {
    require_only(row, kDocument, {"mechanism", "number", "tested", "result"});
    manifest.self_test.push_back(
        {one_line_text(row.at("mechanism"), kDocument), one_line_text(row.at("number"), kDocument),
         one_line_text(row.at("tested"), kDocument), one_line_text(row.at("result"), kDocument)});
  }
  for (const JsonView& row : view.at("check_values").items()) {
    require_only(row, kDocument, {"alg", "value"});
    manifest.check_values.push_back(
        {one_line_text(row.at("alg"), kDocument), hex_text(row.at("value"), kDocument)});
  }
}

void read_files(const JsonView& view, Manifest& manifest) {
  for (const JsonView& row : view.at("files").items()) {
    require_only(row, kDocument, {"name", "size", "sha256"});
    const std::string name = row.text("name");
    if (!is_safe_file_name(name) || name == kManifestFile) {
      refuse_value(row.at("name"), kDocument, "a file of a bundle cannot have this name");
    }
    if (!manifest.files.empty() && !(manifest.files.back().name < name)) {
      refuse_value(row.at("name"), kDocument,
                   "the files must be in the order of their names, without repetition");
    }
    manifest.files.push_back(
        {name, count_of(row.at("size"), kDocument), sha256_text(row.at("sha256"), kDocument)});
  }
}

// What is not known is refused by the version that the document says it has.
int read_version(const JsonView& view) {
  const auto version = view.find("version");
  if (version && version->raw() == kFirstManifestVersion) {
    require_kind(view, kFirstDocument);
    require_only(view, kFirstDocument,
                 {"format", "version", "provider", "purpose", "created", "valid_until", "tool",
                  "key", "cloud", "wrapping", "import_parameters", "token", "self_test",
                  "check_values", "protections", "exceptions", "unverified", "files"});
    return kFirstManifestVersion;
  }
  const bool second = version && version->raw() == kFirstManifestVersionWithCore;
  const DocumentKind& kind = second ? kSecondDocument : kDocument;
  require_kind(view, kind);
  require_only(view, kind, {"format",     "version",     "provider",     "purpose",
                            "created",    "valid_until", "tool",         "key",
                            "origin",     "cloud",       "wrapping",     "import_parameters",
                            "token",      "self_test",   "check_values", "protections",
                            "exceptions", "unverified",  "core_sha256",  "files"});
  return kind.version;
}

}  // namespace

Manifest manifest_from_json(const Json& document, std::string_view origin) {
  const JsonView view(document, std::string(origin));
  Manifest manifest;
  manifest.version = read_version(view);
  manifest.provider = read_word(view, "provider", provider::parse_provider);
  manifest.purpose = read_word(view, "purpose", provider::parse_purpose);
  manifest.created = parse_rfc3339(view.text("created"), view.at("created").where());
  if (const auto until = view.find("valid_until")) {
    manifest.valid_until = parse_rfc3339(until->text(), until->where());
  }
  manifest.tool = one_line_text(view.at("tool"), kDocument);
  read_key(view, manifest);
  if (manifest.version != kFirstManifestVersion) {
    read_origin(view, manifest);
    manifest.core_sha256 = sha256_text(view.at("core_sha256"), kDocument);
  }
  read_wrapping(view, manifest);
  if (!view.at("import_parameters").is_object()) {
    refuse_value(view.at("import_parameters"), kDocument, "it must be an object");
  }
  manifest.import_parameters = view.at("import_parameters").raw();
  read_token(view, manifest);
  manifest.protections = read_texts(view.at("protections"));
  manifest.exceptions = read_list(view.at("exceptions"));
  manifest.unverified = read_list(view.at("unverified"));
  read_files(view, manifest);
  return manifest;
}

}  // namespace keyrite::bundle
