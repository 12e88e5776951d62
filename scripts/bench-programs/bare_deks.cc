// The Cryptoki calls of dek issue, dek unwrap and dek rewrap under token KEKs, and nothing else:
// the yardstick of scripts/bench.
//
//   bare_deks MODULE TOKEN_LABEL PIN_FILE issue|unwrap|rewrap RECORDS
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace {

constexpr CK_MECHANISM_TYPE kAesKeyWrap = 0x2109;  // RFC 3394
constexpr CK_ULONG kWrapped = 40;

CK_FUNCTION_LIST* api = nullptr;
CK_BBOOL yes = CK_TRUE;
CK_BBOOL no = CK_FALSE;
CK_OBJECT_CLASS secret_class = CKO_SECRET_KEY;
CK_KEY_TYPE aes_type = CKK_AES;
CK_ULONG key_bytes = 32;

void check(CK_RV rv, const char* what) {
  if (rv == CKR_OK) return;
  std::fprintf(stderr, "%s: 0x%lx\n", what, rv);
  std::exit(1);
}

CK_SLOT_ID slot_of(const std::string& label) {
  std::array<CK_SLOT_ID, 64> slots{};
  CK_ULONG count = slots.size();
  check(api->C_GetSlotList(CK_TRUE, slots.data(), &count), "C_GetSlotList");
  for (CK_ULONG i = 0; i < count; ++i) {
    CK_TOKEN_INFO info{};
    if (api->C_GetTokenInfo(slots[i], &info) != CKR_OK) continue;
    std::string name(reinterpret_cast<const char*>(info.label), sizeof(info.label));
    name.erase(name.find_last_not_of(' ') + 1);
    if (name == label) return slots[i];
  }
  std::fprintf(stderr, "no token\n");
  std::exit(1);
}

std::vector<CK_ATTRIBUTE> wanted(CK_BBOOL* token, CK_BBOOL* wraps, CK_BBOOL* sensitive) {
  CK_BBOOL* uses = *wraps == CK_TRUE ? &no : &yes;
  return {{CKA_CLASS, &secret_class, sizeof(secret_class)},
          {CKA_KEY_TYPE, &aes_type, sizeof(aes_type)},
          {CKA_TOKEN, token, sizeof(*token)},
          {CKA_SENSITIVE, sensitive, sizeof(*sensitive)},
          {CKA_EXTRACTABLE, uses, sizeof(*uses)},
          {CKA_ENCRYPT, uses, sizeof(*uses)},
          {CKA_DECRYPT, uses, sizeof(*uses)},
          {CKA_WRAP, wraps, sizeof(*wraps)},
          {CKA_UNWRAP, wraps, sizeof(*wraps)}};
}

CK_OBJECT_HANDLE generated(CK_SESSION_HANDLE session, std::vector<CK_ATTRIBUTE> attributes) {
  CK_MECHANISM mechanism{CKM_AES_KEY_GEN, nullptr, 0};
  attributes.push_back({CKA_VALUE_LEN, &key_bytes, sizeof(key_bytes)});
  CK_OBJECT_HANDLE key = 0;
  check(api->C_GenerateKey(session, &mechanism, attributes.data(), attributes.size(), &key),
        "C_GenerateKey");
  return key;
}

using Wrapped = std::array<CK_BYTE, kWrapped>;

Wrapped issue(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE kek) {
  CK_MECHANISM mechanism{kAesKeyWrap, nullptr, 0};
  const CK_OBJECT_HANDLE key = generated(session, wanted(&no, &no, &yes));
  Wrapped wrapped{};
  CK_ULONG length = wrapped.size();
  check(api->C_WrapKey(session, &mechanism, kek, key, wrapped.data(), &length), "C_WrapKey");
  check(api->C_DestroyObject(session, key), "C_DestroyObject");
  return wrapped;
}

void unwrap(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE kek, Wrapped& wrapped) {
  CK_MECHANISM mechanism{kAesKeyWrap, nullptr, 0};
  auto attributes = wanted(&no, &no, &no);
  CK_OBJECT_HANDLE key = 0;
  check(api->C_UnwrapKey(session, &mechanism, kek, wrapped.data(), wrapped.size(),
                         attributes.data(), attributes.size(), &key),
        "C_UnwrapKey");
  // Whether it is a data key, before its value is read: keyrite does not do without.
  CK_OBJECT_CLASS kind = CKO_DATA;
  CK_BBOOL on_token = CK_TRUE;
  CK_BBOOL sensitive = CK_TRUE;
  std::array<CK_ATTRIBUTE, 3> question{{{CKA_CLASS, &kind, sizeof(kind)},
                                        {CKA_TOKEN, &on_token, sizeof(on_token)},
                                        {CKA_SENSITIVE, &sensitive, sizeof(sensitive)}}};
  check(api->C_GetAttributeValue(session, key, question.data(), question.size()),
        "C_GetAttributeValue");
  std::array<CK_BYTE, 64> value{};
  CK_ATTRIBUTE read{CKA_VALUE, value.data(), value.size()};
  check(api->C_GetAttributeValue(session, key, &read, 1), "C_GetAttributeValue");
  check(api->C_DestroyObject(session, key), "C_DestroyObject");
}

// By session objects that stay in the token; what was moved is the same data key if it wraps back
// to the bytes of before.
void rewrap(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE from, CK_OBJECT_HANDLE to,
            const Wrapped& wrapped) {
  CK_MECHANISM mechanism{kAesKeyWrap, nullptr, 0};
  const auto moved = [&](CK_OBJECT_HANDLE by, CK_OBJECT_HANDLE under, Wrapped record) {
    auto attributes = wanted(&no, &no, &yes);
    CK_OBJECT_HANDLE key = 0;
    check(api->C_UnwrapKey(session, &mechanism, by, record.data(), record.size(), attributes.data(),
                           attributes.size(), &key),
          "C_UnwrapKey");
    CK_ULONG length = record.size();
    check(api->C_WrapKey(session, &mechanism, under, key, record.data(), &length), "C_WrapKey");
    check(api->C_DestroyObject(session, key), "C_DestroyObject");
    return record;
  };
  if (moved(to, from, moved(from, to, wrapped)) == wrapped) return;
  std::fprintf(stderr, "another data key\n");
  std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  void* module = ::dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) return 2;
  const auto get =
      reinterpret_cast<CK_RV (*)(CK_FUNCTION_LIST**)>(::dlsym(module, "C_GetFunctionList"));
  check(get(&api), "C_GetFunctionList");
  check(api->C_Initialize(nullptr), "C_Initialize");
  CK_SESSION_HANDLE session = 0;
  check(api->C_OpenSession(slot_of(argv[2]), CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr,
                           &session),
        "C_OpenSession");
  std::string pin;
  std::getline(std::ifstream(argv[3]), pin);
  check(api->C_Login(session, CKU_USER, reinterpret_cast<CK_BYTE*>(pin.data()), pin.size()),
        "C_Login");
  const CK_OBJECT_HANDLE kek = generated(session, wanted(&yes, &yes, &yes));
  Wrapped wrapped = issue(session, kek);
  const std::string what = argv[4];
  const CK_OBJECT_HANDLE next = what == "rewrap" ? generated(session, wanted(&yes, &yes, &yes)) : 0;
  for (long i = std::atol(argv[5]); i > 0; --i) {
    if (what == "issue")
      wrapped = issue(session, kek);
    else if (what == "rewrap")
      rewrap(session, kek, next, wrapped);
    else
      unwrap(session, kek, wrapped);
  }
  check(api->C_DestroyObject(session, kek), "C_DestroyObject");
  if (next != 0) check(api->C_DestroyObject(session, next), "C_DestroyObject");
  check(api->C_Finalize(nullptr), "C_Finalize");
  return 0;
}
