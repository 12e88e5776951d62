#include "support/fault_table.h"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <optional>
#include <string_view>
#include <thread>
#include <type_traits>

namespace keyrite::test {

namespace {

CK_FUNCTION_LIST* real = nullptr;
CK_SLOT_ID slot = 0;
std::optional<Fault> fault{};
int seen = 0;
int strikes = 0;
std::string last{};

constexpr bool works_with_objects(std::string_view name) {
  for (const std::string_view other :
       {"C_Initialize", "C_Finalize", "C_OpenSession", "C_CloseSession", "C_Login", "C_Logout",
        "C_GetSessionInfo"}) {
    if (name == other) return false;
  }
  return true;
}

bool strikes_now(std::string_view name) {
  if (!fault) return false;
  const auto& wanted = fault->function;
  if (wanted.empty() ? !works_with_objects(name) : wanted != "every" && wanted != name)
    return false;
  ++seen;
  if (seen < fault->nth || (fault->times != 0 && seen >= fault->nth + fault->times)) return false;
  ++strikes;
  last = name;
  return true;
}

// As from elsewhere, and with time to be heard while the token is still at it.
void send_signal(int number) {
  ::kill(::getpid(), number);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

template <class First, class... Rest>
CK_SESSION_HANDLE session_of(First first, Rest... /*rest*/) {
  if constexpr (std::is_same_v<First, CK_SESSION_HANDLE>) return first;
  return CK_INVALID_HANDLE;
}

// One entry of the table.
template <auto member>
struct Entry;
template <class... Args, CK_RV (*CK_FUNCTION_LIST::*member)(Args...)>
struct Entry<member> {
  static inline const char* name = "";
  static CK_RV call(Args... args) {
    if (!strikes_now(name)) return (real->*member)(args...);
    const Fault struck_by = *fault;
    if (struck_by.blow == Blow::kAnswer) return struck_by.answer;
    if (struck_by.blow == Blow::kLogout) (void)real->C_Logout(session_of(args...));
    if (struck_by.blow == Blow::kSignal) send_signal(static_cast<int>(struck_by.answer));
    if (struck_by.blow == Blow::kDropSessions) (void)real->C_CloseAllSessions(slot);
    const CK_RV rv = (real->*member)(args...);
    return struck_by.blow == Blow::kAnswerAfter && rv == CKR_OK ? struck_by.answer : rv;
  }
};

// Knows the slot, for Blow::kDropSessions.
CK_RV open_session(CK_SLOT_ID at, CK_FLAGS flags, void* application, CK_NOTIFY notify,
                   CK_SESSION_HANDLE* session) {
  slot = at;
  if (strikes_now("C_OpenSession") && fault->blow == Blow::kAnswer) return fault->answer;
  return real->C_OpenSession(at, flags, application, notify, session);
}

}  // namespace

CK_FUNCTION_LIST faulty_table(CK_FUNCTION_LIST* of) {
  real = of;
  inject_nothing();
  CK_FUNCTION_LIST table = *of;
#define KEYRITE_ENTRY(function)                          \
  Entry<& CK_FUNCTION_LIST::function>::name = #function; \
  table.function = Entry<&CK_FUNCTION_LIST::function>::call;
  KEYRITE_ENTRY(C_Initialize)
  KEYRITE_ENTRY(C_Finalize)
  KEYRITE_ENTRY(C_CloseSession)
  KEYRITE_ENTRY(C_GetSessionInfo)
  KEYRITE_ENTRY(C_Login)
  KEYRITE_ENTRY(C_Logout)
  KEYRITE_ENTRY(C_GetMechanismList)
  KEYRITE_ENTRY(C_CreateObject)
  KEYRITE_ENTRY(C_DestroyObject)
  KEYRITE_ENTRY(C_GetAttributeValue)
  KEYRITE_ENTRY(C_FindObjectsInit)
  KEYRITE_ENTRY(C_FindObjects)
  KEYRITE_ENTRY(C_FindObjectsFinal)
  KEYRITE_ENTRY(C_EncryptInit)
  KEYRITE_ENTRY(C_Encrypt)
  KEYRITE_ENTRY(C_DecryptInit)
  KEYRITE_ENTRY(C_Decrypt)
  KEYRITE_ENTRY(C_SignInit)
  KEYRITE_ENTRY(C_Sign)
  KEYRITE_ENTRY(C_VerifyInit)
  KEYRITE_ENTRY(C_Verify)
  KEYRITE_ENTRY(C_DigestInit)
  KEYRITE_ENTRY(C_DigestKey)
  KEYRITE_ENTRY(C_DigestFinal)
  KEYRITE_ENTRY(C_GenerateKey)
  KEYRITE_ENTRY(C_GenerateKeyPair)
  KEYRITE_ENTRY(C_WrapKey)
  KEYRITE_ENTRY(C_UnwrapKey)
  KEYRITE_ENTRY(C_DeriveKey)
#undef KEYRITE_ENTRY
  table.C_OpenSession = open_session;
  return table;
}

void inject(const Fault& told) {
  fault = told;
  seen = 0;
  strikes = 0;
  last.clear();
}

void inject_nothing() {
  fault.reset();
  seen = 0;
  strikes = 0;
  last.clear();
}

int calls() { return seen; }
int struck() { return strikes; }
const std::string& struck_function() { return last; }

}  // namespace keyrite::test
