// What a token's return value means: its name, the Error it becomes, and whether it answers a
// question about what the token can do. One table (ckr_table.inc). Pure, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace keyrite::pkcs11 {

// What a return value says when a question about ability was asked.
enum class Answer {
  kNo,        // the token says no: it lacks this, or does not allow it
  kNotNow,    // device, session, memory, login: it says nothing about ability
  kUndecided  // no reason given, or a vendor's own value
};

struct CkrInfo {
  std::string_view name{};
  unsigned long value{};
  Kind kind{};
  Answer answer{};
  std::string_view hint{};
};
[[nodiscard]] const std::vector<CkrInfo>& ckr_table();

// "CKR_KEY_UNEXTRACTABLE"; vendors' values as "CKR_VENDOR_DEFINED+0x12", others as "CKR_UNKNOWN".
[[nodiscard]] std::string ckr_name(unsigned long value);
// The code of the Error that a value becomes: "CKR_KEY_UNEXTRACTABLE" is "ckr-key-unextractable",
// every value of a vendor "ckr-vendor-defined".
[[nodiscard]] std::string ckr_code(std::string_view name);
// Of a value outside the table: kUndecided.
[[nodiscard]] Answer answer_of(unsigned long value);

// "C_WrapKey failed wrapping ...: CKR_... (0x..)", code "ckr-key-unextractable", kind and hint of
// the table. `function` as people read it, with the mechanism where it has one: "C_WrapKey
// (CKM_RSA_PKCS_OAEP)"; the answer that the Error carries names the function alone.
[[nodiscard]] Error ckr_error(std::string_view function, unsigned long value,
                              std::string_view what);

// Whether the Error is the token's own and says no.
[[nodiscard]] bool says_no(const Error& error);
// Whether it says that session, login or token are gone: what may be done twice can be done again
// after connecting anew.
[[nodiscard]] bool says_lost(const Error& error);
// Whether the token's own answer is none today: says_lost(), or one that the table calls kNotNow.
[[nodiscard]] bool says_not_now(const Error& error);
// "C_WrapKey (CKM_RSA_PKCS_OAEP)" of an Error that ckr_error() made.
[[nodiscard]] std::string call_of(const Error& error);
// The message without the token's answer, which is at its end.
[[nodiscard]] std::string without_answer(const Error& error);

}  // namespace keyrite::pkcs11
