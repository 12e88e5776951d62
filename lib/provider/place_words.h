// What the clouds' places have in common: parts that are asked for, and parts that an identifier
// says too. Pure, any thread. Internal to provider.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "provider/key_place.h"

namespace keyrite::provider {

// How a key gets there: the bits of the wrapping key where the options say them.
struct PlaceTransport {
  WrappingAlgorithm algorithm{};
  std::optional<unsigned> bits{};
};

// Error kUsage "destination-incomplete": `option` ("--account") is needed.
[[nodiscard]] const std::string& needed(const std::optional<std::string>& given,
                                        std::string_view option, std::string_view what);
// Error kUsage "identifier-mismatch": the option is given and is another than in the identifier.
void require_in_identifier(const std::optional<std::string>& given, std::string_view option,
                           std::string_view in_identifier);
// Error kUsage "option-not-of-destination": an import's option says something else than its place.
[[noreturn]] void not_of_destination(std::string_view option, std::string_view given,
                                     std::string_view of_place);
// In lower case. Error kUsage "region-invalid".
[[nodiscard]] std::string region_word(std::string_view region);

namespace aws {
[[nodiscard]] PlaceTransport locate(KeyPlace& place, const PlaceWords& words, const KeyType& type,
                                    Force force, TimePoint now);
}  // namespace aws
namespace azure {
[[nodiscard]] PlaceTransport locate(KeyPlace& place, const PlaceWords& words, const KeyType& type,
                                    Force force, TimePoint now);
}  // namespace azure
namespace google {
[[nodiscard]] PlaceTransport locate(KeyPlace& place, const PlaceWords& words, const KeyType& type,
                                    Force force, TimePoint now);
}  // namespace google

}  // namespace keyrite::provider
