// The fields of an approval statement in one table: reading, writing and comparing go by it, so
// that a field that is added is compared too. Constants; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "approval/statement.h"

namespace keyrite::approval {

// Any text; not empty; hex of so many bytes; hex or empty.
enum class Form { kText, kNamed, kHex16, kHex32, kHex32OrNone };

// By what a field is judged at use: it must be the same, or there is a rule of its own.
enum class Judged { kSame, kByRule };

struct TextField {
  std::string_view name{};
  std::string Statement::*member{};
  Form form{};
  std::string_view code{};  // when another one is due
  Judged judged{Judged::kSame};
  std::uint64_t first{1};  // version that has it
  std::uint64_t last{kStatementVersion};
};
inline constexpr std::array<TextField, 17> kTexts{{
    {"ceremony_id", &Statement::ceremony_id, Form::kHex16, "", Judged::kByRule},
    {"operation", &Statement::operation, Form::kNamed, "statement-other-request"},
    // What version 1 called the script is the request.
    {"script_sha256", &Statement::request_sha256, Form::kHex32, "statement-other-request",
     Judged::kSame, 1, 1},
    {"request_sha256", &Statement::request_sha256, Form::kHex32, "statement-other-request",
     Judged::kSame, 2},
    {"names_sha256", &Statement::names_sha256, Form::kHex32, "statement-other-names", Judged::kSame,
     2},
    {"script_sha256", &Statement::script_sha256, Form::kHex32OrNone, "statement-other-script",
     Judged::kSame, 2},
    {"operator", &Statement::operator_name, Form::kNamed, "statement-other-operator", Judged::kSame,
     2},
    {"tool_version", &Statement::tool_version, Form::kNamed, "statement-other-tool"},
    {"tenant_ref", &Statement::tenant_ref, Form::kText, "statement-other-key"},
    {"kek_label", &Statement::kek_label, Form::kText, "statement-other-key", Judged::kSame, 1, 1},
    {"kek_ref", &Statement::kek_ref, Form::kText, "statement-other-key", Judged::kSame, 2},
    {"module_sha256", &Statement::module_sha256, Form::kHex32, "statement-other-module"},
    {"token_serial", &Statement::token_serial, Form::kText, "statement-other-token"},
    {"token_model", &Statement::token_model, Form::kText, "statement-other-token"},
    {"log_origin", &Statement::log_origin, Form::kNamed, "statement-other-log"},
    {"log_root", &Statement::log_root, Form::kHex32, "statement-other-log", Judged::kByRule},
    {"roster_sha256", &Statement::roster_sha256, Form::kHex32, "statement-other-roster"},
}};

struct NumberField {
  std::string_view name{};
  std::uint64_t Statement::*member{};
  std::string_view code{};
  Judged judged{Judged::kSame};
};
inline constexpr std::array<NumberField, 2> kNumbers{{
    {"kek_version", &Statement::kek_version, "statement-other-key"},
    {"log_size", &Statement::log_size, "statement-other-log", Judged::kByRule},
}};

struct TimeField {
  std::string_view name{};
  TimePoint Statement::*member{};
};
inline constexpr std::array<TimeField, 2> kTimes{{
    {"not_before", &Statement::not_before},
    {"not_after", &Statement::not_after},
}};

[[nodiscard]] inline bool is_of(const TextField& field, std::uint64_t version) {
  return field.first <= version && version <= field.last;
}

}  // namespace keyrite::approval
