#include "keys/validate_version.h"

#include <algorithm>

#include <fmt/format.h>

#include "act/tenant_key.h"
#include "base/error.h"
#include "base/key_type.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "keys/internal/logged_making.h"
#include "keys/next_version.h"
#include "keys/use_fingerprint.h"
#include "wrap/data_key.h"
#include "wrap/data_key_wrap.h"
#include "wrap/key_generation.h"
#include "wrap/key_object.h"

namespace keyrite::keys {

namespace {

using pkcs11::Attr;
using pkcs11::ObjectClass;

[[noreturn]] void differs(const VersionOnRecord& record, std::string_view what,
                          const std::string& expected, const std::string& found) {
  throw Error(Kind::kVerification, "version-differs",
              fmt::format("{}: the token's key has {} {}, and {} is on record",
                          act::version_text(record.key, record.version.id), what, found, expected),
              "the token holds another key under this id, or a row was changed: find out by whom")
      .with_compared({.expected = expected, .found = found});
}

// The objects of a version, found by its CKA_ID.
struct Objects {
  pkcs11::ObjectHandle key{};
  std::optional<pkcs11::ObjectHandle> public_half{};
  std::optional<crypto::PublicKey> public_key{};
};

Objects find_objects(const pkcs11::Session& session, const KeyType& type,
                     const registry::Version& version) {
  const auto of_class = [&](ObjectClass object_class) {
    return session.find_one({.id = version.cka_id, .object_class = object_class});
  };
  if (type.is_secret()) return {.key = of_class(ObjectClass::kSecretKey)};
  Objects found{.key = of_class(ObjectClass::kPrivateKey)};
  found.public_half = of_class(ObjectClass::kPublicKey);
  found.public_key = wrap::read_public_key(session, *found.public_half, type);
  return found;
}

// As a key of this type and usage is made; whether it may leave the token is compared with the log.
NamedValues attributes_of(const pkcs11::Session& session, const KeyType& type, KeyUsage usage,
                          const Objects& objects) {
  const auto extractable = session.read_bool(objects.key, Attr::kExtractable);
  return read_back(
      session, objects.key,
      wrap::key_templates(type, {.extractable = extractable.value_or(false), .usage = usage})
          .key.without([](const pkcs11::Template::Entry& entry) {
            return entry.attribute == Attr::kModifiable;
          }));
}

void compare_with_log(const VersionOnRecord& record, const NamedValues& attributes,
                      const site::Site& site) {
  const auto makings = logged_makings(site, to_hex(record.version.cka_id));
  if (makings.empty()) return;  // one that was adopted
  const Json& logged = makings.back().attributes;
  const auto now = facts_of(attributes).json();
  for (const auto& [name, value] : logged.items()) {
    const auto found = now.find(name);
    if (found != now.end() && *found != value)
      differs(record, printable(name), value.dump(), found->dump());
  }
}

void compare_values(const VersionOnRecord& record, const Objects& objects,
                    const std::vector<crypto::CheckValue>& found) {
  const auto& expected_key = record.version.public_key_sha256;
  if (expected_key && objects.public_key && *expected_key != objects.public_key->sha256())
    differs(record, "the public half", *expected_key, objects.public_key->sha256());
  bool compared = false;
  for (const auto& expected : record.check_values) {
    for (const auto& one : found) {
      if (one.alg != expected.algorithm) continue;
      compared = true;
      if (one.value != expected.value)
        differs(record, "check value " + one.alg, expected.value, one.value);
    }
  }
  // A value of a name that nobody computes would let any key pass.
  if (compared || record.check_values.empty() || found.empty()) return;
  differs(record, "check value", printable(record.check_values.front().algorithm),
          found.front().alg);
}

registry::Canary canary_of(pkcs11::Session& session, const VersionOnRecord& record,
                           const KeyType& type, KeyUsage usage, const Objects& objects) {
  registry::Canary canary{.version = record.version.id};
  if (objects.public_key) {
    canary.mechanism = "public-key";
    canary.content = objects.public_key->spki();
    canary.answer_sha256 = objects.public_key->sha256();
    return canary;
  }
  if (usage == KeyUsage::kWrap) {
    const auto proven = wrap::test_data_key_wrap(session, type.secret_bytes() * 8);
    auto made = wrap::make_canary(session, proven,
                                  {objects.key, act::version_text(record.key, record.version.id)});
    canary.mechanism = wrap::key_wrap_name(made.wrapped.wrap);
    canary.content = std::move(made.wrapped.content);
    canary.answer_sha256 = std::move(made.answer_sha256);
    return canary;
  }
  canary.mechanism = "use-fingerprint";
  canary.answer_sha256 = use_fingerprint(session, type, usage, objects.key).value_or("");
  return canary;
}

void require_kept_canary(pkcs11::Session& session, const VersionOnRecord& record,
                         const KeyType& type, KeyUsage usage, const Objects& objects) {
  const auto& kept = record.canary.value();
  if (const auto wrap = wrap::parse_key_wrap(kept.mechanism)) {
    const auto proven = wrap::test_data_key_wrap(session, type.secret_bytes() * 8);
    wrap::require_canary(session, proven,
                         {objects.key, act::version_text(record.key, record.version.id)},
                         {{*wrap, kept.content}, kept.answer_sha256});
    return;
  }
  const auto made = canary_of(session, record, type, usage, objects);
  if (made.answer_sha256 != kept.answer_sha256)
    differs(record, "a canary with the answer", kept.answer_sha256, made.answer_sha256);
}

}  // namespace

ValidatedVersion validate_version(act::TokenSession& token, const VersionOnRecord& record,
                                  const site::Site& site) {
  auto& session = token.session();
  const KeyType type = parse_key_type(record.key.type);
  const KeyUsage usage = usage_in_token(record.key.usage);
  const Objects objects = find_objects(session, type, record.version);
  ValidatedVersion validated{.attributes = attributes_of(session, type, usage, objects)};
  compare_with_log(record, validated.attributes, site);
  validated.check_values = check_values(session, type, usage, objects.key, objects.public_key);
  compare_values(record, objects, validated.check_values);
  validated.used_by =
      use_once(session, type, usage, objects.key, objects.public_half, objects.public_key);
  if (record.canary) {
    require_kept_canary(session, record, type, usage, objects);
    validated.canary = *record.canary;
    validated.canary_is_there = true;
  } else {
    validated.canary = canary_of(session, record, type, usage, objects);
  }
  return validated;
}

bool require_recorded_key(act::TokenSession& token, const VersionOnRecord& record) {
  auto& session = token.session();
  const auto type = parse_key_type(record.key.type);
  const auto objects = find_objects(session, type, record.version);
  const auto found = wrap::read_key_type(session, objects.key);
  if (found.name() != type.name()) differs(record, "the type", type.name(), found.name());
  auto values = check_values(session, type, usage_in_token(record.key.usage), objects.key,
                             objects.public_key);
  for (auto& one : check_value_of_attribute(session, type, objects.key).values)
    values.push_back(std::move(one));
  compare_values(record, objects, values);
  const bool half = objects.public_key && record.version.public_key_sha256;
  return half || std::ranges::any_of(record.check_values, [&](const registry::CheckValue& kept) {
           return std::ranges::find(values, kept.algorithm, &crypto::CheckValue::alg) !=
                  values.end();
         });
}

}  // namespace keyrite::keys
