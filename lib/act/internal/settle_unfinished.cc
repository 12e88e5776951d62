#include "act/internal/unfinished_acts.h"

#include <filesystem>

#include <fmt/format.h>

#include "approval/operation.h"
#include "base/counted.h"
#include "base/file.h"
#include "base/lower_hex.h"
#include "base/presence.h"
#include "base/text.h"

namespace keyrite::act {

namespace {

// The ids in a list of an entry; what 0.1.0 signed may have anything there.
std::vector<std::string> ids_in(const Json& entry, const char* list, const char* field) {
  constexpr std::size_t kLongestId = 128;
  std::vector<std::string> ids;
  const auto found = entry.find(list);
  if (found == entry.end() || !found->is_array()) return ids;
  for (const auto& one : *found) {
    const bool named = field != nullptr && one.is_object() && one.contains(field);
    const Json& value = named ? one.at(field) : one;
    if (!value.is_string()) continue;
    const auto& hex = value.get_ref<const std::string&>();
    const bool is_id =
        !hex.empty() && hex.size() % 2 == 0 && hex.size() <= kLongestId && is_lower_hex(hex);
    if (is_id) ids.push_back(hex);
  }
  return ids;
}

// A key that was to be a version, and was not read back, tried, or logged: the registry has no such
// version, and nothing but a person says what becomes of the key.
void tell_orphan(const Json& entry, std::vector<std::string>& told) {
  const auto inputs = entry.find("inputs");
  if (inputs == entry.end() || !inputs->is_object()) return;
  const auto key =
      ids_in({{"ids", Json::array({inputs->value("key_id", Json())})}}, "ids", nullptr);
  const Json number = inputs->value("version", Json());
  if (key.empty() || !number.is_number_integer()) return;
  told.push_back(
      fmt::format("it was to be version {} of key {}, and is no version: remove it from the token, "
                  "or let inventory adopt take it over; then make the version again",
                  number.get<std::int64_t>(), key.front()));
}

Fact objects_of(const Json& entry, const pkcs11::Session& session, std::vector<std::string>& told) {
  std::vector<Fact> objects;
  for (const auto& id : ids_in(entry, "keys", "id")) {
    const auto count = session.find(pkcs11::Template{}.set<pkcs11::Attr::kId>(from_hex(id))).size();
    objects.emplace_back(LogFacts{{"id", Fact::id(id)}, {"count", count}});
    told.push_back(fmt::format("the token holds {} with id {}", counted(count, "object"), id));
    if (count != 0) tell_orphan(entry, told);
  }
  // What was looked for without the login would be said to be gone.
  if (!objects.empty()) session.require_login();
  return objects;
}

// What a killed writer did not finish has a name that nobody knows: it stands beside where it was
// to be.
void tell_leftovers(const std::filesystem::path& output, std::vector<std::string>& told) {
  for (const auto& path : leftovers_in(output.parent_path())) {
    told.push_back(fmt::format("{} is unfinished: remove it, unless another program is writing it",
                               printable(path.native())));
  }
}

// A path that cannot be looked at is a fact like others, and ends nothing.
void look_for(const std::string& name, LogFacts& output, std::vector<std::string>& told) {
  const Looked looked = look_at(name);
  if (looked.presence == Presence::kUnknown) {
    output.add("cannot_be_looked_at",
               Words::listed(looked.error, {"EACCES", "EIO", "ELOOP", "ENAMETOOLONG", "ENODEV",
                                            "ENOTCONN", "ENXIO", "EOVERFLOW", "EPERM", "ESTALE",
                                            "ETIMEDOUT", "EHOSTDOWN", "EHOSTUNREACH"}));
    told.push_back(fmt::format("{} cannot be looked at: {}; correct that, then look at it yourself",
                               printable(name), looked.reason));
    return;
  }
  const bool there = looked.presence == Presence::kThere;
  output.add("exists", there);
  told.push_back(fmt::format("{} {}", printable(name), there ? "exists, whole" : "does not exist"));
  if (!there) tell_leftovers(name, told);
}

Fact outputs_of(const Json& entry, ActLog& log, std::vector<std::string>& told) {
  std::vector<Fact> outputs;
  for (const auto& pseudonym : ids_in(entry, "outputs", nullptr)) {
    const auto name = log.registry().name_of(pseudonym);
    LogFacts output{{"output", Fact::id(pseudonym)}, {"exists", Fact::none()}};
    if (name) look_for(*name, output, told);
    outputs.emplace_back(output);
  }
  return outputs;
}

// Of an act that no row names, all that its intent does.
approval::Settle settle_of(const Unfinished& act) {
  const auto* const operation = approval::find_operation(act.field("act"));
  return operation != nullptr ? operation->settle : approval::Settle::kObjectsAndOutputs;
}

LogFacts found_of(const Unfinished& act, ActLog& log, const pkcs11::Session& session,
                  std::vector<std::string>& told) {
  const auto settle = settle_of(act);
  LogFacts found{{"objects", settle == approval::Settle::kNothing
                                 ? Fact(std::vector<Fact>())
                                 : objects_of(act.entry, session, told)}};
  found.add("outputs", settle == approval::Settle::kObjectsAndOutputs
                           ? outputs_of(act.entry, log, told)
                           : Fact(std::vector<Fact>()));
  return found;
}

}  // namespace

Json settle_unfinished(ActLog& log, TokenSession& token, const Context& context) {
  Json settled = Json::array();
  for (const auto& one : unfinished_acts(log)) {
    std::vector<std::string> told;
    const LogFacts found = found_of(one, log, token.session(), told);
    log.settled(one.open, found);
    context.note(fmt::format("{} has no known result. keyrite found:", one.text()));
    for (const auto& line : told) context.note("  " + line);
    if (told.empty()) context.note("  nothing: this act makes nothing that lasts");
    settled.push_back({{"act", one.field("act")},
                       {"time", one.field("time")},
                       {"run", one.open.run},
                       {"intent", one.open.index},
                       {"found", found.json()}});
  }
  return settled;
}

}  // namespace keyrite::act
