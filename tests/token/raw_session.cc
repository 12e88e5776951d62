#include "token/raw_session.h"

#include <doctest/doctest.h>

#include <array>
#include <string>

namespace keyrite::test {

namespace {

template <class Value>
CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, Value& value) {
  return {type, &value, sizeof(value)};
}

}  // namespace

RawSession::RawSession(CK_FUNCTION_LIST* functions, act::TokenSession& open)
    : functions_(functions) {
  REQUIRE(functions_->C_OpenSession(open.session().token().slot(),
                                    CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr,
                                    &session_) == CKR_OK);
}

RawSession::~RawSession() { functions_->C_CloseSession(session_); }

CK_OBJECT_HANDLE RawSession::find(const std::string& label, CK_OBJECT_CLASS object_class) const {
  std::string name = label;
  std::array<CK_ATTRIBUTE, 2> wanted{
      {{CKA_LABEL, name.data(), name.size()}, attribute(CKA_CLASS, object_class)}};
  REQUIRE(functions_->C_FindObjectsInit(session_, wanted.data(), wanted.size()) == CKR_OK);
  std::array<CK_OBJECT_HANDLE, 2> found{};
  CK_ULONG count = 0;
  REQUIRE(functions_->C_FindObjects(session_, found.data(), found.size(), &count) == CKR_OK);
  functions_->C_FindObjectsFinal(session_);
  REQUIRE(count == 1);
  return found[0];
}

CK_RV RawSession::set_true(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const {
  CK_BBOOL value = CK_TRUE;
  CK_ATTRIBUTE wanted = attribute(type, value);
  return functions_->C_SetAttributeValue(session_, object, &wanted, 1);
}

CK_RV RawSession::rename(CK_OBJECT_HANDLE object, std::string label) const {
  CK_ATTRIBUTE wanted{CKA_LABEL, label.data(), label.size()};
  return functions_->C_SetAttributeValue(session_, object, &wanted, 1);
}

bool RawSession::is_true(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const {
  CK_BBOOL value = CK_FALSE;
  CK_ATTRIBUTE wanted = attribute(type, value);
  return functions_->C_GetAttributeValue(session_, object, &wanted, 1) == CKR_OK &&
         value == CK_TRUE;
}

Bytes RawSession::derive(CK_OBJECT_HANDLE key, Bytes point) const {
  CK_ECDH1_DERIVE_PARAMS parameters{};
  parameters.kdf = CKD_NULL;
  parameters.ulPublicDataLen = point.size();
  parameters.pPublicData = point.data();
  CK_MECHANISM mechanism{CKM_ECDH1_DERIVE, &parameters, sizeof(parameters)};
  CK_OBJECT_CLASS object_class = CKO_SECRET_KEY;
  CK_KEY_TYPE kind = CKK_GENERIC_SECRET;
  CK_BBOOL no = CK_FALSE;
  CK_BBOOL yes = CK_TRUE;
  CK_ULONG length = 32;
  std::array<CK_ATTRIBUTE, 6> wanted{{attribute(CKA_CLASS, object_class),
                                      attribute(CKA_KEY_TYPE, kind), attribute(CKA_TOKEN, no),
                                      attribute(CKA_SENSITIVE, no), attribute(CKA_EXTRACTABLE, yes),
                                      attribute(CKA_VALUE_LEN, length)}};
  CK_OBJECT_HANDLE secret = CK_INVALID_HANDLE;
  REQUIRE(functions_->C_DeriveKey(session_, &mechanism, key, wanted.data(), wanted.size(),
                                  &secret) == CKR_OK);
  Bytes value(length);
  CK_ATTRIBUTE content{CKA_VALUE, value.data(), value.size()};
  REQUIRE(functions_->C_GetAttributeValue(session_, secret, &content, 1) == CKR_OK);
  REQUIRE(functions_->C_DestroyObject(session_, secret) == CKR_OK);
  return value;
}

}  // namespace keyrite::test
