// The same Cryptoki calls as generate-kek and wrap-for-import, and nothing else: the yardstick of
// scripts/bench. It checks nothing, reads no parameters from files and writes no bundle.
//
//   bare_cryptoki MODULE INIT_ARGS TOKEN_LABEL PIN_FILE generate LABEL
//   bare_cryptoki MODULE INIT_ARGS TOKEN_LABEL PIN_FILE wrap LABEL MODULUS_HEX HASH(1|256)
//   KWP_MECHANISM_HEX [RUNS]
//
// Prints the seconds of each run from C_Initialize to C_Finalize.
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

namespace {

CK_FUNCTION_LIST* api = nullptr;
CK_BBOOL yes = CK_TRUE;
CK_BBOOL no = CK_FALSE;
CK_OBJECT_CLASS secret_class = CKO_SECRET_KEY;
CK_OBJECT_CLASS public_class = CKO_PUBLIC_KEY;
CK_KEY_TYPE aes_type = CKK_AES;
CK_KEY_TYPE rsa_type = CKK_RSA;

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

void use_once(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key) {
  CK_MECHANISM ecb{CKM_AES_ECB, nullptr, 0};
  std::array<CK_BYTE, 16> block{};
  std::array<CK_BYTE, 32> out{};
  CK_ULONG length = out.size();
  check(api->C_EncryptInit(session, &ecb, key), "C_EncryptInit");
  check(api->C_Encrypt(session, block.data(), block.size(), out.data(), &length), "C_Encrypt");
  check(api->C_DecryptInit(session, &ecb, key), "C_DecryptInit");
  length = block.size();
  check(api->C_Decrypt(session, out.data(), 16, block.data(), &length), "C_Decrypt");
}

CK_OBJECT_HANDLE make_key(CK_SESSION_HANDLE session, const char* label, CK_BBOOL* token,
                          CK_BBOOL* wrap) {
  CK_ULONG length = 32;
  CK_MECHANISM mechanism{CKM_AES_KEY_GEN, nullptr, 0};
  std::array<CK_ATTRIBUTE, 9> wanted{{{CKA_CLASS, &secret_class, sizeof(secret_class)},
                                      {CKA_KEY_TYPE, &aes_type, sizeof(aes_type)},
                                      {CKA_TOKEN, token, sizeof(*token)},
                                      {CKA_PRIVATE, &yes, sizeof(yes)},
                                      {CKA_SENSITIVE, &yes, sizeof(yes)},
                                      {CKA_EXTRACTABLE, &yes, sizeof(yes)},
                                      {CKA_VALUE_LEN, &length, sizeof(length)},
                                      {*wrap ? CKA_WRAP : CKA_ENCRYPT, &yes, sizeof(yes)},
                                      {*wrap ? CKA_UNWRAP : CKA_DECRYPT, &yes, sizeof(yes)}}};
  std::vector<CK_ATTRIBUTE> all(wanted.begin(), wanted.end());
  std::string name(label);
  if (!name.empty()) all.push_back({CKA_LABEL, name.data(), name.size()});
  CK_OBJECT_HANDLE key = 0;
  check(api->C_GenerateKey(session, &mechanism, all.data(), all.size(), &key), "C_GenerateKey");
  return key;
}

CK_OBJECT_HANDLE find_key(CK_SESSION_HANDLE session, std::string label) {
  std::array<CK_ATTRIBUTE, 2> wanted{
      {{CKA_LABEL, label.data(), label.size()}, {CKA_CLASS, &secret_class, sizeof(secret_class)}}};
  CK_OBJECT_HANDLE key = 0;
  CK_ULONG count = 0;
  check(api->C_FindObjectsInit(session, wanted.data(), wanted.size()), "C_FindObjectsInit");
  check(api->C_FindObjects(session, &key, 1, &count), "C_FindObjects");
  check(api->C_FindObjectsFinal(session), "C_FindObjectsFinal");
  if (count != 1) std::exit(1);
  return key;
}

std::vector<CK_BYTE> from_hex(const std::string& text) {
  std::vector<CK_BYTE> bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes.push_back(static_cast<CK_BYTE>(std::stoul(text.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

void wrap(CK_SESSION_HANDLE session, char** argv) {
  const CK_OBJECT_HANDLE target = find_key(session, argv[6]);
  auto modulus = from_hex(argv[7]);
  std::array<CK_BYTE, 3> exponent{1, 0, 1};
  std::array<CK_ATTRIBUTE, 7> wanted{{{CKA_CLASS, &public_class, sizeof(public_class)},
                                      {CKA_KEY_TYPE, &rsa_type, sizeof(rsa_type)},
                                      {CKA_TOKEN, &no, sizeof(no)},
                                      {CKA_PRIVATE, &no, sizeof(no)},
                                      {CKA_WRAP, &yes, sizeof(yes)},
                                      {CKA_MODULUS, modulus.data(), modulus.size()},
                                      {CKA_PUBLIC_EXPONENT, exponent.data(), exponent.size()}}};
  CK_OBJECT_HANDLE rsa = 0;
  check(api->C_CreateObject(session, wanted.data(), wanted.size(), &rsa), "C_CreateObject");
  const bool sha1 = std::strcmp(argv[8], "1") == 0;
  CK_RSA_PKCS_OAEP_PARAMS oaep{};
  oaep.hashAlg = sha1 ? CKM_SHA_1 : CKM_SHA256;
  oaep.mgf = sha1 ? CKG_MGF1_SHA1 : CKG_MGF1_SHA256;
  oaep.source = CKZ_DATA_SPECIFIED;
  CK_MECHANISM transport{CKM_RSA_PKCS_OAEP, &oaep, sizeof(oaep)};
  CK_MECHANISM kwp{std::stoul(argv[9], nullptr, 16), nullptr, 0};
  const CK_OBJECT_HANDLE ephemeral = make_key(session, "", &no, &yes);
  std::array<CK_BYTE, 16384> out{};
  CK_ULONG length = out.size();
  check(api->C_WrapKey(session, &transport, rsa, ephemeral, out.data(), &length), "C_WrapKey");
  length = out.size();
  check(api->C_WrapKey(session, &kwp, ephemeral, target, out.data(), &length), "C_WrapKey");
  check(api->C_DestroyObject(session, ephemeral), "C_DestroyObject");
  use_once(session, target);
}

// From C_Initialize to C_Finalize.
void work(int argc, char** argv) {
  std::string init(argv[2]);
  CK_C_INITIALIZE_ARGS args{};
  args.flags = CKF_OS_LOCKING_OK;
  args.pReserved = init.empty() ? nullptr : init.data();
  check(api->C_Initialize(&args), "C_Initialize");
  CK_SESSION_HANDLE session = 0;
  check(api->C_OpenSession(slot_of(argv[3]), CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr,
                           &session),
        "C_OpenSession");
  std::string pin;
  std::getline(std::ifstream(argv[4]) >> std::ws, pin);
  check(api->C_Login(session, CKU_USER, reinterpret_cast<CK_UTF8CHAR*>(pin.data()), pin.size()),
        "C_Login");
  if (std::strcmp(argv[5], "generate") == 0) {
    use_once(session, make_key(session, argv[6], &yes, &no));
  } else if (argc >= 10) {
    wrap(session, argv);
  }
  check(api->C_Finalize(nullptr), "C_Finalize");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 7) return 2;
  void* module = dlopen(argv[1], RTLD_NOW);
  if (module == nullptr) return 1;
  using GetList = CK_RV (*)(CK_FUNCTION_LIST**);
  check(reinterpret_cast<GetList>(dlsym(module, "C_GetFunctionList"))(&api), "C_GetFunctionList");
  const int runs = argc > 10 ? std::stoi(argv[10]) : 1;
  for (int i = 0; i < runs; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work(argc, argv);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::printf("%.6f\n", took.count());
  }
  return 0;
}
