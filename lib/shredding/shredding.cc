// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "shredding/shredding.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "act/tenant_key.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/text.h"
#include "shredding/internal/clouds.h"
#include "shredding/internal/narrow_lines.h"
#include "shredding/internal/shred_acts.h"
#include "shredding/internal/shredding_closing.h"

namespace keyrite::shredding {

struct Shredding::State {
  ShredRequest request{};
  act::Context context{};
  Scope scope{};
  std::optional<Loss> loss{};  // counts and hashes every data key: once, when it is shown
  std::optional<registry::VersionId> erasing{};  // whose records leave, a batch after the other
  std::shared_ptr<Json> at_token{std::make_shared<Json>(Json::array())};
  ErasedBytes erased{std::make_shared<std::vector<Bytes>>()};
  CloudAnswers answers{};
  std::vector<std::string> written{};  // folders
  SitesRequest sites{};
  std::vector<std::string> members{};
  std::size_t place{0};              // where the act is done that was given out last
  std::size_t next_token{0};         // at which a copy may still be destroyed in this run
  bool destroys{false};              // so does the act that was given out last
  Json not_reached = Json::array();  // members
  bool thawed{false};
  std::vector<std::string> others{};  // origins of sites that have the statement too
  bool froze{false};                  // the act that freezes was given out

  void look();
  void look_at_loss();
  void list_for_others() const;
  [[nodiscard]] std::optional<act::Act> act_of_step();
  [[nodiscard]] std::optional<act::Act> next_batch();
  [[nodiscard]] std::optional<act::Act> next_destruction();
  [[nodiscard]] Json missing() const;
  [[nodiscard]] std::string_view state_word() const;
  [[nodiscard]] std::string last_line() const;
};

void Shredding::State::look() {
  scope = read_scope(context, request, logged_versions(act::required_site(context)));
}

void Shredding::State::look_at_loss() {
  auto found = listed(context, request);
  scope = std::move(found.scope);
  loss = std::move(found.loss);
  others = other_sites(act::required_site(context), scope);
}

// Of the version whose records leave: the log showed it to be gone when the first batch was begun,
// and nothing brings it back. Each batch looks at the registry for itself.
std::optional<act::Act> Shredding::State::next_batch() {
  if (erasing && has_records(context, *erasing))
    return erase_records(without_folders(request), *erasing, erased);
  erasing.reset();
  return std::nullopt;
}

// Its versions are frozen by now, so that the list stands still.
void Shredding::State::list_for_others() const {
  const auto condemned = std::ranges::find_if(scope.versions, is_condemned);
  if (condemned != scope.versions.end()) {
    throw Error(Kind::kFailed, "shred-approved",
                fmt::format("{} was approved for destruction by entry {} of the log",
                            condemned->text(), *condemned->condemned_by),
                "what was approved here needs no statement of another site: run shred again");
  }
  write_site_list(*sites.site_list, listed_site(context, {scope, loss.value()}));
}

namespace {

bool is_over(const DoomedVersion& one) { return one.is_destroyed(); }
bool is_to_erase(const DoomedVersion& one) {
  return is_condemned(one) && one.shown_gone && one.deks_here + one.deks_with_callers > 0;
}

}  // namespace

// At each token once. What follows is logged at the last of them that was reached.
std::optional<act::Act> Shredding::State::next_destruction() {
  const bool left = std::ranges::any_of(scope.versions, [](const DoomedVersion& one) {
    return is_condemned(one) && !one.is_destroyed() && has_token_copy(one);
  });
  if (!left || next_token > members.size()) return std::nullopt;
  place = next_token++;
  destroys = true;
  return destroy(without_folders(request), at_token);
}

// The copies on tokens at which this run did not look.
Json Shredding::State::missing() const {
  Json list = Json::array();
  for (const auto& one : scope.versions) {
    if (!is_condemned(one) || one.is_destroyed()) continue;
    for (const auto& copy : one.copies) {
      // What a look found is of the site's own token: destruction.cc leaves out a member's copy.
      const bool seen =
          copy.member.empty() && std::ranges::any_of(*at_token, [&](const Json& told) {
            return told.at("key") == one.version.id.key &&
                   told.at("number") == one.version.id.number &&
                   told.at("token_serial") == copy.token_serial;
          });
      if (!is_on_token(copy) || seen) continue;
      list.push_back(
          {{"key", one.version.id.key},
           {"number", one.version.id.number},
           {"token_serial", copy.token_serial},
           {"member", copy.member.empty() ? Json() : Json(copy.member)},
           {"state", word(copy.state)},
           {"place", fmt::format("{}, token {}{}", one.text(), printable(copy.token_serial),
                                 copy.member.empty() ? std::string()
                                                     : ", member " + printable(copy.member))},
           {"text", "destruction pending: this run was not at that token"}});
    }
  }
  return list;
}

// Frozen, approved, destroyed at the token, erased, closed: in this order.
std::optional<act::Act> Shredding::State::act_of_step() {
  const auto asked = without_folders(request);
  if (request.unfreeze) {
    if (std::exchange(thawed, true)) return std::nullopt;
    return unfreeze(asked);
  }
  if (auto act = next_answer(request, scope, answers)) return act;
  if (auto act = next_recorded_deletion(request, scope, answers)) return act;
  if (!scope.all(is_frozen)) {
    froze = true;
    return freeze(asked);
  }
  if (sites.site_list) return std::nullopt;
  if (!scope.all(is_decided)) return condemn(asked, sites);
  if (auto act = next_destruction()) return act;
  const auto records = std::ranges::find_if(scope.versions, is_to_erase);
  if (records != scope.versions.end()) {
    erasing = records->version.id;
    return erase_records(asked, *erasing, erased);
  }
  if (std::ranges::any_of(scope.versions, may_close)) return close(asked, erased);
  return std::nullopt;
}

std::string_view Shredding::State::state_word() const {
  if (request.unfreeze) return thawed ? "thawed" : "to-do";
  if (scope.all(is_over)) return "destroyed";
  if (context.dry_run) return "to-do";
  return scope.all(is_decided) ? "pending" : "frozen";
}

// A token that keeps the key is another thing than a cloud that did not answer.
std::string Shredding::State::last_line() const {
  if (sites.site_list)
    return fmt::format("{} has the list of this site: bring it to the site that asks for approvals",
                       printable(*sites.site_list));
  if (!scope.all(is_over))
    return "destruction pending: find out what kept it, and run the same command again";
  const auto open = clouds_to_answer(scope);
  if (open == 0) return "keyrite shred certificate writes what is proven of it";
  return fmt::format(
      "the tokens have none of it, and {} {} not answered that the key is gone: until then keyrite "
      "shred certificate writes an interim statement",
      counted(open, "destination"), open == 1 ? "has" : "have");
}

namespace {

// Whoever approved the whole, as a ceremony's officers do, approved these keys: each act is held to
// them.
act::Act of_keys(act::Act act, std::vector<std::string> keys) {
  return {act.operation,
          [prepare = std::move(act.prepare), keys = std::move(keys)](const act::Context& context) {
            act::PreparedAct prepared = prepare(context);
            prepared.intent.covers.keys = keys;
            return prepared;
          }};
}

}  // namespace

Shredding::Shredding(ShredRequest request, act::Context context, SitesRequest sites,
                     std::vector<std::string> members)
    : state_(std::make_unique<State>()) {
  require_sense(request);
  require_sense(sites, request);
  state_->request = std::move(request);
  state_->context = std::move(context);
  state_->sites = std::move(sites);
  state_->members = std::move(members);
  if (state_->context.dry_run) {
    state_->look_at_loss();
  } else {
    state_->look();
  }
}
Shredding::~Shredding() = default;

std::optional<act::Act> Shredding::next() {
  auto& state = *state_;
  if (state.context.dry_run) return std::nullopt;
  if (auto batch = state.next_batch()) return of_keys(*std::move(batch), keys_of(state.scope));
  state.look();
  state.destroys = false;
  if (auto act = state.act_of_step()) return of_keys(*std::move(act), keys_of(state.scope));
  state.look_at_loss();
  if (!state.request.unfreeze) state.written = write_scripts(state.request, state.scope);
  if (state.sites.site_list) state.list_for_others();
  return std::nullopt;
}

std::size_t Shredding::place() const { return state_->place; }

// The site's own token signs what is decided and what is closed: without it nothing goes on.
bool Shredding::failed(const Error& error) {
  auto& state = *state_;
  if (!state.destroys || state.place == 0 || error.kind() != Kind::kToken) return false;
  state.not_reached.push_back({{"token", state.members[state.place - 1]},
                               {"error", error.code()},
                               {"text", error.message()}});
  state.place = 0;
  return true;
}

Json Shredding::document() const {
  Json document = to_json(state_->loss.value_or(Loss{}), state_->scope);
  document["state"] = state_->state_word();
  document["at_token"] = *state_->at_token;
  document["written"] = state_->written;
  document["missing"] = state_->missing();
  document["not_reached"] = state_->not_reached;
  document["other_sites"] = state_->others;
  document["site_list"] =
      state_->sites.site_list && !state_->context.dry_run ? Json(*state_->sites.site_list) : Json();
  return document;
}

std::vector<std::string> Shredding::text() const {
  const auto& state = *state_;
  std::vector<std::string> lines;
  if (state.request.unfreeze && state.thawed) {
    lines.emplace_back("nothing is frozen any more: each version does what its state allows");
    return lines;
  }
  if (state.context.dry_run) return loss_lines(state.loss.value_or(Loss{}), state.scope);
  for (const auto& one : *state.at_token) {
    lines.push_back(one.at("place").get<std::string>() + ":");
    lines.push_back("  " + one.at("text").get<std::string>());
  }
  for (const auto& one : state.missing()) {
    lines.push_back(one.at("place").get<std::string>() + ":");
    lines.push_back("  " + one.at("text").get<std::string>());
  }
  for (const auto& one : state.not_reached)
    lines.push_back(fmt::format("{} was not reached: {}",
                                printable(one.at("token").get<std::string>()),
                                one.at("text").get<std::string>()));
  for (const auto& one : state.scope.versions)
    lines.push_back(fmt::format("{} is {}", one.text(),
                                one.is_destroyed() ? "destroyed" : "not destroyed: it is frozen"));
  for (auto& line : cloud_lines(state.scope)) lines.push_back(std::move(line));
  for (const auto& folder : state.written)
    lines.push_back(fmt::format(
        "to be deleted: run the scripts in {0} on the connected machine, and bring {0}.answers",
        printable(folder)));
  for (const auto& origin : state.others)
    lines.push_back(
        fmt::format("the statement is for the site {} too: run shred there with --statement",
                    printable(origin)));
  lines.push_back(state.last_line());
  lines = narrow_lines(lines);
  if (auto end = closing_of(state.request, state.written, state.scope.all(is_over), state.context);
      !end.empty())
    lines.push_back(std::move(end));
  return lines;
}

std::vector<std::string> Shredding::text_beside_error() const {
  const auto& state = *state_;
  if (!state.froze || !state.scope.all(is_frozen)) return {};
  std::vector<std::string> lines;
  for (const auto& one : state.scope.versions) {
    if (!one.is_destroyed()) lines.push_back(one.text() + " is frozen");
  }
  lines.emplace_back("nothing wraps or opens under it until it is shredded, or until --unfreeze");
  return narrow_lines(lines);
}

int Shredding::code() const {
  const auto& state = *state_;
  if (state.context.dry_run || state.request.unfreeze || state.sites.site_list) return 0;
  if (state.scope.all(is_over)) return 0;
  return static_cast<int>(Kind::kWaiting);
}

}  // namespace keyrite::shredding
