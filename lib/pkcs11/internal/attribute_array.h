// A Template as Cryptoki takes it: an array of CK_ATTRIBUTE that points into a copy of the
// template's values.
#pragma once

#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <vector>

#include "pkcs11/template.h"

namespace keyrite::pkcs11 {

class AttributeArray {
 public:
  explicit AttributeArray(const Template& wanted) : entries_(wanted.entries()) {
    for (auto& entry : entries_) {
      add(static_cast<CK_ATTRIBUTE_TYPE>(entry.attribute), entry.value.data(), entry.value.size());
    }
  }
  AttributeArray(const AttributeArray&) = delete;
  AttributeArray& operator=(const AttributeArray&) = delete;

  // `value` stays the caller's and must outlive the call.
  void add(CK_ATTRIBUTE_TYPE type, void* value, std::size_t size) {
    array_.push_back({type, value, size});
  }
  void move_last(CK_ATTRIBUTE_TYPE type) {
    std::stable_partition(array_.begin(), array_.end(),
                          [&](const CK_ATTRIBUTE& a) { return a.type != type; });
  }
  [[nodiscard]] CK_ATTRIBUTE* data() { return array_.data(); }
  [[nodiscard]] CK_ULONG size() const { return array_.size(); }

 private:
  std::vector<Template::Entry> entries_;
  std::vector<CK_ATTRIBUTE> array_{};
};

}  // namespace keyrite::pkcs11
