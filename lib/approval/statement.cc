#include "approval/statement.h"

#include <algorithm>

#include <fmt/format.h>

#include "approval/internal/statement_fields.h"
#include "approval/roster.h"
#include "base/canonical_json.h"
#include "base/error.h"
#include "base/lower_hex.h"
#include "base/text.h"
#include "crypto/digest.h"

namespace keyrite::approval {
namespace {

constexpr auto kLargestNumber = static_cast<std::uint64_t>(kLargestJsonInteger);

[[noreturn]] void refuse_statement(std::string code, std::string_view origin,
                                   std::string_view why) {
  throw Error(Kind::kConfig, std::move(code), fmt::format("{}: {}", printable(origin), why),
              "use the statement as keyrite wrote it; approvals of an edited one do not count");
}

[[noreturn]] void bad_field(std::string_view origin, std::string_view name, std::string_view due) {
  refuse_statement("statement-field", origin, fmt::format("\"{}\" is not {}", name, due));
}

void require_text(std::string_view text, const TextField& field, std::string_view origin) {
  if (text.find('\0') != std::string_view::npos) bad_field(origin, field.name, "free of NUL");
  if (field.form == Form::kNamed && text.empty()) bad_field(origin, field.name, "given");
  if (field.form == Form::kHex16 && !is_lower_hex(text, 16))
    bad_field(origin, field.name, "lower-case hex of 16 bytes");
  const bool none = field.form == Form::kHex32OrNone && text.empty();
  if ((field.form == Form::kHex32 || field.form == Form::kHex32OrNone) && !none &&
      !is_lower_hex(text, 32))
    bad_field(origin, field.name, "lower-case hex of 32 bytes");
}

void require_rules(const Statement& statement, std::string_view origin) {
  for (const TextField& field : kTexts) {
    if (is_of(field, statement.version)) require_text(statement.*field.member, field, origin);
  }
  for (const NumberField& field : kNumbers) {
    if (statement.*field.member > kLargestNumber) bad_field(origin, field.name, "below 2^53");
  }
  for (const TimeField& field : kTimes) {
    const TimePoint when = statement.*field.member;
    if (std::chrono::floor<std::chrono::seconds>(when) != when)
      bad_field(origin, field.name, "a time in whole seconds");
  }
  if (statement.not_after <= statement.not_before)
    bad_field(origin, "not_after", "later than not_before");
  const auto fits = [](const auto& row) {
    return is_role(row.first) && row.second > 0 && row.second <= kLargestNumber;
  };
  if (statement.threshold.empty() || !std::ranges::all_of(statement.threshold, fits))
    bad_field(origin, "threshold", "an object of roles and numbers from 1");
}

const Json& member_of(const Json& object, std::string_view name, std::string_view origin) {
  const auto found = object.find(std::string(name));
  if (found == object.end()) {
    refuse_statement("statement-missing-field", origin, fmt::format("\"{}\" is missing", name));
  }
  return *found;
}

std::string text_in(const Json& object, std::string_view name, std::string_view origin) {
  const Json& value = member_of(object, name, origin);
  if (!value.is_string()) bad_field(origin, name, "a text");
  return value.get<std::string>();
}

std::uint64_t number_in(const Json& value, std::string_view name, std::string_view origin) {
  if (!value.is_number_unsigned()) bad_field(origin, name, "a whole number from 0");
  return value.get<std::uint64_t>();
}

TimePoint time_in(const Json& object, std::string_view name, std::string_view origin) {
  try {
    return parse_rfc3339(text_in(object, name, origin), name);
  } catch (const Error& error) {
    if (error.code() != "not-a-time") throw;
    bad_field(origin, name, "a time in RFC 3339");
  }
}

Json parsed_object(ByteView bytes, std::string_view origin) {
  try {
    Json value = parse_json(bytes, "the statement");
    if (value.is_object()) return value;
  } catch (const Error& error) {
    refuse_statement("statement-invalid", origin, error.message());
  }
  refuse_statement("statement-invalid", origin, "this is not a JSON object");
}

// The version, when it is one that is read here.
std::uint64_t require_kind(const Json& object, std::string_view origin) {
  if (text_in(object, "type", origin) != kStatementType)
    refuse_statement("statement-type", origin, "this is not an approval statement of keyrite");
  const std::uint64_t version = number_in(member_of(object, "version", origin), "version", origin);
  if (version < 1 || version > kStatementVersion)
    refuse_statement(
        "statement-version", origin,
        fmt::format("this version of keyrite does not read statements of version {}", version));
  return version;
}

bool is_known(std::string_view name, std::uint64_t version) {
  const auto text = [&](const TextField& field) {
    return field.name == name && is_of(field, version);
  };
  return name == "type" || name == "version" || name == "threshold" ||
         std::ranges::any_of(kTexts, text) ||
         std::ranges::find(kNumbers, name, &NumberField::name) != kNumbers.end() ||
         std::ranges::find(kTimes, name, &TimeField::name) != kTimes.end();
}

Statement fields_of(const Json& object, std::uint64_t version, std::string_view origin) {
  Statement statement{.version = version};
  for (const TextField& field : kTexts) {
    if (is_of(field, version)) statement.*field.member = text_in(object, field.name, origin);
  }
  for (const NumberField& field : kNumbers) {
    statement.*field.member = number_in(member_of(object, field.name, origin), field.name, origin);
  }
  for (const TimeField& field : kTimes) {
    statement.*field.member = time_in(object, field.name, origin);
  }
  const Json& threshold = member_of(object, "threshold", origin);
  if (!threshold.is_object()) bad_field(origin, "threshold", "an object of roles and numbers");
  for (const auto& [role, count] : threshold.items()) {
    statement.threshold[role] = number_in(count, "threshold", origin);
  }
  return statement;
}

}  // namespace

Bytes to_bytes(const Statement& statement) {
  require_rules(statement, "approval statement");
  Json json{
      {"type", kStatementType}, {"version", statement.version}, {"threshold", statement.threshold}};
  for (const TextField& field : kTexts) {
    if (is_of(field, statement.version)) json[std::string(field.name)] = statement.*field.member;
  }
  for (const NumberField& field : kNumbers) {
    json[std::string(field.name)] = statement.*field.member;
  }
  for (const TimeField& field : kTimes) {
    json[std::string(field.name)] = format_rfc3339(statement.*field.member);
  }
  try {
    const std::string text = canonical_json(json);
    return {text.begin(), text.end()};
  } catch (const Error& error) {
    if (error.code() != "no-canonical-form") throw;
    refuse_statement("statement-field", "approval statement", error.message());
  }
}

Statement statement_from_bytes(ByteView bytes, std::string_view origin) {
  const Json object = parsed_object(bytes, origin);
  const std::uint64_t version = require_kind(object, origin);
  for (const auto& [name, value] : object.items()) {
    if (!is_known(name, version)) {
      refuse_statement("statement-unknown-field", origin,
                       fmt::format("there is no field \"{}\"", printable(name)));
    }
  }
  Statement statement = fields_of(object, version, origin);
  require_rules(statement, origin);
  // Other bytes of the same meaning would be another statement with another hash.
  if (!std::ranges::equal(to_bytes(statement), bytes)) {
    refuse_statement("statement-not-canonical", origin,
                     "these are not the bytes that keyrite writes for this statement");
  }
  return statement;
}

std::string statement_sha256(ByteView bytes) { return crypto::sha256_hex(bytes); }

std::optional<Error> out_of_force(const Statement& statement, TimePoint now) {
  if (now < statement.not_before) {
    return Error(
        Kind::kVerification, "statement-not-yet-valid",
        fmt::format("the statement is not valid before {}", format_rfc3339(statement.not_before)),
        "check the clock of this machine, or wait");
  }
  if (now > statement.not_after) {
    return Error(
        Kind::kVerification, "statement-expired",
        fmt::format("the statement was valid until {}", format_rfc3339(statement.not_after)),
        "check the clock of this machine, or have a new statement approved");
  }
  return std::nullopt;
}

}  // namespace keyrite::approval
