#include "dek/internal/adding.h"

#include <memory>
#include <utility>

#include <fmt/format.h>

#include "act/tenant_key.h"
#include "base/growing_file.h"
#include "base/json.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "dek/internal/batch.h"
#include "dek/internal/batches.h"
#include "dek/internal/opened_so.h"
#include "dek/internal/refusals.h"
#include "dek/record.h"
#include "dek/requests.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::dek {

namespace {

struct ComingBatch {
  std::vector<Coming> all{};
  [[nodiscard]] std::size_t size() const { return all.size(); }
};

// {"error":CODE,"id":ID,"line":N}; without what it has not.
std::string refusal_line(const Coming& one) {
  Json line{{"error", one.refusal->code()}};
  if (one.id) line["id"] = *one.id;
  if (one.line != 0) line["line"] = one.line;
  return line.dump() + "\n";
}

// Under the id that it came with, the registry may have it already.
void compare_known(const registry::Stores& stores, Coming& one) {
  if (!one.id || one.refusal) return;
  const auto known = stores.deks.find(*one.id);
  if (!known) return;
  const bool same = known->tenant == one.dek.tenant && known->version == one.dek.version &&
                    known->wrapped_sha256 == one.dek.wrapped_sha256;
  if (same) {
    one.again = true;
    one.dek = *known;
    return;
  }
  one.refusal = Error(Kind::kFailed, "dek-id-taken",
                      fmt::format("the registry has another data key {}", printable(*one.id)),
                      "give it without its id, and it gets a new one");
}

act::Fact fact_of_coming(const Coming& one) {
  if (!one.refusal) {
    act::LogFacts facts{{"id", act::Fact::id(one.dek.id)},
                        {"sha256", act::Fact::sha256(one.dek.wrapped_sha256)},
                        {"wrap", words_of_wrap(one.dek)}};
    if (one.again) facts.add("again", true);
    return facts;
  }
  act::LogFacts facts{{"refused", act::Words::code(*one.refusal)}};
  if (one.id) facts.add("id", act::Fact::id(*one.id));
  return facts;
}

// One run of the act.
class Adding {
 public:
  Adding(const AddingRequest& request, const AddingWork& work, act::AtWork& at)
      : request_(request),
        work_(work),
        at_(at),
        site_(act::required_site(at.context())),
        record_(read_new_dek_kek(request.terms, at.context())),
        out_(GrowingFile::make(request.out)) {}

  act::Outcome run() {
    all_ = work_in_batches<ComingBatch>(
        at_, jobs_of(request_.jobs),
        {.next = [this] { return next(); },
         .work =
             [this](KekBench& bench, ComingBatch& batch, std::size_t first, std::size_t last) {
               for (std::size_t i = first; i < last; ++i) wrap_one(bench, batch.all[i]);
             },
         .write = [this](ComingBatch& batch) { write(batch); },
         .done = [this] { return added_ == 0 ? std::string() : text(); }});
    return outcome();
  }

 private:
  std::unique_ptr<ComingBatch> next() {
    auto batch = std::make_unique<ComingBatch>();
    batch->all = work_.next(kLargestBatch);
    if (batch->all.empty()) return nullptr;
    for (auto& one : batch->all) {
      auto dek = new_dek(record_, request_.terms, time_of(at_.context()));
      if (one.id) dek.id = *one.id;
      dek.wrapped = std::move(one.dek.wrapped);
      dek.mechanism = std::move(one.dek.mechanism);
      one.dek = std::move(dek);
    }
    return batch;
  }

  void wrap_one(KekBench& bench, Coming& one) const {
    if (one.refusal) return;
    try {
      work_.work(bench, record_, one);
      one.dek.wrapped_sha256 = crypto::sha256_hex(one.dek.wrapped);
    } catch (const Error& error) {
      if (!says_of_record(error)) throw;
      one.refusal = error;
    }
    one.value = {};
  }

  void write(ComingBatch& batch) {
    std::vector<registry::Dek> rows;
    std::vector<act::Fact> list;
    {
      const registry::Registry registry(site_.path(site::kRegistryName));
      const auto view = registry.read();
      for (auto& one : batch.all) compare_known(*view.operator->(), one);
    }
    for (const auto& one : batch.all) {
      list.push_back(fact_of_coming(one));
      if (!one.refusal && !one.again) rows.push_back(one.dek);
    }
    const auto entry = at_.parts().write(
        {{"key", act::Fact::id(record_.key.id)},
         {"version", record_.version.id.number},
         {"key_id", act::Fact::id(to_hex(record_.version.cka_id))},
         {"records", rows.size()},
         {"kept_by_caller", request_.terms.kept_by_caller},
         {"deks", list}},
        rows_of_new(work_.act, request_.terms, record_, rows, batch.size(), site_));
    give_out([&] { write_lines(batch); },
             fmt::format("{} data key(s) are in the registry, and their records were not written",
                         rows.size()),
             "run this again: what came with an id is passed over, and its record written");
    added_ += rows.size();
    entries_.push_back(entry);
    if (at_.context().progress)
      at_.context().progress(refusals_.opened() + refusals_.refused(), std::nullopt);
  }

  void write_lines(const ComingBatch& batch) {
    std::string lines;
    for (const auto& one : batch.all) {
      refusals_.count(one.refusal);
      if (one.again) ++again_;
      // Of the only one, the Error says why.
      if (!one.refusal)
        lines += to_line(record_of(one.dek));
      else if (one.line != 0)
        lines += refusal_line(one);
    }
    out_.append(as_bytes(lines));
  }

  [[nodiscard]] std::string text() const {
    return fmt::format("{} {} data key(s) under {}, refused {}; their records are in {}",
                       work_.done, added_ + again_, record_.text(), refusals_.refused(),
                       printable(request_.out));
  }

  [[nodiscard]] act::Outcome outcome() const {
    act::Outcome outcome{.document = {{"added", added_},
                                      {"again", again_},
                                      {"refused", refusals_.refused()},
                                      {"version", record_.version.id.number},
                                      {"out", request_.out},
                                      {"entries", entries_}},
                         .facts = {{"key", act::Fact::id(record_.key.id)},
                                   {"version", record_.version.id.number},
                                   {"records", added_},
                                   {"refused", refusals_.refused()},
                                   {"parts", entries_.size()}},
                         .finding = refusals_.error()};
    outcome.text.push_back(text());
    if (auto end = opened_so(request_.terms, request_.out, at_.context()); !end.empty())
      outcome.text_if_good.push_back(std::move(end));
    if (!all_) {
      outcome.finding =
          interrupted(text(),
                      "run this again for the rest, with another --out: keys that come "
                      "with an id are passed over");
    }
    return outcome;
  }

  const AddingRequest& request_;
  const AddingWork& work_;
  act::AtWork& at_;
  const site::Site& site_;
  KekOnRecord record_;
  GrowingFile out_;
  Refusals refusals_{};
  std::uint64_t added_{0};
  std::uint64_t again_{0};
  Json entries_ = Json::array();
  bool all_{false};
};

}  // namespace

act::Outcome add_deks(const AddingRequest& request, const AddingWork& work, act::AtWork& at) {
  return Adding(request, work, at).run();
}

}  // namespace keyrite::dek
