#include "inventory/internal/rows.h"

#include <fmt/format.h>

#include "act/registry_reading.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "site/layout.h"

namespace keyrite::inventory {

act::Outcome outcome_of(const char* list, const std::shared_ptr<Json>& written, Sentence sentence,
                        act::RegistryRows rows) {
  act::Outcome outcome{.registry = std::move(rows)};
  outcome.when_logged = [=, sentence = std::move(sentence)](act::Outcome& done,
                                                            std::optional<std::uint64_t> entry) {
    for (const auto& one : *written) done.text.push_back(sentence(one));
    done.document = {{list, *written}, {"entry", entry ? Json(*entry) : Json()}};
  };
  return outcome;
}

act::Outcome followed_by(act::Outcome outcome, std::string closing) {
  outcome.when_logged = [tell = std::move(outcome.when_logged), closing = std::move(closing)](
                            act::Outcome& done, std::optional<std::uint64_t> entry) {
    tell(done, entry);
    if (!closing.empty()) done.text.push_back(closing);
  };
  return outcome;
}

std::unique_ptr<registry::Registry> registry_to_read(const act::Context& context) {
  const auto& site = site_of(context);
  auto registry = std::make_unique<registry::Registry>(site.path(site::kRegistryName));
  act::require_readable(*registry, site);
  return registry;
}

act::LogFacts facts_of(const registry::Decision& decision) {
  return {{"kind", act::Words::listed(
                       registry::word(decision.id.kind),
                       {"tenant", "key", "acceptance", "destination", "pinned-key", "campaign"})},
          {"subject", act::Fact::id(decision.id.subject)},
          {"number", decision.id.number},
          {"revision", decision.revision},
          {"sha256", act::Fact::sha256(decision.sha256)}};
}

Json text_json(const std::optional<std::string>& text) { return text ? Json(*text) : Json(); }

std::string or_dash(const std::optional<std::string>& text) {
  return text ? printable(*text) : std::string("-");
}

std::string time_text(registry::Time time) { return format_rfc3339(time); }

Json to_json(const std::vector<registry::StateEvent>& events) {
  Json list = Json::array();
  for (const auto& event : events) {
    list.push_back({{"from", event.from},
                    {"to", event.to},
                    {"time", time_text(event.mark.at)},
                    {"actor", event.mark.actor},
                    {"entry", event.mark.entry.seq}});
  }
  return list;
}

}  // namespace keyrite::inventory
