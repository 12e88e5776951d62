#include "approval/internal/roster_operators.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "approval/internal/roster_toml.h"
#include "base/text.h"

namespace keyrite::approval {
namespace {

constexpr std::array<std::string_view, 2> kFieldsOfOperator{"identity", "users"};
constexpr std::size_t kLongestUser = 128;

// As directories give them too: "carol", "CORP\carol", "carol@corp.example".
bool is_user(std::string_view text) {
  return !text.empty() && text.size() <= kLongestUser &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

std::vector<std::string> read_users(const toml::table& table, std::string_view where) {
  std::vector<std::string> users = texts_if_any(table, "users", where);
  for (auto user = users.begin(); user != users.end(); ++user) {
    if (!is_user(*user) || std::find(users.begin(), user, *user) != user) {
      refuse_roster(
          "roster-user-invalid", where,
          fmt::format("\"{}\" is not a user's name, or is listed twice", printable(*user)),
          "give the names under which this person logs in: users = [\"carol\"]");
    }
  }
  return users;
}

Operator read_operator(const toml::table& table, std::string_view where) {
  require_known(table, kFieldsOfOperator, where);
  Operator one{.identity = required_identity(table, where)};
  one.users = read_users(table, where);
  return one;
}

void refuse_user(std::string_view origin, std::string_view user, std::string_view one,
                 std::string_view other) {
  refuse_roster("roster-duplicate-user", origin,
                fmt::format("\"{}\" means both {} and {}", printable(user), one, other),
                "give the user's name to one of them");
}

}  // namespace

std::vector<Operator> read_operators(const toml::table& file, std::string_view origin) {
  std::vector<Operator> operators;
  for (const toml::table* table : tables_of(file, "operator", origin)) {
    const std::string where = fmt::format("{}: operator {}", origin, operators.size() + 1);
    Operator one = read_operator(*table, where);
    for (const Operator& known : operators) {
      if (!same_identity(known.identity, one.identity)) continue;
      refuse_roster("roster-duplicate-identity", where,
                    fmt::format("{} and {} are the same identity", known.identity, one.identity),
                    "give all user names of a person in one [[operator]] table");
    }
    operators.push_back(std::move(one));
  }
  return operators;
}

void require_own_users(const Roster& roster, std::string_view origin) {
  for (const Operator& one : roster.operators) {
    for (const std::string& user : one.users) {
      for (const Operator& other : roster.operators) {
        if (same_identity(one.identity, other.identity)) continue;
        if (same_identity(user, other.identity) ||
            std::ranges::find(other.users, user) != other.users.end())
          refuse_user(origin, user, one.identity, other.identity);
      }
      for (const Approver& other : roster.approvers) {
        if (!same_identity(one.identity, other.identity) && same_identity(user, other.identity))
          refuse_user(origin, user, one.identity, other.identity);
      }
    }
  }
}

}  // namespace keyrite::approval
