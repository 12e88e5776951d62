#include "wrap/plan.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "pkcs11/question.h"

namespace keyrite::wrap {

namespace {

constexpr const char* kNotAskedFor = "another method was requested";

// Why the requirements themselves, before any test, rule a recipe out; empty when it does not.
std::string ruled_out(const Requirements& required, const Recipe& recipe) {
  if (required.method && *required.method != recipe.method) return kNotAskedFor;
  if (recipe.method == Method::kHostEphemeral && !required.allow_host_ephemeral) {
    return "its transport key would be in host memory, which was not accepted";
  }
  const bool ephemeral =
      recipe.method == Method::kComposed || recipe.method == Method::kHostEphemeral;
  if (ephemeral && required.target_needs_trusted) {
    return "the target has CKA_WRAP_WITH_TRUSTED and an ephemeral AES key cannot be trusted";
  }
  return {};
}

// Why a test result does not serve; empty when it does.
std::string unfit(const Requirements& required, const SelfTestResult& result) {
  if (result.outcome != Outcome::kWorks) return result.detail;
  if (result.padded_pkcs8 && !required.accept_padded_pkcs8) {
    return "the token appends zero bytes to the PKCS#8 of private keys, which strict DER readers "
           "refuse";
  }
  return {};
}

bool only_padding_is_in_the_way(const Requirements& required, const Choice& choice) {
  return std::any_of(choice.rejected.begin(), choice.rejected.end(), [&](const Rejected& r) {
    return r.result.outcome == Outcome::kWorks && r.result.padded_pkcs8 &&
           !required.accept_padded_pkcs8;
  });
}

// A reason in a few words: the token's own answer where there is one, with the call when it is not
// the wrap itself that was refused.
std::string in_short(const Rejected& rejected) {
  const auto& [result, reason] = rejected;
  if (!result.ckr) return reason;
  const auto& kwp = result.recipe.kwp;
  if (kwp && result.call == fmt::format("C_WrapKey ({})", kwp->name))
    return fmt::format("{} (0x{:X})", result.ckr->name, kwp->number);
  if (!kwp && result.ckr->function == "C_WrapKey") return result.ckr->name;
  return fmt::format("{}: {}", result.call, result.ckr->name);
}

bool was_in_question(const Rejected& rejected) {
  return rejected.reason != kNotAskedFor && rejected.reason != kVendorNotListed;
}

// The next step first, then what it follows from.
std::string remedy(const Requirements& required, const Choice& choice) {
  const bool host_ephemeral_offered = !required.allow_host_ephemeral &&
                                      required.algorithm.scheme == Scheme::kRsaAesKeyWrap &&
                                      !required.method && !required.target_needs_trusted;
  std::string text = required.method ? "leave --method out, or fetch" : "fetch";
  text += " import parameters with another wrapping algorithm, if the cloud offers one";
  if (host_ephemeral_offered) {
    text += ", or accept a transport key in host memory with --allow-host-ephemeral";
  }
  text += "; token-check shows what this token can do";
  const std::string tried = reasons(choice);
  return tried.empty() ? text : fmt::format("{}. Result of each method: {}", text, tried);
}

// A method that the algorithm does not have is a mistake of the requirements, whatever the token
// can do.
void check_method(const Requirements& required) {
  if (!required.method) return;
  std::vector<std::string> names;
  for (const auto& recipe : recipes_for(required.algorithm)) {
    if (recipe.method == *required.method) return;
    std::string name(method_name(recipe.method));
    if (names.empty() || names.back() != name) names.push_back(std::move(name));
  }
  throw Error(Kind::kUsage, "method-not-for-algorithm",
              fmt::format("method {} cannot produce {}", method_name(*required.method),
                          required.algorithm.name()),
              fmt::format("leave --method out for the first method that works, or give one of: {}",
                          fmt::join(names, ", ")));
}

// The token may be able to do it: neither "it cannot" nor a weaker custody follows.
Error undecided(const Requirements& required, const SelfTestResult& result) {
  Error error(Kind::kToken, std::string(pkcs11::kNotFoundOut),
              fmt::format("whether this token wraps {} for {} by {} could not be found out: it "
                          "gave no reason, twice; {}",
                          required.target.name(), required.algorithm.name(),
                          method_name(result.recipe.method), result.call),
              "look into the token's own log and run the command again when the token works, or "
              "choose another method with --method");
  return result.ckr ? std::move(error).with_ckr(*result.ckr) : error;
}

}  // namespace

std::string reasons(const Choice& choice) {
  std::string text;
  std::optional<Method> method;
  std::vector<std::string> said;
  for (const auto& rejected : choice.rejected) {
    if (!was_in_question(rejected)) continue;
    if (method != rejected.result.recipe.method) {
      method = rejected.result.recipe.method;
      said.clear();
      text += fmt::format("{}{}: ", text.empty() ? "" : "; ", method_name(*method));
    }
    std::string reason = in_short(rejected);
    if (std::find(said.begin(), said.end(), reason) != said.end()) continue;
    text += (said.empty() ? "" : ", ") + reason;
    said.push_back(std::move(reason));
  }
  return text;
}

std::string last_reason(const Choice& choice) {
  std::string last;
  for (const auto& rejected : choice.rejected) {
    if (was_in_question(rejected)) last = in_short(rejected);
  }
  return last;
}

Choice choose(const Requirements& required, const Tester& test) {
  Choice choice;
  for (const auto& recipe : recipes_for(required.algorithm)) {
    if (choice.undecided &&
        custody_of(recipe.method) != custody_of(choice.undecided->recipe.method))
      break;
    if (auto reason = ruled_out(required, recipe); !reason.empty()) {
      SelfTestResult untested{.recipe = recipe,
                              .tested_with = required.target,
                              .wrapping_key_bits = required.wrapping_key_bits,
                              .outcome = Outcome::kRefused,
                              .detail = "not tested"};
      choice.rejected.push_back({std::move(untested), std::move(reason)});
      continue;
    }
    const SelfTestResult& result = test(recipe);
    if (result.outcome == Outcome::kUndecided && !choice.undecided) choice.undecided = result;
    // A refusal is one also where the token said nothing about it.
    if (auto reason = unfit(required, result);
        result.outcome != Outcome::kWorks || !reason.empty()) {
      choice.rejected.push_back({result, std::move(reason)});
      continue;
    }
    choice.recipe = recipe;
    choice.undecided.reset();
    return choice;
  }
  return choice;
}

Ability ability(Requirements required, const Tester& test) {
  Ability found;
  for (const bool host : {false, true}) {
    for (const bool padded : {false, true}) {
      required.allow_host_ephemeral = host;
      required.accept_padded_pkcs8 = padded;
      found = {choose(required, test), padded, host};
      if (found.choice.recipe || found.choice.undecided) return found;
    }
  }
  return found;
}

ProvenRecipe plan(const Requirements& required, SelfTest& tests) {
  check_method(required);
  const auto test = [&](const Recipe& recipe) -> const SelfTestResult& {
    return tests.run(recipe, required.target, required.wrapping_key_bits);
  };
  const Choice choice = choose(required, test);
  // Both ask one memory of one self-test: what was chosen is proven.
  if (choice.recipe)
    return tests.prove(*choice.recipe, required.target, required.wrapping_key_bits).value();
  if (choice.undecided) throw undecided(required, *choice.undecided);
  if (only_padding_is_in_the_way(required, choice)) {
    throw Error(
        Kind::kToken, "padded-pkcs8",
        fmt::format("this token appends zero bytes to the PKCS#8 of a private key ({}), and "
                    "keyrite does not know whether the cloud accepts that",
                    required.target.name()),
        "use a token that writes clean PKCS#8, or accept the padding with --accept-padded-pkcs8");
  }
  if (required.method) {
    throw Error(
        Kind::kToken, "method-refused",
        fmt::format("this token cannot wrap {} with method {} for {}", required.target.name(),
                    method_name(*required.method), required.algorithm.name()),
        remedy(required, choice));
  }
  throw Error(Kind::kToken, "no-wrap-method",
              fmt::format("this token cannot wrap {} for {}", required.target.name(),
                          required.algorithm.name()),
              remedy(required, choice));
}

}  // namespace keyrite::wrap
