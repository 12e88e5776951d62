// Data keys that are new to the registry: under which KEK they come, and their rows. Nothing is
// kept; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "act/context.h"
#include "act/log_facts.h"
#include "act/registry_rows.h"
#include "dek/open_kek.h"
#include "registry/model.h"

namespace keyrite::dek {

// Whose they are, and how they are kept.
struct NewDekTerms {
  std::string tenant{};
  std::string key{};
  std::optional<std::string> ttl{};
  std::optional<std::string> holder{};
  bool kept_by_caller{false};
};

// The KEK under which they come now. Errors: those of tenant_named, require_active, key_named and
// active_kek.
[[nodiscard]] KekOnRecord new_dek_kek(const registry::Stores& stores, const NewDekTerms& terms,
                                      const site::Site& site);
[[nodiscard]] KekOnRecord read_new_dek_kek(const NewDekTerms& terms, const act::Context& context);
// Error kFailed "key-wraps-nothing": an RSA KEK, under whose public half others wrap.
void require_wraps_inside(const KekOnRecord& record);

// Without what the token makes.
[[nodiscard]] registry::Dek new_dek(const KekOnRecord& record, const NewDekTerms& terms,
                                    registry::Time now);

// {"id", "sha256"}
[[nodiscard]] act::Fact fact_of_new(const registry::Dek& dek);
[[nodiscard]] act::Words words_of_wrap(const registry::Dek& dek);

// The rows of one part, of so many records that were looked at; all arguments outlive them. What it
// throws when another act has moved the
// version meanwhile: Error kFailed "version-not-active".
[[nodiscard]] act::RegistryRows rows_of_new(const char* act, const NewDekTerms& terms,
                                            const KekOnRecord& record,
                                            const std::vector<registry::Dek>& deks,
                                            std::size_t records, const site::Site& site);

}  // namespace keyrite::dek
