// Each attribute takes the one C++ type of its row in the table, and a value of another type does
// not compile. One file, since reading template.h takes a compiler long.

// refused: no matching function for call to
// refused: no matching member function for call to 'set'
#include "pkcs11/template.h"

using keyrite::Bytes;
using keyrite::pkcs11::Attr;
using keyrite::pkcs11::KeyKind;
using keyrite::pkcs11::ObjectClass;

int main() {
  keyrite::pkcs11::Template wanted;
  const bool flag = true;
  const Bytes bytes{1, 2};
#ifdef KEYRITE_FORBIDDEN
  wanted.set<Attr::kSensitive>("false");                 // forbidden: any text would be true
  wanted.set<Attr::kSensitive>(1);                       // forbidden
  wanted.set<Attr::kSensitive>(&flag);                   // forbidden: any pointer would be true
  wanted.set<Attr::kSensitive>(bytes);                   // forbidden
  wanted.set<Attr::kValueLen>(true);                     // forbidden
  wanted.set<Attr::kValueLen>(-1);                       // forbidden: the longest of all
  wanted.set<Attr::kModulusBits>(2048.0);                // forbidden
  wanted.set<Attr::kModulusBits>("2048");                // forbidden
  wanted.set<Attr::kId>("0102");                         // forbidden: hex, or four letters?
  wanted.set<Attr::kId>(1U);                             // forbidden
  wanted.set<Attr::kLabel>(bytes);                       // forbidden
  wanted.set<Attr::kLabel>(7U);                          // forbidden
  wanted.set<Attr::kClass>(4UL);                         // forbidden
  wanted.set<Attr::kClass>(KeyKind::kEc);                // forbidden
  wanted.set<Attr::kKeyType>(ObjectClass::kPrivateKey);  // forbidden
  wanted.set<static_cast<Attr>(0x999)>(true);            // forbidden: not in the table
#endif
  wanted.set<Attr::kSensitive>(flag).set<Attr::kValueLen>(32U).set<Attr::kModulusBits>(2048UL);
  wanted.set<Attr::kId>(bytes).set<Attr::kLabel>("acme");
  wanted.set<Attr::kClass>(ObjectClass::kPrivateKey).set<Attr::kKeyType>(KeyKind::kEc);
  return wanted.entries().empty() ? 1 : 0;
}
