#include "keys/token_findings.h"

#include <algorithm>

#include <fmt/format.h>

#include "act/tenant_key.h"
#include "base/bytes.h"
#include "base/text.h"
#include "keys/next_version.h"

namespace keyrite::keys {

namespace {

using pkcs11::ObjectClass;
using registry::CopyState;
using registry::VersionState;
using Known = std::vector<KnownVersion>;

bool is_destroyed(const KnownVersion& one) { return one.version.state == VersionState::kDestroyed; }

// By what no other key has: nullopt where neither side has a value of one name.
std::optional<bool> same_key(const SurveyedKey& key, const KnownVersion& one) {
  if (key.public_key_sha256 && one.version.public_key_sha256)
    return *key.public_key_sha256 == *one.version.public_key_sha256;
  for (const auto& read : key.check_values) {
    for (const auto& kept : one.check_values) {
      if (kept.algorithm == read.alg) return kept.value == read.value;
    }
  }
  return std::nullopt;
}

const KnownVersion* of_id(const Known& known, const Bytes& id) {
  const auto found = std::ranges::find_if(
      known, [&](const KnownVersion& one) { return !id.empty() && one.version.cka_id == id; });
  return found == known.end() ? nullptr : &*found;
}
const KnownVersion* of_value(const Known& known, const SurveyedKey& key) {
  const auto found = std::ranges::find_if(
      known, [&](const KnownVersion& one) { return same_key(key, one) == true; });
  return found == known.end() ? nullptr : &*found;
}

Finding about(FindingKind kind, const SurveyedKey& key, const KnownVersion* one,
              std::string detail) {
  Finding finding{
      .kind = kind, .label = key.label, .id = to_hex(key.id), .detail = std::move(detail)};
  if (one != nullptr) finding.version = one->version.id;
  return finding;
}

std::string text_of(const KnownVersion& one) { return act::version_text(one.key, one.version.id); }

void compare_attributes(std::vector<Finding>& list, const SurveyedKey& key,
                        const KnownVersion& one) {
  if (!one.attributes.is_object() || key.object_class == ObjectClass::kPublicKey) return;
  const Json now = facts_of(key.attributes).json();
  for (const auto& [name, value] : one.attributes.items()) {
    const auto found = now.find(name);
    if (found == now.end() || *found == value) continue;
    list.push_back(about(FindingKind::kAttribute, key, &one,
                         fmt::format("{}: {} is {}, and was {} when the key was made", text_of(one),
                                     printable(name), found->dump(), value.dump())));
  }
}

void compare_label(std::vector<Finding>& list, const SurveyedKey& key, const KnownVersion& one) {
  if (one.made_for != one.key.id) return;
  const auto expected = version_label(one.version.id, one.version.cka_id);
  if (key.label != expected)
    list.push_back(about(FindingKind::kLabel, key, &one,
                         fmt::format("{} was made as \"{}\"", text_of(one), expected)));
}

// A key whose id the registry has as a version's.
void compare(std::vector<Finding>& list, const SurveyedKey& key, const KnownVersion& one) {
  const bool other_type = key.type && key.type->name() != one.key.type;
  if (other_type || same_key(key, one) == false) {
    list.push_back(about(FindingKind::kDifferent, key, &one,
                         other_type
                             ? fmt::format("{} is {}, and this is {}", text_of(one),
                                           printable(one.key.type), key.type->name())
                             : fmt::format("{} has another {}", text_of(one),
                                           key.public_key_sha256 ? "public half" : "check value")));
    return;
  }
  compare_attributes(list, key, one);
  compare_label(list, key, one);
}

void judge(std::vector<Finding>& list, const SurveyedKey& key, const Known& known) {
  const auto* one = of_id(known, key.id);
  const auto* same = of_value(known, key);
  for (const auto* each : {one, same}) {
    if (each == nullptr || !is_destroyed(*each)) continue;
    list.push_back(about(FindingKind::kDestroyed, key, each,
                         fmt::format("{} is destroyed, and the token has a key with its {}",
                                     text_of(*each), each == one ? "id" : "value")));
    return;
  }
  if (one != nullptr) return compare(list, key, *one);
  if (same != nullptr) {
    list.push_back(about(FindingKind::kSecondObject, key, same,
                         fmt::format("it is the key of {}, under another id", text_of(*same))));
    return;
  }
  list.push_back(about(FindingKind::kUnknown, key, nullptr,
                       key.type ? key.type->name() : printable(key.unread)));
}

void add_twice(std::vector<Finding>& list, const std::vector<SurveyedKey>& found) {
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto twin = [&](const SurveyedKey& other) {
      return other.object_class == found[i].object_class && other.id == found[i].id;
    };
    const auto end = found.begin() + static_cast<std::ptrdiff_t>(i);
    if (!found[i].id.empty() && std::any_of(found.begin(), end, twin))
      list.push_back(about(FindingKind::kSecondObject, found[i], nullptr,
                           "another object of its class has the same id"));
  }
}

bool should_be_here(const KnownVersion& one) {
  return one.copy && !is_destroyed(one) &&
         (one.copy->state == CopyState::kPresent || one.copy->state == CopyState::kExpected ||
          one.copy->state == CopyState::kMissing);
}

void add_missing(std::vector<Finding>& list, const std::vector<SurveyedKey>& found,
                 const Known& known) {
  for (const auto& one : known) {
    if (!should_be_here(one) || is_there(found, one)) continue;
    list.push_back({.kind = FindingKind::kMissing,
                    .id = to_hex(one.version.cka_id),
                    .version = one.version.id,
                    .detail = fmt::format("{} should be on this token", text_of(one))});
  }
}

}  // namespace

std::string_view word(FindingKind kind) { return kFindingWords.at(static_cast<std::size_t>(kind)); }

act::Words logged_word(FindingKind kind) {
  return act::Words::listed(word(kind), {"destroyed-found", "unknown-key", "missing", "different",
                                         "attribute-changed", "label-moved", "second-object"});
}

bool is_there(const std::vector<SurveyedKey>& found, const KnownVersion& version) {
  return std::ranges::any_of(found, [&](const SurveyedKey& key) {
    return key.object_class != ObjectClass::kPublicKey && key.id == version.version.cka_id &&
           same_key(key, version) != false;
  });
}

bool is_shown(const std::vector<SurveyedKey>& found, const KnownVersion& version) {
  return is_there(found, version) && std::ranges::any_of(found, [&](const SurveyedKey& key) {
           return key.id == version.version.cka_id && same_key(key, version) == true;
         });
}

std::vector<Finding> findings_of(const std::vector<SurveyedKey>& found, const Known& known) {
  std::vector<Finding> list;
  for (const auto& key : found) judge(list, key, known);
  add_twice(list, found);
  add_missing(list, found, known);
  std::ranges::stable_sort(list, {}, &Finding::kind);
  return list;
}

}  // namespace keyrite::keys
