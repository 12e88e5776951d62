// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What the token can wrap for a cloud, for people: key types with one answer are one line.
#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/text.h"
#include "token_check/token_check.h"

namespace keyrite::token_check {

namespace {

using keys::CloudAbility;

constexpr std::array<std::pair<KeyFamily, std::string_view>, 5> kFamilies{
    {{KeyFamily::kAes, "AES"},
     {KeyFamily::kGenericSecret, "HMAC"},
     {KeyFamily::kRsa, "RSA"},
     {KeyFamily::kEc, "EC"},
     {KeyFamily::kEd25519, "Ed25519"}}};

std::vector<CloudAbility> chosen(const std::vector<CloudAbility>& all, const auto& fits) {
  std::vector<CloudAbility> some;
  std::ranges::copy_if(all, std::back_inserter(some), fits);
  return some;
}

std::string answer_of(const CloudAbility& one) {
  const auto options = one.options();
  return options.empty() ? can_words(one.can()).text()
                         : fmt::format("only with {}", fmt::join(options, " "));
}

// "AES, EC, rsa-2048": a family by its name where all of it that `asked` has is in `some`.
std::string names_of(const std::vector<CloudAbility>& some,
                     const std::vector<CloudAbility>& asked) {
  std::vector<std::string> names;
  for (const auto& [family, name] : kFamilies) {
    const auto in_family = [wanted = family](const CloudAbility& one) {
      return one.required.target.family == wanted;
    };
    const auto here = chosen(some, in_family);
    if (here.empty()) continue;
    if (here.size() == chosen(asked, in_family).size()) {
      names.emplace_back(name);
      continue;
    }
    for (const auto& one : here) names.push_back(one.required.target.name());
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

// What the token can wrap for one thing that the cloud can be asked for: a line for each answer,
// the best first.
std::vector<std::string> lines_of(std::vector<CloudAbility> asked) {
  std::ranges::stable_sort(asked, {}, &CloudAbility::can);
  std::vector<std::string> said;
  std::vector<std::string> lines;
  for (const auto& one : asked) {
    const std::string answer = answer_of(one);
    const std::string reason = one.reason_in_short();
    if (std::ranges::find(said, answer + reason) != said.end()) continue;
    said.push_back(answer + reason);
    const auto same = chosen(asked, [&](const CloudAbility& other) {
      return answer_of(other) == answer && other.reason_in_short() == reason;
    });
    lines.push_back(fmt::format("{}: {}{}", answer, names_of(same, asked),
                                reason.empty() ? std::string() : " (" + reason + ")"));
  }
  return lines;
}

// A table of what the cloud can be asked for. What has the same answers as another one refers to
// it.
std::vector<std::vector<std::string>> table_of(const std::vector<CloudAbility>& abilities) {
  std::vector<std::vector<std::string>> rows{{"ask it for", "what this token can wrap so"}};
  std::vector<std::pair<std::string, std::vector<std::string>>> shown;
  for (std::size_t from = 0; from < abilities.size();) {
    const std::string name = abilities.at(from).asked;
    const auto asked =
        chosen(abilities, [&](const CloudAbility& one) { return one.asked == name; });
    from += asked.size();
    auto lines = lines_of(asked);
    const auto same =
        std::ranges::find_if(shown, [&](const auto& other) { return other.second == lines; });
    if (same != shown.end()) {
      rows.push_back({name, "as " + same->first});
      continue;
    }
    for (std::size_t i = 0; i < lines.size(); ++i)
      rows.push_back({i == 0 ? name : std::string(), lines.at(i)});
    shown.emplace_back(name, std::move(lines));
  }
  return rows;
}

std::string_view verdict_of(keys::Can can) {
  switch (can) {
    case keys::Can::kYes:
      return "yes, this token can wrap keys for it";
    case keys::Can::kWithOptions:
      return "only with an option that accepts more than keyrite does by itself";
    case keys::Can::kUndecided:
      return "undecided: the token gave no reason, twice";
    case keys::Can::kNo:
      return "no, this token cannot wrap keys for it";
  }
  throw Error(Kind::kInternal, "value-outside-table", "what a token can is not in the table");
}

}  // namespace

std::vector<std::string> text_of(const std::vector<CloudFinding>& clouds) {
  std::vector<std::string> text;
  for (const auto& [provider, abilities] : clouds) {
    text.push_back(fmt::format("\n{}: {}", provider::provider_title(provider),
                               abilities.empty() ? "no, it does not take this key type"
                                                 : verdict_of(keys::best_of(abilities))));
    if (!abilities.empty()) text.push_back(format_table(table_of(abilities)));
  }
  return text;
}

}  // namespace keyrite::token_check
