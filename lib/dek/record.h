// The record of a data key, as a service keeps it and gives it back (docs/formats/dek.md): one line
// of canonical JSON. It holds nothing secret. AES-KWP and AES-KW bind nothing but the KEK, so which
// tenant and which id the bytes belong to is what the registry says, by their SHA-256; a record
// that says otherwise is refused. Values, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "registry/model.h"

namespace keyrite::dek {

inline constexpr int kDekRecordVersion = 1;

struct Record {
  std::string id{};
  std::string tenant{};  // its pseudonym
  registry::VersionId version{};
  std::string wrap{};  // "aes-kwp", "aes-kw"
  Bytes wrapped{};
  registry::Time created{};
  std::optional<registry::Time> expires{};
};

// With its newline.
[[nodiscard]] std::string to_line(const Record& record);
// `where` is how errors call the line. Errors kConfig "dek-record-invalid", "dek-record-version";
// those of parse_json.
[[nodiscard]] Record parse_record(std::string_view line, const std::string& where);
// Of a row that has its bytes.
[[nodiscard]] Record record_of(const registry::Dek& dek);

// Whether the record is the data key that the registry knows. Errors kVerification
// "dek-record-differs": another tenant, version, wrap or bytes.
void require_same(const Record& record, const registry::Dek& dek);

}  // namespace keyrite::dek
