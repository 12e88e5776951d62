// What a key serves at a provider, as it is written down before anybody has import parameters:
// account, container, name, region, wrapping algorithm and options, in the words of wrap-for-import
// and checked by the same tables. No claim about where a cloud keeps a key: a region that the
// identifier does not have is what somebody declared. Pure, any thread.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/json_fwd.h"
#include "base/key_type.h"
#include "base/wrapping.h"
#include "provider/options.h"
#include "provider/parameters.h"
#include "provider/rules.h"

namespace keyrite::provider {

// As somebody says it. `name` may be the whole identifier, which then says the rest too.
struct PlaceWords {
  std::string name{};
  std::optional<std::string> account{};
  std::optional<std::string> container{};
  std::optional<std::string> region{};
};

struct KeyPlace {
  std::string account{};       // AWS account, Google project; Azure subscription, may be empty
  std::string container{};     // Azure host of the vault, Google key ring; AWS: empty
  std::string name{};          // AWS "alias/NAME" or the key id; else the name of the key
  std::string region{};        // in lower case
  bool region_declared{true};  // false: the identifier has it
  WrappingAlgorithm algorithm{};
  ImportOptions options{};  // as given: no default is filled in
};

// Errors, all kUsage: "destination-incomplete", "identifier-mismatch" (identifier and options
// differ), "account-invalid", "container-invalid", "region-invalid", "key-name-invalid",
// "option-not-for-provider" (a container at AWS), "wrapping-algorithm-missing",
// "import-method-missing"; those of resolve() over options, and of check_transport.
[[nodiscard]] KeyPlace make_place(const PlaceWords& words, const ImportOptions& options,
                                  const KeyType& type, Force force, TimePoint now);

// What wrap-for-import is given for an import into the place: its options, and the name or Region
// that they leave open.
[[nodiscard]] ImportOptions import_options(const KeyPlace& place);
// The same with `given`, which may say what the place leaves open. Error kUsage
// "option-not-of-destination": it says something else than the place.
[[nodiscard]] ImportOptions import_options(const KeyPlace& place, const ImportOptions& given);
// The import parameters are of this place, as far as they say so (those of AWS do not have the
// alias). Error kConfig "parameters-of-other-place".
void require_place(const ImportParameters& parameters, const KeyPlace& place);
// Whether it is in a Managed HSM of Azure, which takes fewer versions of a key than a vault.
[[nodiscard]] bool in_managed_hsm(const KeyPlace& place);
// The vault (host) or key ring (projects/P/locations/L/keyRings/R) whose imports all can use the
// wrapping key of these parameters; empty for AWS, where each import has its own.
[[nodiscard]] std::string wrapping_key_place(const ImportParameters& parameters);
// As somebody writes such a place, and at which provider it is. Error kUsage "pin-place".
struct WrappingKeyPlace {
  Provider provider{};
  std::string place{};
};
[[nodiscard]] WrappingKeyPlace parse_wrapping_key_place(std::string_view text);
// The region that the parameters' own identifier has (an ARN, an import job); nullopt: it has none.
[[nodiscard]] std::optional<std::string> region_in(const ImportParameters& parameters);

// The options that hold for every import into one place, by the names of wrap-for-import's options:
// not those of one import alone (import type, key material, version, parameters). Those that are
// not set are left out.
[[nodiscard]] Json stored_options(const ImportOptions& options);
// `options` with the stored ones of `from`. Errors kUsage "option-not-of-destination", naming one
// that both have and that differs; kInternal "options-provider": options of two clouds.
void fill_stored(ImportOptions& options, const ImportOptions& from);
// Errors kConfig "json-wrong-type"; kUsage "option-not-for-provider", naming an option that the
// provider does not have.
[[nodiscard]] ImportOptions read_stored_options(Provider provider, const JsonView& options);

}  // namespace keyrite::provider
