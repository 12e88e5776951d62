#include "acts/internal/unfinished_acts.h"

#include <filesystem>

#include <fmt/format.h>

#include "base/file.h"
#include "base/text.h"

namespace keyrite::acts {

namespace {

Json objects_of(const Json& entry, const pkcs11::Session& session) {
  Json objects = Json::array();
  for (const auto& key : entry.value("keys", Json::array())) {
    if (!key.contains("id")) continue;
    const auto id = key.at("id").get<std::string>();
    const auto count = session.find(pkcs11::Template{}.set<pkcs11::Attr::kId>(from_hex(id))).size();
    objects.push_back({{"id", id}, {"count", count}});
  }
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

Json outputs_of(const Json& entry, ActLog& log, std::vector<std::string>& told) {
  Json outputs = Json::array();
  for (const auto& output : entry.value("outputs", Json::array())) {
    const auto pseudonym = output.get<std::string>();
    const auto name = log.registry().name_of(pseudonym);
    const Json exists = name ? Json(std::filesystem::exists(*name)) : Json(nullptr);
    outputs.push_back({{"output", pseudonym}, {"exists", exists}});
    if (name) {
      told.push_back(fmt::format("{} {}", printable(*name),
                                 exists.get<bool>() ? "is there, whole" : "is not there"));
      if (!exists.get<bool>()) tell_leftovers(*name, told);
    }
  }
  return outputs;
}

}  // namespace

Json settle_unfinished(ActLog& log, TokenSession& token, const Context& context) {
  Json settled = Json::array();
  for (const auto& one : unfinished_acts(log)) {
    std::vector<std::string> told;
    Json found{{"objects", objects_of(one.entry, token.session())}};
    for (const auto& object : found["objects"]) {
      told.push_back(fmt::format("the token holds {} object(s) with id {}",
                                 object["count"].get<std::size_t>(),
                                 object["id"].get<std::string>()));
    }
    found["outputs"] = outputs_of(one.entry, log, told);
    log.settled(one.open, found);
    context.note(
        fmt::format("{} was interrupted and has no result. What is found of it:", one.text()));
    for (const auto& line : told) context.note("  " + line);
    if (told.empty()) context.note("  nothing: it makes nothing that lasts");
    settled.push_back({{"act", one.entry.value("act", std::string())},
                       {"time", one.entry.value("time", std::string())},
                       {"run", one.open.run},
                       {"intent", one.open.index},
                       {"found", std::move(found)}});
  }
  return settled;
}

}  // namespace keyrite::acts
