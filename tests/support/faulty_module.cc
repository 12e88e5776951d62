// A PKCS#11 module for tests of whole programs: the module that KEYRITE_TEST_REAL_MODULE names,
// with the fault that KEYRITE_TEST_FAULT tells: "FUNCTION NTH TIMES ANSWER BLOW", where FUNCTION
// may be "any" or "every" and BLOW is answer, after, logout, drop or signal ("C_Logout 1 0 0x30
// answer"). C_Finalize writes into the file that KEYRITE_TEST_CALLS names how many such calls there
// were. With KEYRITE_TEST_FAULT_WORD both happen only in a process that was started with that word.
// With KEYRITE_TEST_HIDE what C_DestroyObject is to destroy is hidden from this process alone. With
// KEYRITE_TEST_BOLT each secret key that is made in the token has CKA_DESTROYABLE=false.
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "support/fault_table.h"

namespace {

namespace test = keyrite::test;

CK_FUNCTION_LIST* real_table_of(const char* path) {
  void* module = path == nullptr ? nullptr : ::dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) return nullptr;
  using GetList = CK_RV (*)(CK_FUNCTION_LIST**);
  auto* get = reinterpret_cast<GetList>(::dlsym(module, "C_GetFunctionList"));
  CK_FUNCTION_LIST* list = nullptr;
  return get != nullptr && get(&list) == CKR_OK ? list : nullptr;
}

test::Blow blow_of(const std::string& word) {
  if (word == "after") return test::Blow::kAnswerAfter;
  if (word == "signal") return test::Blow::kSignal;
  if (word == "logout") return test::Blow::kLogout;
  return word == "drop" ? test::Blow::kDropSessions : test::Blow::kAnswer;
}

bool is_meant() {
  const char* word = std::getenv("KEYRITE_TEST_FAULT_WORD");  // NOLINT(concurrency-mt-unsafe)
  if (word == nullptr) return true;
  std::ifstream file("/proc/self/cmdline");
  const std::string words{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return words.find(word) != std::string::npos;
}

void inject_told() {
  const char* told = std::getenv("KEYRITE_TEST_FAULT");  // NOLINT(concurrency-mt-unsafe)
  if (told == nullptr || !is_meant()) return;
  std::istringstream words(told);
  test::Fault fault;
  std::string blow;
  words >> fault.function >> fault.nth >> fault.times >> std::hex >> fault.answer >> blow;
  if (fault.function == "any") fault.function.clear();
  fault.blow = blow_of(blow);
  test::inject(fault);
}

// While this is being loaded, somebody changes its file: KEYRITE_TEST_SWAP is a shell's command.
void swap_told() {
  const char* told = std::getenv("KEYRITE_TEST_SWAP");  // NOLINT(concurrency-mt-unsafe)
  if (told != nullptr) (void)std::system(told);  // NOLINT(cert-env33-c,concurrency-mt-unsafe)
}

CK_RV (*finalize_of_table)(void*) = nullptr;
CK_RV finalize(void* reserved) {
  const CK_RV rv = finalize_of_table(reserved);
  const char* path = std::getenv("KEYRITE_TEST_CALLS");  // NOLINT(concurrency-mt-unsafe)
  if (path != nullptr) std::ofstream(path) << test::calls() << '\n';
  return rv;
}

// A token that says that an object is destroyed, shows it no more, and has it still: SoftHSM does
// so where it cannot write its folder (its issue 903).
CK_RV (*find_of_table)(CK_SESSION_HANDLE, CK_OBJECT_HANDLE*, CK_ULONG, CK_ULONG*) = nullptr;
std::vector<CK_OBJECT_HANDLE>& hidden() {
  static std::vector<CK_OBJECT_HANDLE> all;
  return all;
}
CK_RV hide(CK_SESSION_HANDLE /*session*/, CK_OBJECT_HANDLE object) {
  hidden().push_back(object);
  return CKR_OK;
}
CK_RV find_shown(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE* found, CK_ULONG room,
                 CK_ULONG* count) {
  const CK_RV rv = find_of_table(session, found, room, count);
  if (rv != CKR_OK) return rv;
  auto* const end = std::remove_if(found, found + *count, [](CK_OBJECT_HANDLE one) {
    return std::count(hidden().begin(), hidden().end(), one) != 0;
  });
  *count = static_cast<CK_ULONG>(end - found);
  return rv;
}

CK_RV(*generate_of_table)
(CK_SESSION_HANDLE, CK_MECHANISM*, CK_ATTRIBUTE*, CK_ULONG, CK_OBJECT_HANDLE*) = nullptr;
CK_RV generate_bolted(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_ATTRIBUTE* wanted,
                      CK_ULONG count, CK_OBJECT_HANDLE* key) {
  constexpr CK_ATTRIBUTE_TYPE kDestroyable = 0x172;  // PKCS#11 2.40; p11-kit's header has none
  CK_BBOOL no = CK_FALSE;
  std::vector<CK_ATTRIBUTE> all(wanted, wanted + count);
  const bool lasts = std::any_of(all.begin(), all.end(), [](const CK_ATTRIBUTE& one) {
    return one.type == CKA_TOKEN && *static_cast<CK_BBOOL*>(one.pValue) == CK_TRUE;
  });
  if (lasts) all.push_back({kDestroyable, &no, sizeof no});
  return generate_of_table(session, mechanism, all.data(), all.size(), key);
}

}  // namespace

extern "C" __attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  static CK_FUNCTION_LIST table{};
  const char* path = std::getenv("KEYRITE_TEST_REAL_MODULE");  // NOLINT(concurrency-mt-unsafe)
  swap_told();
  auto* real = real_table_of(path);
  if (real == nullptr) return CKR_GENERAL_ERROR;
  table = test::faulty_table(real);
  inject_told();
  finalize_of_table = table.C_Finalize;
  table.C_Finalize = finalize;
  if (std::getenv("KEYRITE_TEST_HIDE") != nullptr) {  // NOLINT(concurrency-mt-unsafe)
    find_of_table = table.C_FindObjects;
    table.C_FindObjects = find_shown;
    table.C_DestroyObject = hide;
  }
  if (std::getenv("KEYRITE_TEST_BOLT") != nullptr) {  // NOLINT(concurrency-mt-unsafe)
    generate_of_table = table.C_GenerateKey;
    table.C_GenerateKey = generate_bolted;
  }
  *list = &table;
  return CKR_OK;
}
