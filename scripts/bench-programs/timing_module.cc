// A Cryptoki module that hands every call to another one and adds up how long those take: what a
// process would need for its own calls and nothing else. For scripts/bench, any threads.
//
// KEYRITE_BENCH_MODULE names the other module, KEYRITE_BENCH_TIME the file that gets the seconds,
// at C_Finalize. KEYRITE_BENCH_DELAY_US makes each call take so much longer, as over a network.
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace {

CK_FUNCTION_LIST* real = nullptr;
CK_FUNCTION_LIST timed_list{};
std::atomic<std::chrono::steady_clock::rep> total{0};
std::chrono::microseconds delay{0};

class Timer {
 public:
  Timer() = default;
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer() {
    if (delay.count() != 0) std::this_thread::sleep_for(delay);
    total += (std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_{std::chrono::steady_clock::now()};
};

template <auto Entry, class Function>
struct Timed;

template <auto Entry, class... Arguments>
struct Timed<Entry, CK_RV (*CK_FUNCTION_LIST::*)(Arguments...)> {
  static CK_RV call(Arguments... arguments) {
    const Timer timer;
    return (real->*Entry)(arguments...);
  }
  static void install() { timed_list.*Entry = &call; }
};

template <auto... Entries>
void install() {
  (Timed<Entries, decltype(Entries)>::install(), ...);
}

CK_RV finalize(void* reserved) {
  const CK_RV rv = [&] {
    const Timer timer;
    return real->C_Finalize(reserved);
  }();
  if (std::FILE* file = std::fopen(std::getenv("KEYRITE_BENCH_TIME"), "w")) {
    std::fprintf(file, "%.6f\n", std::chrono::duration<double>(std::chrono::steady_clock::duration(total.load())).count());
    std::fclose(file);
  }
  return rv;
}

// Every call that keyrite makes; tests of the bench are its figures: a call that is missing here
// counts as keyrite's own time.
void fill() {
  timed_list = *real;
  using L = CK_FUNCTION_LIST;
  install<&L::C_Initialize, &L::C_GetInfo, &L::C_GetSlotList, &L::C_GetSlotInfo, &L::C_GetTokenInfo,
          &L::C_GetMechanismList, &L::C_GetMechanismInfo, &L::C_OpenSession, &L::C_CloseSession,
          &L::C_CloseAllSessions, &L::C_GetSessionInfo, &L::C_Login, &L::C_Logout,
          &L::C_CreateObject, &L::C_DestroyObject, &L::C_GetAttributeValue, &L::C_SetAttributeValue,
          &L::C_FindObjectsInit, &L::C_FindObjects, &L::C_FindObjectsFinal, &L::C_EncryptInit,
          &L::C_Encrypt, &L::C_DecryptInit, &L::C_Decrypt, &L::C_DigestInit, &L::C_DigestKey,
          &L::C_DigestFinal, &L::C_SignInit, &L::C_Sign, &L::C_VerifyInit, &L::C_Verify,
          &L::C_GenerateKey, &L::C_GenerateKeyPair, &L::C_WrapKey, &L::C_UnwrapKey, &L::C_DeriveKey,
          &L::C_GenerateRandom>();
  timed_list.C_Finalize = &finalize;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  if (real == nullptr) {
    const Timer timer;
    void* module = ::dlopen(std::getenv("KEYRITE_BENCH_MODULE"), RTLD_NOW | RTLD_LOCAL);
    if (module == nullptr) return CKR_GENERAL_ERROR;
    const auto get =
        reinterpret_cast<CK_RV (*)(CK_FUNCTION_LIST**)>(::dlsym(module, "C_GetFunctionList"));
    if (get == nullptr || get(&real) != CKR_OK) return CKR_GENERAL_ERROR;
    fill();
    if (const char* wanted = std::getenv("KEYRITE_BENCH_DELAY_US"))
      delay = std::chrono::microseconds(std::atol(wanted));
  }
  *list = &timed_list;
  return CKR_OK;
}
