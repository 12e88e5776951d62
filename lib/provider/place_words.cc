#include "provider/place_words.h"

#include <fmt/format.h>

#include "base/error.h"
#include "provider/name_form.h"

namespace keyrite::provider {
namespace {

constexpr std::size_t kMaxRegionWord = 64;

}  // namespace

const std::string& needed(const std::optional<std::string>& given, std::string_view option,
                          std::string_view what) {
  if (given) return *given;
  throw Error(Kind::kUsage, "destination-incomplete",
              fmt::format("the destination does not say {}", what),
              fmt::format("give it with {}, or give the whole identifier as the name", option));
}

void require_in_identifier(const std::optional<std::string>& given, std::string_view option,
                           std::string_view in_identifier) {
  if (!given || lower_case(*given) == lower_case(in_identifier)) return;
  throw Error(Kind::kUsage, "identifier-mismatch",
              fmt::format("the identifier has {}, but {} says {}", in_quotes(in_identifier), option,
                          in_quotes(*given)),
              fmt::format("leave {} out, or correct the identifier", option));
}

void not_of_destination(std::string_view option, std::string_view given,
                        std::string_view of_place) {
  throw Error(Kind::kUsage, "option-not-of-destination",
              fmt::format("--{} says {}, and the destination has {}", option, in_quotes(given),
                          in_quotes(of_place)),
              "leave the option out, or change the destination with keyrite destination change");
}

std::string region_word(std::string_view region) {
  std::string word = lower_case(region);
  if (is_name(word, kMaxRegionWord, "-")) return word;
  throw Error(Kind::kUsage, "region-invalid",
              fmt::format("{} is not the name of a region", in_quotes(region)),
              "give the name that the cloud's commands use, such as eu-central-1, westeurope or "
              "europe-west3");
}

}  // namespace keyrite::provider
