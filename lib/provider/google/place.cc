// A place in Google Cloud KMS: a key of a key ring. Its location is a part of its name.
#include <array>

#include <fmt/format.h>

#include "base/error.h"
#include "provider/google/destination.h"
#include "provider/name_form.h"
#include "provider/place_words.h"

namespace keyrite::provider::google {
namespace {

constexpr std::size_t kMaxRing = 63;
constexpr std::size_t kMaxProjectId = 255;

// projects/P/locations/L/keyRings/R/cryptoKeys/K
PlaceWords from_resource(const PlaceWords& words) {
  constexpr std::array<std::string_view, 4> kLabels{"projects/", "/locations/", "/keyRings/",
                                                    "/cryptoKeys/"};
  std::array<std::string, 4> parts;
  std::string_view rest = words.name;
  for (std::size_t i = 0; i < kLabels.size(); ++i) {
    if (!rest.starts_with(kLabels.at(i))) {
      throw Error(
          Kind::kUsage, "key-name-invalid",
          fmt::format("{} is not the name of a key in Google Cloud KMS", in_quotes(words.name)),
          "it looks like projects/P/locations/L/keyRings/R/cryptoKeys/K");
    }
    rest.remove_prefix(kLabels.at(i).size());
    parts.at(i) = rest.substr(0, rest.find('/'));
    rest.remove_prefix(parts.at(i).size());
  }
  require_in_identifier(words.account, "--account", parts[0]);
  require_in_identifier(words.region, "--region", parts[1]);
  require_in_identifier(words.container, "--container", parts[2]);
  // What follows the key is not cut off: no name has a "/".
  return {.name = parts[3] + std::string(rest),
          .account = parts[0],
          .container = parts[2],
          .region = parts[1]};
}

}  // namespace

PlaceTransport locate(KeyPlace& place, const PlaceWords& words, const KeyType& type,
                      Force /*force*/, TimePoint /*now*/) {
  const auto said = words.name.starts_with("projects/") ? from_resource(words) : words;
  place.name = said.name;
  place.account = needed(said.account, "--account", "which project it is in");
  place.container = needed(said.container, "--container", "which key ring it is in");
  place.region = region_word(needed(said.region, "--region", "which location it is in"));
  place.region_declared = false;
  if (!is_name(place.account, kMaxProjectId, "-.:")) {
    throw Error(Kind::kUsage, "account-invalid",
                fmt::format("{} is not the id of a Google project", in_quotes(place.account)),
                "give the id, as gcloud projects list prints it");
  }
  if (!is_name(place.container, kMaxRing, "-_")) {
    throw Error(Kind::kUsage, "container-invalid",
                fmt::format("{} is not the name of a key ring", in_quotes(place.container)),
                "give the name alone, 1 to 63 letters, digits, - and _");
  }
  auto options = std::get<ImportOptions>(place.options);
  options.key = place.name;
  check_options(options, type);
  if (!options.import_method) {
    throw Error(Kind::kUsage, "import-method-missing",
                "the destination does not say which import method its jobs have",
                "give --import-method, such as rsa-oaep-4096-sha256-aes-256");
  }
  const auto& method = parse_import_method(*options.import_method);
  return {.algorithm = method.algorithm, .bits = method.rsa_bits};
}

}  // namespace keyrite::provider::google
