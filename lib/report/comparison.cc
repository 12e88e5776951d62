// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The registry beside the log.
#include <fmt/format.h>

#include "base/text.h"
#include "report/gathering.h"

namespace keyrite::report {

namespace {

const Time kEver = Time::max();

class Comparison {
 public:
  Comparison(const Account& whole, std::uint64_t size, const registry::Stores& stores, Names& names)
      : whole_(whole), size_(size), stores_(stores), names_(names) {}

  [[nodiscard]] Compared all() && {
    for (const auto& remark : whole_.remarks())
      found_.wrong.push_back(
          fmt::format("entry {} tells of the act {}, which is done at a token, and the log's key "
                      "does not vouch "
                      "for it",
                      remark.by.entry, printable(remark.act)));
    for (const auto& [id, key] : whole_.keys()) compare_key(id, key);
    for (const auto& key : stores_.keys.list()) compare_row(key);
    for (const auto& [id, place] : whole_.places()) compare_place(id, place);
    for (const auto& [id, copy] : whole_.copies()) compare_copy(id, copy);
    for (const auto& [id, states] : whole_.tenants()) compare_tenant(id, states);
    return std::move(found_);
  }

 private:
  // What the log tells last, and what the registry has: the same, or one of the two is wrong.
  void weigh(const std::string& what, const States& states, const std::string& has) {
    const auto* last = state_at(states, kEver);
    if (last == nullptr) {
      if (!has.empty())
        found_.wrong.push_back(
            fmt::format("{} is {} in the registry, and no entry of the log says so", what, has));
      return;
    }
    if (last->state != has) {
      found_.wrong.push_back(fmt::format("{} is {} by the log (entry {}), and {} in the registry",
                                         what, last->state, last->by.entry,
                                         has.empty() ? "absent" : has));
    } else if (last->by.entry >= size_) {
      found_.not_signed.push_back(
          {fmt::format("{} is {} since entry {}", what, last->state, last->by.entry),
           last->by.entry});
    }
  }

  void compare_key(const std::string& id, const KeyTold& key) {
    if (!stores_.keys.find(id))
      found_.wrong.push_back(
          fmt::format("the log has the key {} (entry {}), and the registry has "
                      "none with this id",
                      id, key.made.entry));
    if (key.made.entry >= size_)
      found_.not_signed.push_back({fmt::format("the key {} is there since entry {}",
                                               names_.of(key, id).text(), key.made.entry),
                                   key.made.entry});
    for (auto at = whole_.versions().lower_bound({id, 0});
         at != whole_.versions().end() && at->first.key == id; ++at) {
      if (stores_.keys.find(id) && !stores_.versions.find(at->first))
        found_.wrong.push_back(fmt::format("the log has version {} of {}, and the registry has not",
                                           at->first.number, names_.of(key, id).text()));
    }
  }

  // Rows of an act that has no entry yet are nobody's word.
  [[nodiscard]] bool is_open(const std::string& batch) const {
    const auto found = stores_.log.find(batch);
    return found && found->outcome == registry::Outcome::kOpen;
  }

  void compare_row(const registry::Key& key) {
    const bool known = whole_.keys().contains(key.id);
    if (!known) {
      if (is_open(key.batch)) return;
      found_.wrong.push_back(
          fmt::format("the registry has the key {}, and no entry of the log tells of it", key.id));
    }
    const std::string whose = names_.of_key(whole_, key.id).text();
    for (const auto& version : stores_.versions.of(key.id)) {
      const auto told = whole_.versions().find(version.id);
      static const VersionTold none{};
      const VersionTold& of = told == whole_.versions().end() ? none : told->second;
      const std::string what = fmt::format("version {} of {}", version.id.number, whose);
      weigh(what, of.states, std::string(registry::word(version.state)));
      const auto* frozen = state_at(of.frozen, kEver);
      const bool is_frozen = frozen != nullptr && frozen->state == "frozen";
      if (is_frozen != version.frozen_by.has_value())
        found_.wrong.push_back(fmt::format("{} is {} by the log, and {} in the registry", what,
                                           is_frozen ? "frozen" : "not frozen",
                                           is_frozen ? "not frozen" : "frozen"));
    }
  }

  void compare_place(const registry::PlacementId& id, const PlaceTold& place) {
    const auto row = stores_.placements.find(id);
    if (!row && !stores_.destinations.find(id.destination)) return;  // erased with its tenant
    weigh(fmt::format("version {} of {} at {}", id.number, names_.of_key(whole_, place.key).text(),
                      place_name(stores_, id.destination)),
          place.states, row ? std::string(registry::word(row->state)) : std::string());
  }

  void compare_copy(const std::string& id, const CopyTold& copy) {
    const auto row = stores_.copies.find(id);
    weigh(fmt::format("a {} with version {} of {}", copy.form == "token" ? "token copy" : copy.form,
                      copy.version.number, names_.of_key(whole_, copy.version.key).text()),
          copy.states, row ? std::string(registry::word(row->state)) : std::string());
  }

  void compare_tenant(const std::string& id, const States& states) {
    const auto row = stores_.tenants.find(id);
    weigh(fmt::format("tenant {}", names_.tenant(id)), states,
          row ? std::string(registry::word(row->state)) : std::string());
  }

  const Account& whole_;
  std::uint64_t size_;
  const registry::Stores& stores_;
  Names& names_;
  Compared found_{};
};

}  // namespace

Compared compared(const Account& whole, std::uint64_t signed_entries,
                  const registry::Stores& stores, Names& names) {
  return Comparison(whole, signed_entries, stores, names).all();
}

}  // namespace keyrite::report
