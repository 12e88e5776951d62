#include "dek/record.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

#include "base/canonical_json.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "crypto/digest.h"

namespace keyrite::dek {

namespace {

constexpr std::array<std::string_view, 10> kFields{
    "created", "dek", "expires", "id", "key", "sha256", "tenant", "version", "wrapped", "wrap"};

// A text in quotes. A field that somebody wrote into the registry may have anything.
std::string quoted(const std::string& text) { return canonical_json(Json(text)); }

registry::Time time_in(const Json& value, std::string_view field) {
  return std::chrono::floor<std::chrono::milliseconds>(
      parse_rfc3339(value.get<std::string>(), field));
}

[[noreturn]] void invalid(const std::string& where, std::string_view why) {
  throw Error(Kind::kConfig, "dek-record-invalid",
              fmt::format("{} is not the record of a data key: {}", where, why),
              "give the line as keyrite dek issue wrote it");
}

// Each field there, nothing else, and of its type.
void require_fields(const Json& json, const std::string& where) {
  if (!json.is_object()) invalid(where, "it is not an object");
  for (const auto& [name, value] : json.items()) {
    if (std::ranges::find(kFields, name) == kFields.end())
      invalid(where, fmt::format("it has a field \"{}\"", printable(name)));
  }
  for (const auto field : kFields) {
    const auto found = json.find(field);
    if (found == json.end()) invalid(where, fmt::format("it has no field \"{}\"", field));
    const bool number = field == "dek" || field == "version";
    const bool right = number ? found->is_number_integer()
                              : found->is_string() || (field == "expires" && found->is_null());
    if (!right) invalid(where, fmt::format("\"{}\" has another type", field));
  }
}

}  // namespace

std::string to_line(const Record& record) {
  // Canonical JSON, field by field: a batch has thousands of lines.
  return fmt::format(
      R"({{"created":"{}","dek":{},"expires":{},"id":{},"key":{},"sha256":"{}","tenant":{},)"
      R"("version":{},"wrap":{},"wrapped":"{}"}})"
      "\n",
      format_rfc3339(record.created), kDekRecordVersion,
      record.expires ? "\"" + format_rfc3339(*record.expires) + "\"" : std::string("null"),
      quoted(record.id), quoted(record.version.key), crypto::sha256_hex(record.wrapped),
      quoted(record.tenant), record.version.number, quoted(record.wrap), to_base64(record.wrapped));
}

Record parse_record(std::string_view line, const std::string& where) {
  const Json json = parse_json(as_bytes(line), where);
  if (json.is_object() && json.contains("dek") && json.at("dek") != kDekRecordVersion) {
    throw Error(Kind::kConfig, "dek-record-version",
                fmt::format("{} is a record of a version that this keyrite does not know", where),
                "use a later keyrite");
  }
  require_fields(json, where);
  Record record{.id = json.at("id"),
                .tenant = json.at("tenant"),
                .version = {json.at("key"), json.at("version")},
                .wrap = json.at("wrap"),
                .wrapped = from_base64(json.at("wrapped").get<std::string>(), "wrapped"),
                .created = time_in(json.at("created"), "created")};
  if (!json.at("expires").is_null()) record.expires = time_in(json.at("expires"), "expires");
  if (json.at("sha256") != crypto::sha256_hex(record.wrapped))
    invalid(where, "its SHA-256 is not that of its wrapped bytes");
  return record;
}

Record record_of(const registry::Dek& dek) {
  return {.id = dek.id,
          .tenant = dek.tenant,
          .version = dek.version,
          .wrap = dek.mechanism,
          .wrapped = dek.wrapped,
          .created = dek.created,
          .expires = dek.expires};
}

void require_same(const Record& record, const registry::Dek& dek) {
  const auto require = [&](bool same, std::string_view what) {
    if (same) return;
    throw Error(Kind::kVerification, "dek-record-differs",
                fmt::format("the record of data key {} says another {} than the registry",
                            printable(dek.id), what),
                "it is an older record, or one that somebody changed: nothing was opened");
  };
  require(record.tenant == dek.tenant, "tenant");
  require(record.version == dek.version, "version");
  require(record.wrap == dek.mechanism, "wrap");
  require(crypto::sha256_hex(record.wrapped) == dek.wrapped_sha256, "content");
}

}  // namespace keyrite::dek
