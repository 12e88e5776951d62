// A session with a token. Move-only; closing it never logs out, since a logout would end the login
// of every session of the process. One session, one thread: PKCS#11 allows one active operation per
// session. Object handles belong to the session that found them and are never carried to a later
// one: a handle may then be another key.
//
// Every function takes `what`: what is being done to which object ("wrapping \"tenant-42\""), for
// the message of the Error that a CKR becomes: "C_WrapKey failed wrapping \"tenant-42\":
// CKR_KEY_UNEXTRACTABLE (0x6A)". Unless said otherwise Errors are of the kind and remedy that the
// CKR table gives. keyrite does not believe CKR_OK alone: a handle of 0 is Error kToken
// "handle-invalid", more than there is room for "length-beyond-buffer", an empty wrapped key,
// signature or MAC "result-empty".
//
// Before every creation of a token object the session is searched for one of its class with its id
// or label: one token in the field answers CKR_OK to a second key of an id, and destroys the first.
// Errors kToken "id-taken", "label-taken".
//
// If an operation fails in its middle, a token may leave it active, and it then blocks every later
// one of its session. So the next one begins on a new session of the token. The earlier session
// stays open until the end, since its session objects live as long as it does.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "crypto/secret_bytes.h"
#include "pkcs11/mechanism.h"
#include "pkcs11/template.h"
#include "pkcs11/token.h"

namespace keyrite::pkcs11 {

enum class ObjectHandle : unsigned long {};
enum class Access { kReadOnly, kReadWrite };

struct KeyPair {
  ObjectHandle public_key{};
  ObjectHandle private_key{};
};

// What names one object. At least one of label and id.
struct ObjectQuery {
  std::optional<std::string> label{};
  std::optional<Bytes> id{};
  std::optional<ObjectClass> object_class{};
  [[nodiscard]] std::string text() const;  // "secret key \"acme\", id 01ab"
};

class Session {
 public:
  [[nodiscard]] static Session open(const Token& token, Access access);
  Session(Session&& other) noexcept;
  Session& operator=(Session&&) = delete;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();
  // C_CloseSession. Error with the CKR. A second call does nothing.
  void close();

  [[nodiscard]] std::vector<ObjectHandle> find(const Template& wanted) const;
  // Errors kToken "object-not-found", "object-ambiguous" (how many, and their ids),
  // "object-differs" when what was found does not have the label, id and class that were asked for.
  [[nodiscard]] ObjectHandle find_one(const ObjectQuery& query) const;
  // True while the token still knows the object.
  [[nodiscard]] bool exists(ObjectHandle object) const;

  [[nodiscard]] ObjectHandle generate_key(const Mechanism& mechanism, const Template& wanted,
                                          std::string_view what);
  [[nodiscard]] KeyPair generate_key_pair(const Mechanism& mechanism, const Template& public_half,
                                          const Template& private_half, std::string_view what);
  [[nodiscard]] ObjectHandle create_object(const Template& wanted, std::string_view what);
  // A secret key with a value from the host: only ever an ephemeral transport key or a throw-away
  // key.
  [[nodiscard]] ObjectHandle create_secret(const Template& wanted, const crypto::SecretBytes& value,
                                           std::string_view what);
  void destroy_object(ObjectHandle object, std::string_view what);

  // nullopt: the token does not know the attribute, keeps it, or has no value for it
  // (CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_SENSITIVE, CK_UNAVAILABLE_INFORMATION). kValue is
  // refused: Error kInternal "secret-attribute".
  [[nodiscard]] std::optional<Bytes> read_bytes(ObjectHandle object, Attr attribute) const;
  [[nodiscard]] std::optional<bool> read_bool(ObjectHandle object, Attr attribute) const;
  [[nodiscard]] std::optional<unsigned long> read_ulong(ObjectHandle object, Attr attribute) const;
  [[nodiscard]] std::optional<std::string> read_text(ObjectHandle object, Attr attribute) const;
  // CKA_VALUE of a data key that is given out: of a secret session object that is not sensitive.
  // nullopt: the token keeps it. Error kInternal "secret-attribute" for every other object.
  [[nodiscard]] std::optional<crypto::SecretBytes> read_data_key(ObjectHandle object) const;
  // CKA_EC_POINT without its DER OCTET STRING, which some tokens leave out (PKCS#11 "Elliptic curve
  // public key objects"). Error kToken "ec-point-invalid".
  [[nodiscard]] Bytes read_ec_point(ObjectHandle object) const;

  // C_WrapKey. The buffer is never sized by the token's length query alone: one token answers 32
  // where 40 are needed.
  [[nodiscard]] Bytes wrap_key(const Mechanism& mechanism, ObjectHandle wrapping,
                               ObjectHandle target, std::string_view what);
  // What the token answers when asked for the length alone (PKCS#11 "Conventions for functions
  // returning output in a variable-length buffer").
  [[nodiscard]] std::size_t wrap_key_length(const Mechanism& mechanism, ObjectHandle wrapping,
                                            ObjectHandle target, std::string_view what);
  [[nodiscard]] ObjectHandle unwrap_key(const Mechanism& mechanism, ObjectHandle unwrapping,
                                        ByteView wrapped, const Template& wanted,
                                        std::string_view what);
  [[nodiscard]] ObjectHandle derive_key(const Mechanism& mechanism, ObjectHandle base,
                                        const Template& wanted, std::string_view what);
  [[nodiscard]] Bytes encrypt(const Mechanism& mechanism, ObjectHandle key, ByteView plaintext,
                              std::string_view what);
  [[nodiscard]] Bytes decrypt(const Mechanism& mechanism, ObjectHandle key, ByteView ciphertext,
                              std::string_view what);
  // The same where what comes out is secret.
  [[nodiscard]] crypto::SecretBytes decrypt_secret(const Mechanism& mechanism, ObjectHandle key,
                                                   ByteView ciphertext, std::string_view what);
  [[nodiscard]] Bytes sign(const Mechanism& mechanism, ObjectHandle key, ByteView content,
                           std::string_view what);
  // False for CKR_SIGNATURE_INVALID and CKR_SIGNATURE_LEN_RANGE.
  [[nodiscard]] bool verify(const Mechanism& mechanism, ObjectHandle key, ByteView content,
                            ByteView signature, std::string_view what);
  // Of the value of a key; of `before` and then the value.
  [[nodiscard]] Bytes digest_key(const Mechanism& mechanism, ObjectHandle key,
                                 std::string_view what);
  [[nodiscard]] Bytes digest_key(const Mechanism& mechanism, ByteView before, ObjectHandle key,
                                 std::string_view what);

  // Mechanism numbers the token lists, which proves nothing.
  [[nodiscard]] std::vector<unsigned long> listed_mechanisms() const;

  [[nodiscard]] const Token& token() const { return token_; }

  // Whether the user is logged in, as the token says about this session now. What is not found
  // without the login may still be there.
  [[nodiscard]] bool user_is_logged_in() const;
  // Error kToken "login-lost" when the token wants a login and the user has none here.
  void require_login() const;
  // Closes it; that the token does not know it any more is as good.
  void drop() noexcept;
  // A new session of the same token and login takes its place, opened before the earlier one is
  // closed, since some tokens log out when their last session closes. Its session objects are gone,
  // and every handle of an object is void. Errors as open().
  void renew(Access access);
  // After drop(): a new session of `token` takes its place. Every handle of an object is void.
  void reopen(const Token& token);
  // Removes a throw-away session object. Closing the session removes it in any case: what the token
  // answers instead of CKR_OK is not thrown, but kept in undestroyed().
  void discard(ObjectHandle object) noexcept;
  [[nodiscard]] const std::optional<Error>& undestroyed() const { return undestroyed_; }

 private:
  friend class Login;
  void require_same(ObjectHandle object, const Template& wanted, const ObjectQuery& query) const;
  template <class Fixed>
  [[nodiscard]] std::optional<Fixed> read_fixed(ObjectHandle object, Attr attribute) const;
  // A secret session object that is not sensitive, by the token's own words, asked for in one call.
  [[nodiscard]] bool is_data_key(ObjectHandle object) const;
  // The hint of "object-ambiguous".
  [[nodiscard]] std::string how_to_name_one(const std::vector<ObjectHandle>& found) const;
  // Of the wanted attributes of a token object. Errors as above.
  void require_unused(const Template& wanted) const;
  // The handle to begin an operation with.
  [[nodiscard]] unsigned long idle() const;
  // Does the part of an operation that comes after its beginning.
  template <class Work>
  auto finish(const Work& work) const -> decltype(work());
  Session(Token token, unsigned long handle, Access access)
      : token_(std::move(token)), access_(access), handle_(handle) {}
  Token token_;
  Access access_;
  mutable std::optional<unsigned long> handle_;
  mutable std::vector<unsigned long> earlier_{};  // sessions on which an operation did not end
  mutable std::string unended_{};                 // what failed on handle_ in an operation's middle
  std::optional<Error> undestroyed_{};
};

}  // namespace keyrite::pkcs11
