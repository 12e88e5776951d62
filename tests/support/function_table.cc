#include "support/function_table.h"

#include <dlfcn.h>
#include <doctest/doctest.h>

#include <vector>

namespace keyrite::test {

namespace {

CK_FUNCTION_LIST* table_by(const std::string& module_path, const char* function) {
  void* module = ::dlopen(module_path.c_str(), RTLD_NOW | RTLD_LOCAL);
  REQUIRE(module != nullptr);
  using GetList = CK_RV (*)(CK_FUNCTION_LIST**);
  auto* get = reinterpret_cast<GetList>(::dlsym(module, function));
  REQUIRE((get != nullptr));
  CK_FUNCTION_LIST* list = nullptr;
  REQUIRE(get(&list) == CKR_OK);
  return list;
}

}  // namespace

CK_FUNCTION_LIST* real_table(const std::string& module_path) {
  return table_by(module_path, "C_GetFunctionList");
}

void drop_all_sessions(const std::string& module_path) {
  CK_FUNCTION_LIST* table = real_table(module_path);
  CK_ULONG count = 0;
  REQUIRE(table->C_GetSlotList(CK_TRUE, nullptr, &count) == CKR_OK);
  std::vector<CK_SLOT_ID> slots(count);
  REQUIRE(table->C_GetSlotList(CK_TRUE, slots.data(), &count) == CKR_OK);
  for (const CK_SLOT_ID slot : slots) CHECK(table->C_CloseAllSessions(slot) == CKR_OK);
}

CK_FUNCTION_LIST* fips_table(const std::string& module_path) {
  return table_by(module_path, "FC_GetFunctionList");
}

}  // namespace keyrite::test
