// The choice among recipes, as a pure function of what self-tests found.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "wrap/plan.h"

namespace keyrite::wrap {
namespace KEYRITE_TEST_FILE {

const KeyType kAes{.family = KeyFamily::kAes, .size = 256};
const WrappingAlgorithm kTwoLayers{Scheme::kRsaAesKeyWrap, Hash::kSha256};

// Says of every recipe what a test told it to, and notes what was asked.
struct Oracle {
  std::map<Method, SelfTestResult> answers{};
  std::vector<Method> asked{};

  const SelfTestResult& operator()(const Recipe& recipe) {
    asked.push_back(recipe.method);
    auto& answer = answers[recipe.method];
    answer.recipe = recipe;
    return answer;
  }
};

SelfTestResult result(Outcome outcome, bool padded = false) {
  return {.outcome = outcome, .detail = "as the test says", .padded_pkcs8 = padded};
}

Choice choose_from(Oracle& oracle, const Requirements& required) {
  return choose(required,
                [&](const Recipe& recipe) -> const SelfTestResult& { return oracle(recipe); });
}

TEST_CASE("A native wrap that works is taken first") {
  Oracle oracle{
      {{Method::kNative, result(Outcome::kWorks)}, {Method::kComposed, result(Outcome::kWorks)}}};
  const auto choice = choose_from(oracle, {.algorithm = kTwoLayers, .target = kAes});
  REQUIRE(choice.recipe);
  CHECK(choice.recipe->method == Method::kNative);
  CHECK(oracle.asked.size() == 1);
}

TEST_CASE("A native wrap that lies is passed over for a composed one") {
  Oracle oracle{
      {{Method::kNative, result(Outcome::kLies)}, {Method::kComposed, result(Outcome::kWorks)}}};
  const auto choice = choose_from(oracle, {.algorithm = kTwoLayers, .target = kAes});
  REQUIRE(choice.recipe);
  CHECK(choice.recipe->method == Method::kComposed);
  REQUIRE(choice.rejected.size() == 1);
  CHECK(choice.rejected[0].reason == "as the test says");
}

TEST_CASE("What is undecided lets the same custody be tried, and never a weaker one") {
  Requirements required{.algorithm = kTwoLayers, .target = kAes, .allow_host_ephemeral = true};
  Oracle native{{{Method::kNative, result(Outcome::kUndecided)},
                 {Method::kComposed, result(Outcome::kWorks)},
                 {Method::kHostEphemeral, result(Outcome::kWorks)}}};
  auto choice = choose_from(native, required);
  REQUIRE(choice.recipe);
  CHECK(choice.recipe->method == Method::kComposed);
  CHECK_FALSE(choice.undecided);

  for (const Method undecided : {Method::kNative, Method::kComposed}) {
    Oracle oracle{{{Method::kNative, result(Outcome::kRefused)},
                   {Method::kComposed, result(Outcome::kRefused)},
                   {Method::kHostEphemeral, result(Outcome::kWorks)}}};
    oracle.answers[undecided].outcome = Outcome::kUndecided;
    choice = choose_from(oracle, required);
    CHECK_FALSE(choice.recipe);
    REQUIRE(choice.undecided);
    CHECK(choice.undecided->recipe.method == undecided);
    CHECK(std::count(oracle.asked.begin(), oracle.asked.end(), Method::kHostEphemeral) == 0);
  }
}

TEST_CASE("A transport key in host memory is not even tried unless it was allowed") {
  Oracle oracle{{{Method::kNative, result(Outcome::kRefused)},
                 {Method::kComposed, result(Outcome::kRefused)},
                 {Method::kHostEphemeral, result(Outcome::kWorks)}}};
  Requirements required{.algorithm = kTwoLayers, .target = kAes};
  CHECK_FALSE(choose_from(oracle, required).recipe);
  CHECK(std::count(oracle.asked.begin(), oracle.asked.end(), Method::kHostEphemeral) == 0);
  required.allow_host_ephemeral = true;
  const auto choice = choose_from(oracle, required);
  REQUIRE(choice.recipe);
  CHECK(choice.recipe->method == Method::kHostEphemeral);
}

TEST_CASE("A target that wants a trusted wrapping key is never wrapped under an ephemeral one") {
  Oracle oracle{{{Method::kNative, result(Outcome::kRefused)},
                 {Method::kComposed, result(Outcome::kWorks)},
                 {Method::kHostEphemeral, result(Outcome::kWorks)}}};
  const auto choice = choose_from(oracle, {.algorithm = kTwoLayers,
                                           .target = kAes,
                                           .allow_host_ephemeral = true,
                                           .target_needs_trusted = true});
  CHECK_FALSE(choice.recipe);
  CHECK(oracle.asked == std::vector{Method::kNative});
}

TEST_CASE("A padded PKCS#8 serves only when it is accepted by name") {
  Oracle oracle{{{Method::kNative, result(Outcome::kRefused)},
                 {Method::kComposed, result(Outcome::kWorks, true)}}};
  Requirements required{.algorithm = kTwoLayers,
                        .target = {.family = KeyFamily::kEc, .curve = Curve::kP256}};
  CHECK_FALSE(choose_from(oracle, required).recipe);
  required.accept_padded_pkcs8 = true;
  CHECK(choose_from(oracle, required).recipe);
}

TEST_CASE("A forced method is the only one that is tried") {
  Oracle oracle{
      {{Method::kNative, result(Outcome::kWorks)}, {Method::kComposed, result(Outcome::kWorks)}}};
  const auto choice =
      choose_from(oracle, {.algorithm = kTwoLayers, .target = kAes, .method = Method::kComposed});
  REQUIRE(choice.recipe);
  CHECK(choice.recipe->method == Method::kComposed);
  CHECK(oracle.asked == std::vector{Method::kComposed});
}

TEST_CASE("A direct algorithm has one recipe, and its hash is never changed") {
  for (const Hash hash : {Hash::kSha1, Hash::kSha256}) {
    const auto recipes = recipes_for({Scheme::kRsaOaep, hash});
    REQUIRE(recipes.size() == 1);
    CHECK(recipes[0].method == Method::kDirect);
    CHECK(recipes[0].algorithm.hash == hash);
  }
  for (const auto& recipe : recipes_for(kTwoLayers)) CHECK(recipe.algorithm == kTwoLayers);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::wrap
