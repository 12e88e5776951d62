#include "pkcs11/attribute.h"

#include <algorithm>

#include "base/error.h"

namespace keyrite::pkcs11 {

const std::vector<AttrInfo>& attributes() {
  static const std::vector<AttrInfo> table{
#define KEYRITE_ROW(name, cka, number, type) {Attr::name, #cka, ValueType::type},
      KEYRITE_ATTRIBUTES(KEYRITE_ROW)
#undef KEYRITE_ROW
  };
  return table;
}

const AttrInfo& attribute_info(Attr attribute) {
  const auto& table = attributes();
  const auto row = std::find_if(table.begin(), table.end(),
                                [&](const AttrInfo& r) { return r.attribute == attribute; });
  if (row == table.end())
    throw Error(Kind::kInternal, "value-outside-table", "an attribute is not in the table");
  return *row;
}

}  // namespace keyrite::pkcs11
