#include "pkcs11/session.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/text.h"
#include "pkcs11/internal/api.h"
#include "pkcs11/internal/attribute_array.h"
#include "pkcs11/internal/call_arguments.h"
#include "pkcs11/internal/mechanism_data.h"
#include "pkcs11/internal/operation.h"
#include "pkcs11/internal/returned_handle.h"

namespace keyrite::pkcs11 {

namespace {

constexpr CK_ULONG kFindBatch = 32;

// What a search that was begun gives, to its end.
std::vector<ObjectHandle> found_objects(const Api& api, CK_SESSION_HANDLE session,
                                        std::string_view what) {
  std::vector<ObjectHandle> found;
  while (true) {
    std::array<CK_OBJECT_HANDLE, kFindBatch> batch{};
    CK_ULONG count = 0;
    KEYRITE_CK(api, C_FindObjects, session, batch.data(), kFindBatch, &count).expect_ok(what);
    if (count > kFindBatch) {
      throw Error(
          Kind::kToken, "length-beyond-buffer",
          fmt::format("C_FindObjects returned a count of {} objects, but at most {} were requested",
                      count, kFindBatch),
          "do not use this token; report it to its vendor");
    }
    for (CK_ULONG i = 0; i < count; ++i)
      found.push_back(returned_handle(batch[i], "C_FindObjects", what));
    // Only an answer of nothing ends a search: fewer than asked for may come at any time.
    if (count == 0) return found;
  }
}

std::optional<ObjectClass> class_of(const Template& wanted) {
  const Bytes* value = wanted.value_of(Attr::kClass);
  unsigned long number = 0;
  if (value == nullptr || value->size() != sizeof(number)) return std::nullopt;
  std::memcpy(&number, value->data(), sizeof(number));
  return static_cast<ObjectClass>(number);
}

CK_SESSION_HANDLE open_handle(const Token& token, Access access) {
  CK_SESSION_HANDLE handle = 0;
  // CKF_SERIAL_SESSION must always be set (PKCS#11 "C_OpenSession").
  const CK_FLAGS flags = CKF_SERIAL_SESSION | (access == Access::kReadWrite ? CKF_RW_SESSION : 0);
  KEYRITE_CK(*token.api(), C_OpenSession, token.slot(), flags, static_cast<void*>(nullptr),
             static_cast<CK_NOTIFY>(nullptr), &handle)
      .expect_ok(fmt::format("opening a session with token \"{}\"", printable(token.info().label)));
  return handle;
}

// nullopt: the token does not know the session any more.
std::optional<CK_STATE> state_of(const Api& api, CK_SESSION_HANDLE session) {
  CK_SESSION_INFO info{};
  const auto called = KEYRITE_CK(api, C_GetSessionInfo, session, &info);
  return called.rv() == CKR_OK ? std::optional(info.state) : std::nullopt;
}

std::string_view class_text(ObjectClass object_class) {
  switch (object_class) {
    case ObjectClass::kPublicKey:
      return "public key";
    case ObjectClass::kPrivateKey:
      return "private key";
    case ObjectClass::kSecretKey:
      return "secret key";
  }
  return "object";
}

}  // namespace

std::string ObjectQuery::text() const {
  std::string text(object_class ? class_text(*object_class) : "key");
  if (label) text += fmt::format(" \"{}\"", printable(*label));
  if (id) text += fmt::format("{} id {}", label ? "," : "", to_hex(*id));
  return text;
}

Session Session::open(const Token& token, Access access) {
  return {token, open_handle(token, access), access};
}

Session::Session(Session&& other) noexcept
    : token_(std::move(other.token_)),
      access_(other.access_),
      handle_(std::exchange(other.handle_, std::nullopt)),
      earlier_(std::exchange(other.earlier_, {})),
      unended_(std::move(other.unended_)),
      undestroyed_(std::move(other.undestroyed_)) {}

// close() is the call that reports.
Session::~Session() { drop(); }

void Session::close() {
  if (!handle_) return;
  for (const unsigned long earlier : std::exchange(earlier_, {}))
    (void)KEYRITE_CK(*token_.api(), C_CloseSession, earlier);
  const unsigned long handle = *std::exchange(handle_, std::nullopt);
  KEYRITE_CK(*token_.api(), C_CloseSession, handle).expect_ok("closing the session");
}

void Session::drop() noexcept {
  try {
    close();
  } catch (...) {
    handle_.reset();
  }
}

void Session::renew(Access access) {
  access_ = access;
  const unsigned long fresh = open_handle(token_, access);
  drop();
  unended_.clear();
  undestroyed_.reset();
  handle_ = fresh;
}

void Session::reopen(const Token& token) {
  token_ = token;
  unended_.clear();
  handle_ = open_handle(token, access_);
}

unsigned long Session::idle() const {
  if (unended_.empty()) return handle_.value();
  // A session that is lost is not replaced behind its user's back: the new one may not be logged
  // in.
  const auto state = state_of(*token_.api(), handle_.value());
  if (!state) return *handle_;
  try {
    const unsigned long fresh = open_handle(token_, access_);
    if (state_of(*token_.api(), fresh) == state) {
      earlier_.push_back(*std::exchange(handle_, fresh));
      unended_.clear();
    } else {
      (void)KEYRITE_CK(*token_.api(), C_CloseSession, fresh);
    }
  } catch (const Error& error) {
    // A token that has no further session may have ended the operation.
    if (!error.ckr()) throw;
  }
  return *handle_;
}

bool Session::user_is_logged_in() const {
  CK_SESSION_INFO info{};
  KEYRITE_CK(*token_.api(), C_GetSessionInfo, handle_.value(), &info)
      .expect_ok("asking whether the login holds");
  return info.state == CKS_RO_USER_FUNCTIONS || info.state == CKS_RW_USER_FUNCTIONS;
}

void Session::require_login() const {
  if (!token_.info().flags.login_required || user_is_logged_in()) return;
  throw Error(
      Kind::kToken, "login-lost",
      fmt::format(
          "the login to token \"{}\" was lost, and its keys are visible to the logged-in user only",
          printable(token_.info().label)),
      "another program may have logged out, or the token was reset: run again");
}

std::vector<ObjectHandle> Session::find(const Template& wanted) const {
  AttributeArray attributes(wanted);
  const Api& api = *token_.api();
  const std::string_view what = "searching the token";
  begun(KEYRITE_CK(api, C_FindObjectsInit, idle(), attributes.data(), attributes.size()), unended_,
        "", what);
  return finish([&] {
    std::vector<ObjectHandle> found;
    try {
      found = found_objects(api, *handle_, what);
    } catch (const Error&) {
      // A search that is not ended blocks every later one on this session (PKCS#11
      // "C_FindObjectsFinal").
      (void)KEYRITE_CK(api, C_FindObjectsFinal, *handle_);
      throw;
    }
    KEYRITE_CK(api, C_FindObjectsFinal, *handle_).expect_ok(what);
    return found;
  });
}

void Session::require_unused(const Template& wanted) const {
  const Bytes* token = wanted.value_of(Attr::kToken);
  if (token == nullptr || token->empty() || token->front() == CK_FALSE) return;
  const auto require = [&](Template namesake, Attr attribute, const char* code) {
    const Bytes* value = wanted.value_of(attribute);
    if (value == nullptr || value->empty()) return;
    if (const auto object_class = class_of(wanted)) namesake.set<Attr::kClass>(*object_class);
    if (find(namesake).empty()) return;
    throw Error(Kind::kToken, code,
                fmt::format("token \"{}\" already holds an object of this class whose {} is {}",
                            printable(token_.info().label), attribute_info(attribute).name,
                            printable(value_text(attribute, *value))),
                "choose another one: some tokens destroy the existing object and answer CKR_OK");
  };
  const auto bytes = [&](Attr attribute) {
    const Bytes* value = wanted.value_of(attribute);
    return value == nullptr ? Bytes{} : *value;
  };
  require(Template{}.set<Attr::kId>(bytes(Attr::kId)), Attr::kId, "id-taken");
  require(Template{}.set<Attr::kLabel>(as_text(bytes(Attr::kLabel))), Attr::kLabel, "label-taken");
}

ObjectHandle Session::find_one(const ObjectQuery& query) const {
  Template wanted;
  if (query.label) wanted.set<Attr::kLabel>(*query.label);
  if (query.id) wanted.set<Attr::kId>(*query.id);
  if (query.object_class) wanted.set<Attr::kClass>(*query.object_class);
  const auto found = find(wanted);
  if (found.size() == 1) {
    require_same(found.front(), wanted, query);
    return found.front();
  }
  if (found.empty()) {
    throw Error(
        Kind::kToken, "object-not-found",
        fmt::format("token \"{}\" holds no {}", printable(token_.info().label), query.text()),
        "check the label and the id; private objects are visible only after the login");
  }
  throw Error(Kind::kToken, "object-ambiguous",
              fmt::format("token \"{}\" holds {} objects that match {}",
                          printable(token_.info().label), found.size(), query.text()),
              how_to_name_one(found));
}

std::string Session::how_to_name_one(const std::vector<ObjectHandle>& found) const {
  std::vector<std::string> ids;
  std::vector<std::string> both;
  for (const auto handle : found) {
    ids.push_back(to_hex(read_bytes(handle, Attr::kId).value_or(Bytes{})));
    both.push_back(fmt::format("\"{}\" {}", printable(read_text(handle, Attr::kLabel).value_or("")),
                               ids.back()));
  }
  const auto all_differ = [](const std::vector<std::string>& names) {
    return std::set<std::string>(names.begin(), names.end()).size() == names.size();
  };
  if (all_differ(ids)) return fmt::format("name one of them by its id: {}", fmt::join(ids, ", "));
  if (all_differ(both)) {
    return fmt::format(
        "they share an id, which some tokens do not support; name one by label and id: {}",
        fmt::join(both, ", "));
  }
  return fmt::format(
      "they have the same label and id ({}): change the label or id of one with the tools of the "
      "token's vendor",
      fmt::join(both, ", "));
}

// A token that filters wrongly would hand over another key.
void Session::require_same(ObjectHandle object, const Template& wanted,
                           const ObjectQuery& query) const {
  for (const auto& entry : wanted.entries()) {
    const auto value = read_bytes(object, entry.attribute);
    if (value == entry.value) continue;
    throw Error(
        Kind::kToken, "object-differs",
        fmt::format("token \"{}\" was searched for a {} and returned an object whose {} is {}",
                    printable(token_.info().label), query.text(),
                    attribute_info(entry.attribute).name,
                    value ? value_text(entry.attribute, *value) : "not readable"),
        "do not use this token; report it to its vendor");
  }
}

bool Session::exists(ObjectHandle object) const {
  CK_OBJECT_CLASS object_class = 0;
  CK_ATTRIBUTE attribute{CKA_CLASS, &object_class, sizeof(object_class)};
  const auto called = KEYRITE_CK(*token_.api(), C_GetAttributeValue, handle_.value(), raw(object),
                                 &attribute, CK_ULONG{1});
  if (called.rv() == CKR_OBJECT_HANDLE_INVALID) return false;
  called.expect_ok("looking whether an object is still there");
  return true;
}

ObjectHandle Session::generate_key(const Mechanism& mechanism, const Template& wanted,
                                   std::string_view what) {
  require_unused(wanted);
  MechanismData data(mechanism);
  AttributeArray attributes(wanted);
  CK_OBJECT_HANDLE key = CK_INVALID_HANDLE;
  KEYRITE_CK(*token_.api(), C_GenerateKey, handle_.value(), data.get(), attributes.data(),
             attributes.size(), &key)
      .expect_ok(what);
  return returned_handle(key, "C_GenerateKey", what);
}

KeyPair Session::generate_key_pair(const Mechanism& mechanism, const Template& public_half,
                                   const Template& private_half, std::string_view what) {
  require_unused(public_half);
  require_unused(private_half);
  MechanismData data(mechanism);
  AttributeArray public_attributes(public_half);
  AttributeArray private_attributes(private_half);
  CK_OBJECT_HANDLE public_key = CK_INVALID_HANDLE;
  CK_OBJECT_HANDLE private_key = CK_INVALID_HANDLE;
  KEYRITE_CK(*token_.api(), C_GenerateKeyPair, handle_.value(), data.get(),
             public_attributes.data(), public_attributes.size(), private_attributes.data(),
             private_attributes.size(), &public_key, &private_key)
      .expect_ok(what);
  return {returned_handle(public_key, "C_GenerateKeyPair", what),
          returned_handle(private_key, "C_GenerateKeyPair", what)};
}

ObjectHandle Session::create_object(const Template& wanted, std::string_view what) {
  require_unused(wanted);
  AttributeArray attributes(wanted);
  CK_OBJECT_HANDLE object = CK_INVALID_HANDLE;
  KEYRITE_CK(*token_.api(), C_CreateObject, handle_.value(), attributes.data(), attributes.size(),
             &object)
      .expect_ok(what);
  return returned_handle(object, "C_CreateObject", what);
}

ObjectHandle Session::create_secret(const Template& wanted, const crypto::SecretBytes& value,
                                    std::string_view what) {
  require_unused(wanted);
  AttributeArray attributes(wanted);
  // The value goes straight from locked memory to the token and never into a Template, which is
  // copied and printed.
  attributes.add(CKA_VALUE, in(value.reveal()), value.size());
  CK_OBJECT_HANDLE object = CK_INVALID_HANDLE;
  KEYRITE_CK(*token_.api(), C_CreateObject, handle_.value(), attributes.data(), attributes.size(),
             &object)
      .expect_ok(what);
  return returned_handle(object, "C_CreateObject", what);
}

void Session::destroy_object(ObjectHandle object, std::string_view what) {
  KEYRITE_CK(*token_.api(), C_DestroyObject, handle_.value(), raw(object)).expect_ok(what);
}

void Session::discard(ObjectHandle object) noexcept {
  try {
    destroy_object(object, "removing a throw-away object");
  } catch (const Error& error) {
    if (!undestroyed_) undestroyed_ = error;
  } catch (...) {
    return;
  }
}

std::vector<unsigned long> Session::listed_mechanisms() const {
  CK_ULONG count = 0;
  const std::string_view what = "listing the mechanisms";
  KEYRITE_CK(*token_.api(), C_GetMechanismList, token_.slot(),
             static_cast<CK_MECHANISM_TYPE*>(nullptr), &count)
      .expect_ok(what);
  std::vector<unsigned long> list(count);
  KEYRITE_CK(*token_.api(), C_GetMechanismList, token_.slot(), list.data(), &count).expect_ok(what);
  list.resize(std::min<std::size_t>(count, list.size()));
  return list;
}

}  // namespace keyrite::pkcs11
