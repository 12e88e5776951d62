#include "wrap/recipe.h"

#include <fmt/format.h>

namespace keyrite::wrap {

namespace {

std::string oaep_text(Hash hash) {
  return fmt::format("CKM_RSA_PKCS_OAEP, {}, MGF1 {}, empty label", hash_name(hash),
                     hash_name(hash));
}

std::string kwp_text(const Recipe& recipe) {
  return recipe.kwp ? recipe.kwp->display() : std::string("no AES-KWP mechanism");
}

}  // namespace

std::vector<std::string> Recipe::steps() const {
  switch (method) {
    case Method::kDirect:
      return {fmt::format("C_WrapKey of the target under the wrapping key ({})",
                          oaep_text(algorithm.hash))};
    case Method::kNative:
      return {fmt::format(
          "C_WrapKey of the target under the wrapping key (CKM_RSA_AES_KEY_WRAP, AES-256, {})",
          hash_name(algorithm.hash))};
    case Method::kComposed:
      return {"C_GenerateKey of an ephemeral AES-256 session key in the token",
              fmt::format("C_WrapKey of the ephemeral key under the wrapping key ({})",
                          oaep_text(algorithm.hash)),
              fmt::format("C_WrapKey of the target under the ephemeral key ({}, proven RFC 5649)",
                          kwp_text(*this)),
              "C_DestroyObject of the ephemeral key, and a check that it is gone"};
    case Method::kHostEphemeral:
      return {
          "an ephemeral AES-256 key is made in host memory and put into the token (C_CreateObject)",
          fmt::format(
              "the ephemeral key is encrypted on the host under the wrapping key (RSA-OAEP, {})",
              hash_name(algorithm.hash)),
          fmt::format("C_WrapKey of the target under the ephemeral key ({}, proven RFC 5649)",
                      kwp_text(*this)),
          "C_DestroyObject of the ephemeral key, and a check that it is gone; the host's copy is "
          "wiped"};
  }
  throw Error(Kind::kInternal, "value-outside-table", "a recipe has no method");
}

std::vector<Recipe> recipes_for(WrappingAlgorithm algorithm) {
  if (algorithm.scheme == Scheme::kRsaOaep) {
    return {Recipe{.method = Method::kDirect, .algorithm = algorithm, .kwp = std::nullopt}};
  }
  std::vector<Recipe> recipes{
      Recipe{.method = Method::kNative, .algorithm = algorithm, .kwp = std::nullopt}};
  for (const Method method : {Method::kComposed, Method::kHostEphemeral}) {
    for (const auto& kwp : pkcs11::kwp_candidates()) {
      recipes.push_back(Recipe{.method = method, .algorithm = algorithm, .kwp = kwp});
    }
  }
  return recipes;
}

std::string_view outcome_name(Outcome outcome) {
  switch (outcome) {
    case Outcome::kWorks:
      return "works";
    case Outcome::kRefused:
      return "refused";
    case Outcome::kLies:
      return "lies";
    case Outcome::kUndecided:
      return "undecided";
  }
  throw Error(Kind::kInternal, "value-outside-table", "a self-test has no outcome");
}

Json SelfTestResult::to_json() const {
  Json json{{"method", method_name(recipe.method)},
            {"wrapping_algorithm", recipe.algorithm.name()},
            {"aes_kwp_mechanism", recipe.kwp ? Json(recipe.kwp->display()) : Json(nullptr)},
            {"tested_with", tested_with.name()},
            {"wrapping_key_bits", wrapping_key_bits},
            {"outcome", outcome_name(outcome)},
            {"detail", detail},
            {"padded_pkcs8", padded_pkcs8}};
  if (ckr)
    json["ckr"] = Json{{"function", ckr->function}, {"name", ckr->name}, {"value", ckr->value}};
  return json;
}

}  // namespace keyrite::wrap
