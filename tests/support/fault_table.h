// A token that fails on demand: its real function table, with every entry that keyrite calls
// replaced by one that counts, and that fails when it was told to. One fault at a time, for the
// whole process; one thread.
#pragma once

#include <p11-kit/pkcs11.h>

#include <string>

namespace keyrite::test {

// What happens at the call.
enum class Blow {
  kAnswer,        // `answer`, and the real function is not called
  kAnswerAfter,   // the real function is called, and its success is lost: `answer`
  kLogout,        // somebody logs this process out, then the real function is called
  kDropSessions,  // the token closes every session, then the real function is called
  kSignal,        // the process gets the signal `answer`, then the real function is called
};

struct Fault {
  // "C_WrapKey"; empty: any that works with keys and objects; "every": each one
  std::string function{};
  int nth{1};    // 1: the next call of it
  int times{1};  // from there on; 0: for ever
  CK_RV answer{CKR_DEVICE_ERROR};
  Blow blow{Blow::kAnswer};
};

// `real` with its entries replaced; nothing fails yet.
[[nodiscard]] CK_FUNCTION_LIST faulty_table(CK_FUNCTION_LIST* real);
// The fault to come; what was told before is forgotten, and the counts are 0 again.
void inject(const Fault& fault);
void inject_nothing();
// How many calls that could have been struck there were.
[[nodiscard]] int calls();
// How often it has struck, and at which function at last.
[[nodiscard]] int struck();
[[nodiscard]] const std::string& struck_function();

}  // namespace keyrite::test
