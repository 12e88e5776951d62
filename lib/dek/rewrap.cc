#include "dek/rewrap.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "act/tenant_key.h"
#include "approval/operation.h"
#include "base/growing_file.h"
#include "dek/internal/batch.h"
#include "dek/internal/batches.h"
#include "dek/internal/moving.h"
#include "dek/internal/refusals.h"
#include "dek/record_source.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::dek {

namespace {

constexpr const char* kInLog = "the log names each of them, in the entries of dek-rewrap";

// What prepare opened and read.
struct RewrapInput {
  std::optional<RecordSource> source{};
  std::vector<WantedDek> first{};
  std::optional<GrowingFile> out{};
};

// One run of the act.
class Rewrapping {
 public:
  Rewrapping(const RewrapRequest& request, RewrapInput& input, RewrapTally* tally, act::AtWork& at)
      : request_(request),
        tally_(tally),
        input_(input),
        at_(at),
        site_(act::required_site(at.context())),
        kept_(request.version) {}

  act::Outcome run() {
    all_ =
        work_in_batches<Movings>(at_, jobs_of(request_.jobs),
                                 {.next = [this] { return next(); },
                                  .work = move_part,
                                  .write = [this](Movings& movings) { write(movings); },
                                  .done = [this] { return moved_ == 0 ? std::string() : text(); }});
    return outcome();
  }

 private:
  std::unique_ptr<Movings> next() {
    const registry::Registry registry(site_.path(site::kRegistryName));
    const auto view = registry.read();
    const auto& stores = *view.operator->();
    const auto log = decisions_when_asked(site_);
    const auto key = act::key_named(stores, request_.tenant, request_.key);
    auto movings = std::make_unique<Movings>();
    movings->to = active_kek(stores, key, log);
    to_ = movings->to.version.id;
    movings->all = next_of(stores, key);
    if (movings->all.empty()) return nullptr;
    for (auto& one : movings->all) {
      if (!one.refusal) admit(one, stores, key, log, *movings);
    }
    return movings;
  }

  static void admit(Moving& one, const registry::Stores& stores, const registry::Key& key,
                    const registry::DecisionInLog& log, Movings& movings) {
    try {
      require_movable(one, key);
      if (!movings.from.contains(one.from)) {
        movings.from.emplace(one.from,
                             kek_on_record(stores, one.from, registry::Use::kUnwrapForRewrap, log));
      }
    } catch (const Error& error) {
      if (!says_of_record(error)) throw;
      one.refusal = error;
    }
  }

  std::vector<Moving> next_of(const registry::Stores& stores, const registry::Key& key) {
    if (!input_.source) {
      if (!total_) begin_counting(kept_.total(stores, key, to_));
      return kept_.next(stores, key, to_);
    }
    if (!total_) begin_counting(input_.source->total());
    const auto wanted =
        input_.first.empty() ? input_.source->next(kLargestBatch) : std::exchange(input_.first, {});
    std::vector<Moving> movings;
    for (const auto& one : wanted) movings.push_back(moving_from_file(stores, one, to_));
    return movings;
  }

  void begin_counting(std::optional<std::uint64_t> total) {
    total_ = total;
    if (at_.context().progress) at_.context().progress(0, total_);
  }

  std::uint64_t write_part(const Movings& movings) {
    std::vector<act::Fact> list;
    for (const auto& one : movings.all) list.push_back(fact_of_moving(one));
    const auto& to = movings.to.version.id;
    return at_.parts().write({{"key", act::Fact::id(to.key)},
                              {"version", to.number},
                              {"records", moved_in(movings)},
                              {"deks", list}},
                             rows_of_moving(kRewrapAct, movings));
  }

  // What another process changed since it was read is left as it is now, and the rest is written.
  std::uint64_t write_what_is_left(Movings& movings) {
    for (;;) {
      try {
        return write_part(movings);
      } catch (const Error& error) {
        if (error.code() != "registry-row-changed" && error.code() != "registry-row-unknown") throw;
        const registry::Registry registry(site_.path(site::kRegistryName));
        if (leave_changed(*registry.read().operator->(), movings) == 0) throw;
      }
    }
  }

  void write(Movings& movings) {
    compare_again(movings);
    const auto entry = write_what_is_left(movings);
    const auto moved = moved_in(movings);
    give_out(
        [&] { write_lines(movings); },
        fmt::format("{} data key(s) were moved, and their new records were not written", moved),
        "run this again: it writes the records of what was moved already too");
    moved_ += moved;
    if (tally_ != nullptr) tally_->moved = moved_;
    entries_.push_back(entry);
    if (at_.context().progress) at_.context().progress(seen_, total_);
  }

  void write_lines(const Movings& movings) {
    std::string lines;
    for (const auto& one : movings.all) {
      ++seen_;
      refusals_.count(one.refusal);
      if (one.refusal) {
        lines += Refusals::line(one.dek.id, *one.refusal);
        continue;
      }
      if (one.again) ++again_;
      auto row = row_after(one, movings.to.version.id, {});
      row.wrapped = one.wrapped;
      lines += to_line(record_of(row));
    }
    if (input_.out) input_.out->append(as_bytes(lines));
  }

  [[nodiscard]] std::string text() const {
    return fmt::format("moved {} data key(s) to the active version, refused {}", moved_,
                       refusals_.refused());
  }

  [[nodiscard]] act::Outcome outcome() const {
    act::Outcome outcome{
        .document = {{"moved", moved_}, {"again", again_}, {"entries", entries_}},
        .facts = {{"key", act::Fact::id(to_.key)},
                  {"version", to_.number},
                  {"records", moved_},
                  {"parts", entries_.size()}},
        .finding = input_.out ? refusals_.error("moved") : refusals_.error("moved", kInLog)};
    outcome.text.push_back(text());
    if (tally_ != nullptr) *tally_ = {moved_, std::exchange(outcome.finding, {})};
    if (!all_)
      outcome.finding = interrupted(text(), "run this again: what was moved is passed over");
    return outcome;
  }

  const RewrapRequest& request_;
  RewrapTally* tally_;
  RewrapInput& input_;
  act::AtWork& at_;
  const site::Site& site_;
  KeptRecords kept_;
  registry::VersionId to_{};
  std::optional<std::uint64_t> total_{};
  std::uint64_t seen_{0};
  std::uint64_t moved_{0};
  std::uint64_t again_{0};
  Refusals refusals_{};
  Json entries_ = Json::array();
  bool all_{false};
};

KekOnRecord read_active(const RewrapRequest& request, const act::Context& context) {
  const auto& site = act::required_site(context);
  const registry::Registry registry(site.path(site::kRegistryName));
  const auto view = registry.read();
  const auto key = act::key_named(*view.operator->(), request.tenant, request.key);
  return active_kek(*view.operator->(), key, decisions_when_asked(site));
}

act::PreparedAct prepared(const RewrapRequest& request, const std::shared_ptr<RewrapTally>& tally,
                          const act::Context& context) {
  if (request.from.has_value() != request.out.has_value()) {
    throw Error(Kind::kUsage, "dek-file-pair", "--from and --out are given together",
                "give the file of records and a new one for what comes out; without both, the "
                "records of the registry are moved");
  }
  (void)jobs_of(request.jobs);
  const auto to = read_active(request, context);
  const auto input = std::make_shared<RewrapInput>();
  act::ReadInputs inputs;
  if (request.from) {
    input->source.emplace(std::vector<std::string>(), request.from);
    inputs["from"] = {input->source->sha256()};
    input->first = input->source->next(kLargestBatch);
    input->out.emplace(GrowingFile::make(*request.out));
  }
  return {.intent = {.act = kRewrapAct,
                     .also = {"dek"},
                     .request = without_jobs(act::record(request, inputs)),
                     .id = to_hex(to.version.cka_id),
                     .covers = {.keys = {to.version.id.key}}},
          .need = {.access = pkcs11::Access::kReadOnly, .in_parts = true},
          .perform = [request, input, tally](act::AtWork& at) {
            return Rewrapping(request, *input, tally.get(), at).run();
          }};
}

}  // namespace

act::Act rewrap_deks(const RewrapRequest& request, const std::shared_ptr<RewrapTally>& tally) {
  return {approval::operation_named(kRewrapAct), [request, tally](const act::Context& context) {
            return prepared(request, tally, context);
          }};
}

act::Act rewrap_deks(const RewrapRequest& request) { return rewrap_deks(request, nullptr); }

}  // namespace keyrite::dek
