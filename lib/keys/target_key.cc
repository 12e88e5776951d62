#include "keys/target_key.h"

#include <algorithm>

#include <fmt/format.h>

#include "act/public_half.h"
#include "base/error.h"
#include "base/text.h"

namespace keyrite::keys {

namespace {

using pkcs11::Attr;
using pkcs11::ObjectClass;

pkcs11::ObjectQuery query_of(const std::optional<std::string>& label,
                             const std::optional<std::string>& id) {
  if (!label && !id) {
    throw Error(Kind::kUsage, "target-not-named",
                "the command does not say which key in the token to wrap", "give --label or --id");
  }
  pkcs11::ObjectQuery query{.label = label};
  if (id) {
    try {
      query.id = from_hex(*id);
    } catch (const Error&) {
      throw Error(Kind::kUsage, "id-invalid", fmt::format("--id \"{}\" is not hex", printable(*id)),
                  "give CKA_ID as hex digits without separators");
    }
  }
  return query;
}

std::size_t count(const pkcs11::Session& session, const pkcs11::ObjectQuery& query,
                  ObjectClass object_class) {
  pkcs11::Template wanted;
  wanted.set<Attr::kClass>(object_class);
  if (query.label) wanted.set<Attr::kLabel>(*query.label);
  if (query.id) wanted.set<Attr::kId>(*query.id);
  return session.find(wanted).size();
}

// A secret key or a private key; one of each under the same name is as ambiguous as two of a kind.
pkcs11::ObjectHandle find_handle(const pkcs11::Session& session, pkcs11::ObjectQuery query,
                                 bool& secret) {
  const std::size_t secrets = count(session, query, ObjectClass::kSecretKey);
  const std::size_t privates = count(session, query, ObjectClass::kPrivateKey);
  if (secrets > 0 && privates > 0) {
    throw Error(Kind::kToken, "object-ambiguous",
                fmt::format("the token holds both a secret key and a private key that match {}",
                            query.text()),
                "name one of them by its id");
  }
  secret = privates == 0;
  query.object_class = secret ? ObjectClass::kSecretKey : ObjectClass::kPrivateKey;
  return session.find_one(query);
}

crypto::PublicKey public_half(const pkcs11::Session& session, const TargetKey& target) {
  pkcs11::Template wanted;
  wanted.set<Attr::kClass>(ObjectClass::kPublicKey).set<Attr::kId>(target.id);
  const auto found = session.find(wanted);
  if (found.size() != 1) {
    throw Error(Kind::kToken, "public-half-missing",
                fmt::format("the token holds {} public keys with the id {} of \"{}\", but keyrite "
                            "needs exactly one to verify the import later",
                            found.size(), to_hex(target.id), printable(target.label)),
                "put the public key into the token with the same CKA_ID, and remove others that "
                "have that id");
  }
  return wrap::read_public_key(session, found.front(), target.type);
}

KeyUsage usage_of(const pkcs11::Session& session, const TargetKey& target) {
  const auto may = [&](Attr attribute) {
    return session.read_bool(target.handle, attribute).value_or(false);
  };
  if (target.type.family == KeyFamily::kGenericSecret || may(Attr::kSign)) return KeyUsage::kSign;
  if (target.type.is_secret() ? may(Attr::kEncrypt) : may(Attr::kDecrypt))
    return KeyUsage::kEncrypt;
  return may(Attr::kDerive) ? KeyUsage::kDerive : KeyUsage::kWrap;
}

KeyDates read_dates(const pkcs11::Session& session, pkcs11::ObjectHandle key) {
  return {.start = wrap::read_date(session, key, Attr::kStartDate),
          .end = wrap::read_date(session, key, Attr::kEndDate)};
}

// The day of a moment, as dates are written.
std::string day_of(TimePoint now) {
  constexpr std::size_t kDay = 10;  // YYYY-MM-DD
  return format_rfc3339(now).substr(0, kDay);
}

bool is_day(const std::string& text) {
  constexpr std::string_view kForm = "0000-00-00";
  return text.size() == kForm.size() &&
         std::equal(text.begin(), text.end(), kForm.begin(), [](char letter, char form) {
           return form == '-' ? letter == '-' : letter >= '0' && letter <= '9';
         });
}

// "its CKA_END_DATE is 2026-01-31"; empty: it is within.
std::string why_outside(const KeyDates& dates, TimePoint now) {
  const std::string today = day_of(now);
  const auto& [start, end] = dates;
  if (start.day && is_day(*start.day) && today < *start.day)
    return fmt::format("its CKA_START_DATE is {}", *start.day);
  if (end.day && is_day(*end.day) && *end.day < today)
    return fmt::format("its CKA_END_DATE is {}", *end.day);
  return {};
}

}  // namespace

bool is_outside_dates(const TargetKey& target, TimePoint now) {
  return !why_outside(target.dates, now).empty();
}

void require_within_dates(const TargetKey& target, TimePoint now) {
  const std::string why = why_outside(target.dates, now);
  if (why.empty()) return;
  throw Error(Kind::kToken, "key-outside-dates",
              fmt::format("the dates of \"{}\" do not allow its use today, {}: {}",
                          printable(target.label), day_of(now), why),
              "use another key, or wrap this one anyway with --allow-outside-dates: the manifest "
              "then says so");
}

std::vector<std::string> date_remarks(const TargetKey& target, TimePoint now) {
  std::vector<std::string> remarks;
  const std::string why = why_outside(target.dates, now);
  if (!why.empty())
    remarks.push_back(fmt::format("the key is used outside its dates, as allowed: {}", why));
  for (const auto& [name, date] : {std::pair{"CKA_START_DATE", &target.dates.start},
                                   std::pair{"CKA_END_DATE", &target.dates.end}}) {
    if (date->unreadable) {
      remarks.push_back(fmt::format("keyrite cannot tell whether the key has a {}: {}", name,
                                    date->unreadable->message()));
    } else if (date->day && !is_day(*date->day)) {
      remarks.push_back(fmt::format("the key's {} is not a date: {}", name, *date->day));
    }
  }
  return remarks;
}

void require_named(const std::optional<std::string>& label, const std::optional<std::string>& id) {
  (void)query_of(label, id);
}

TargetKey find_target(pkcs11::Session& session, const std::optional<std::string>& label,
                      const std::optional<std::string>& id) {
  bool secret = true;
  const auto handle = find_handle(session, query_of(label, id), secret);
  if (session.read_bool(handle, Attr::kExtractable) == false) {
    throw Error(Kind::kToken, "key-not-extractable",
                fmt::format("\"{}\" has CKA_EXTRACTABLE=false and cannot leave this token",
                            printable(session.read_text(handle, Attr::kLabel).value_or(""))),
                "make a new key with generate-kek --for");
  }
  return find_key(session, label, id);
}

TargetKey find_key(pkcs11::Session& session, const std::optional<std::string>& label,
                   const std::optional<std::string>& id) {
  TargetKey target;
  bool secret = true;
  target.handle = find_handle(session, query_of(label, id), secret);
  target.type = wrap::read_key_type(session, target.handle);
  target.label = session.read_text(target.handle, Attr::kLabel).value_or("");
  target.id = session.read_bytes(target.handle, Attr::kId).value_or(Bytes{});
  if (!secret) target.public_key = public_half(session, target);
  target.usage = usage_of(session, target);
  if (target.public_key) {
    act::require_public_half(session, target.handle, target.usage, *target.public_key,
                             target.label);
  }
  target.hash = wrap::bound_hash(session, target.handle);
  target.wrap_with_trusted =
      session.read_bool(target.handle, Attr::kWrapWithTrusted).value_or(false);
  for (const auto& [name, attribute] :
       {std::pair{"sensitive", Attr::kSensitive}, std::pair{"private", Attr::kPrivate}}) {
    const auto value = session.read_bool(target.handle, attribute);
    target.protections.emplace_back(name, value ? (*value ? "true" : "false") : "not readable");
  }
  target.dates = read_dates(session, target.handle);
  for (const auto& [name, date] :
       {std::pair{"start-date", &target.dates.start}, std::pair{"end-date", &target.dates.end}}) {
    if (date->day || date->unreadable)
      target.protections.emplace_back(name, date->day.value_or("not readable"));
  }
  return target;
}

}  // namespace keyrite::keys
