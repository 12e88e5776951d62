// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "shredding/shredding.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "shredding/internal/clouds.h"
#include "shredding/internal/shred_acts.h"

namespace keyrite::shredding {

struct Shredding::State {
  ShredRequest request{};
  act::Context context{};
  Scope scope{};
  Loss loss{};
  std::shared_ptr<Json> at_token{std::make_shared<Json>(Json::array())};
  ErasedBytes erased{std::make_shared<std::vector<Bytes>>()};
  CloudAnswers answers{};
  std::vector<std::string> written{};  // folders
  bool destroyed_here{false};          // the act at the token was given out
  bool thawed{false};

  void look();
  [[nodiscard]] std::optional<act::Act> act_of_step();
  [[nodiscard]] std::string_view state_word() const;
};

void Shredding::State::look() {
  auto found = listed(context, request);
  scope = std::move(found.scope);
  loss = std::move(found.loss);
}

namespace {

bool is_over(const DoomedVersion& one) { return one.is_destroyed(); }
bool is_decided(const DoomedVersion& one) { return one.is_destroyed() || is_condemned(one); }
bool has_records(const DoomedVersion& one) {
  return is_condemned(one) && one.shown_gone && one.deks_here + one.deks_with_callers > 0;
}

}  // namespace

// Frozen, approved, destroyed at the token, erased, closed: in this order.
std::optional<act::Act> Shredding::State::act_of_step() {
  const auto asked = without_folders(request);
  if (request.unfreeze) {
    if (std::exchange(thawed, true)) return std::nullopt;
    return unfreeze(asked);
  }
  if (auto act = next_answer(request, scope, answers)) return act;
  if (!scope.all(is_frozen)) return freeze(asked);
  if (!scope.all(is_decided)) return condemn(asked);
  const bool here = std::ranges::any_of(scope.versions, [](const DoomedVersion& one) {
    return is_condemned(one) && !one.is_destroyed() && has_token_copy(one);
  });
  if (here && !std::exchange(destroyed_here, true)) return destroy(asked, at_token);
  const auto records = std::ranges::find_if(scope.versions, has_records);
  if (records != scope.versions.end()) return erase_records(asked, records->version.id, erased);
  if (std::ranges::any_of(scope.versions, may_close)) return close(asked, erased);
  return std::nullopt;
}

std::string_view Shredding::State::state_word() const {
  if (request.unfreeze) return thawed ? "thawed" : "to-do";
  if (scope.all(is_over)) return "destroyed";
  if (context.dry_run) return "to-do";
  return scope.all(is_decided) ? "pending" : "frozen";
}

Shredding::Shredding(ShredRequest request, act::Context context)
    : state_(std::make_unique<State>()) {
  require_sense(request);
  state_->request = std::move(request);
  state_->context = std::move(context);
  state_->look();
}
Shredding::~Shredding() = default;

std::optional<act::Act> Shredding::next() {
  auto& state = *state_;
  if (state.context.dry_run) return std::nullopt;
  state.look();
  if (auto act = state.act_of_step()) return act;
  if (!state.request.unfreeze) state.written = write_scripts(state.request, state.scope);
  return std::nullopt;
}

Json Shredding::document() const {
  Json document = to_json(state_->loss, state_->scope);
  document["state"] = state_->state_word();
  document["at_token"] = *state_->at_token;
  document["written"] = state_->written;
  return document;
}

std::vector<std::string> Shredding::text() const {
  const auto& state = *state_;
  std::vector<std::string> lines;
  if (state.request.unfreeze && state.thawed) {
    lines.emplace_back("nothing is frozen any more: each version does what its state allows");
    return lines;
  }
  if (state.context.dry_run) return loss_lines(state.loss, state.scope);
  for (const auto& one : *state.at_token) {
    lines.push_back(one.at("place").get<std::string>() + ":");
    lines.push_back("  " + one.at("text").get<std::string>());
  }
  for (const auto& one : state.scope.versions)
    lines.push_back(fmt::format("{} is {}", one.text(),
                                one.is_destroyed() ? "destroyed" : "not destroyed: it is frozen"));
  for (auto& line : cloud_lines(state.scope)) lines.push_back(std::move(line));
  for (const auto& folder : state.written)
    lines.push_back(fmt::format(
        "to be deleted: run the scripts in {0} on the connected machine, and bring {0}.answers",
        printable(folder)));
  if (code() == 0) lines.emplace_back("keyrite shred certificate writes what is proven of it");
  if (code() != 0)
    lines.emplace_back(
        "destruction pending: find out what kept it, and run the same command again");
  return lines;
}

int Shredding::code() const {
  const auto& state = *state_;
  if (state.context.dry_run || state.request.unfreeze || state.scope.all(is_over)) return 0;
  return static_cast<int>(Kind::kWaiting);
}

}  // namespace keyrite::shredding
