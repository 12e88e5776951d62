#include "support/function_table.h"

#include <dlfcn.h>
#include <doctest/doctest.h>

namespace keyrite::test {

CK_FUNCTION_LIST* real_table(const std::string& module_path) {
  void* module = ::dlopen(module_path.c_str(), RTLD_NOW | RTLD_LOCAL);
  REQUIRE(module != nullptr);
  using GetList = CK_RV (*)(CK_FUNCTION_LIST**);
  auto* get = reinterpret_cast<GetList>(::dlsym(module, "C_GetFunctionList"));
  REQUIRE((get != nullptr));
  CK_FUNCTION_LIST* list = nullptr;
  REQUIRE(get(&list) == CKR_OK);
  return list;
}

}  // namespace keyrite::test
