#include "pkcs11/ckr.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

namespace keyrite::pkcs11 {

namespace {

constexpr unsigned long kVendorDefined = 0x80000000UL;
// What stands between the call and what it was for.
constexpr std::string_view kFailed = " failed ";

const CkrInfo* find(unsigned long value) {
  const auto& table = ckr_table();
  const auto row =
      std::find_if(table.begin(), table.end(), [&](const CkrInfo& r) { return r.value == value; });
  return row == table.end() ? nullptr : &*row;
}

}  // namespace

const std::vector<CkrInfo>& ckr_table() {
  static const std::vector<CkrInfo> table{
#define KEYRITE_CKR(name, value, kind, answer, hint) \
  {#name, value, Kind::kind, Answer::answer, hint},
#include "pkcs11/ckr_table.inc"
#undef KEYRITE_CKR
  };
  return table;
}

std::string ckr_code(std::string_view name) {
  std::string text(name.substr(0, name.find('+')));
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return text;
}

std::string ckr_name(unsigned long value) {
  if (const auto* row = find(value)) return std::string(row->name);
  if (value >= kVendorDefined)
    return fmt::format("CKR_VENDOR_DEFINED+0x{:X}", value - kVendorDefined);
  return "CKR_UNKNOWN";
}

Answer answer_of(unsigned long value) {
  const auto* row = find(value);
  return row != nullptr ? row->answer : Answer::kUndecided;
}

Error ckr_error(std::string_view function, unsigned long value, std::string_view what) {
  const auto* row = find(value);
  const std::string name = ckr_name(value);
  return Error(row != nullptr ? row->kind : Kind::kToken, ckr_code(name),
               fmt::format("{}{}{}", function, kFailed, what),
               row != nullptr ? std::string(row->hint)
                              : "the meaning of this value is in the vendor's documentation")
      .with_ckr({std::string(function.substr(0, function.find(' '))), name, value});
}

bool says_no(const Error& error) {
  return error.ckr() && answer_of(error.ckr()->value) == Answer::kNo;
}

bool says_lost(const Error& error) {
  constexpr std::array<std::string_view, 8> kAnswers{
      "CKR_SESSION_HANDLE_INVALID", "CKR_SESSION_CLOSED",          "CKR_USER_NOT_LOGGED_IN",
      "CKR_DEVICE_REMOVED",         "CKR_KEY_HANDLE_INVALID",      "CKR_OBJECT_HANDLE_INVALID",
      "CKR_TOKEN_NOT_PRESENT",      "CKR_CRYPTOKI_NOT_INITIALIZED"};
  return error.ckr() &&
         std::find(kAnswers.begin(), kAnswers.end(), error.ckr()->name) != kAnswers.end();
}

bool says_not_now(const Error& error) {
  return says_lost(error) || (error.ckr() && answer_of(error.ckr()->value) == Answer::kNotNow);
}

std::string without_answer(const Error& error) {
  std::string message = error.message();
  if (!error.ckr()) return message;
  const std::string answer = fmt::format(": {} (0x{:X})", error.ckr()->name, error.ckr()->value);
  if (message.ends_with(answer)) message.resize(message.size() - answer.size());
  return message;
}

std::string call_of(const Error& error) {
  return error.message().substr(0, error.message().find(kFailed));
}

}  // namespace keyrite::pkcs11
