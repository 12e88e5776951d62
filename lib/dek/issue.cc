#include "dek/issue.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "act/tenant_key.h"
#include "approval/operation.h"
#include "base/error.h"
#include "base/file.h"
#include "base/growing_file.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "dek/internal/batch.h"
#include "dek/internal/batches.h"
#include "dek/internal/new_rows.h"
#include "dek/internal/opened_so.h"
#include "dek/open_kek.h"
#include "dek/record.h"

namespace keyrite::dek {

namespace {

constexpr std::uint32_t kUsualBytes = 32;

using Deks = std::vector<registry::Dek>;

constexpr const char* kNotGivenOut =
    "the registry keeps them unless --kept-by-caller was given: keyrite dek list shows them; "
    "nobody "
    "has those that it does not keep";

void require_sense(const IssueRequest& request) {
  const auto bytes = request.bytes.value_or(kUsualBytes);
  if (bytes != 16 && bytes != 24 && bytes != 32) {
    throw Error(Kind::kUsage, "dek-bytes", fmt::format("a data key of {} bytes is not made", bytes),
                "data keys are made of 16, 24 or 32 bytes");
  }
  const auto count = request.count.value_or(1);
  if (count < 1 || count > kLargestIssue) {
    throw Error(Kind::kUsage, "dek-count", fmt::format("{} data keys are not issued", count),
                fmt::format("give a number from 1 to {}", kLargestIssue));
  }
  act::require_names(request.holder, "the holder");
  (void)jobs_of(request.jobs);
}

NewDekTerms terms_of(const IssueRequest& request) {
  return {.tenant = request.tenant,
          .key = request.key,
          .ttl = request.ttl,
          .holder = request.holder,
          .kept_by_caller = request.kept_by_caller};
}

act::LogFacts facts_of(const KekOnRecord& record, const IssueRequest& request, const Deks& deks) {
  std::vector<act::Fact> list;
  for (const auto& dek : deks) list.push_back(fact_of_new(dek));
  return {{"key", act::Fact::id(record.key.id)},
          {"version", record.version.id.number},
          {"key_id", act::Fact::id(to_hex(record.version.cka_id))},
          {"records", deks.size()},
          {"bytes", request.bytes.value_or(kUsualBytes)},
          {"wrap", words_of_wrap(deks.front())},
          {"kept_by_caller", request.kept_by_caller},
          {"deks", list}};
}

// Without what the token makes.
std::unique_ptr<Deks> planned(const KekOnRecord& record, const NewDekTerms& terms,
                              std::size_t count, registry::Time now) {
  auto deks = std::make_unique<Deks>();
  deks->reserve(count);
  for (std::size_t i = 0; i < count; ++i) deks->push_back(new_dek(record, terms, now));
  std::ranges::sort(*deks, {}, &registry::Dek::id);
  return deks;
}

void make(KekBench& bench, const KekOnRecord& record, std::size_t bytes, registry::Dek& dek) {
  const auto& open = bench.kek(record);
  auto wrapped = wrap::make_data_key(bench.session(), open.proven, open.kek, bytes);
  dek.wrapped = std::move(wrapped.content);
  dek.mechanism = wrap::key_wrap_name(wrapped.wrap);
  dek.wrapped_sha256 = crypto::sha256_hex(dek.wrapped);
}

// One run of the act.
class Issuing {
 public:
  Issuing(const IssueRequest& request, act::AtWork& at)
      : request_(request),
        at_(at),
        site_(act::required_site(at.context())),
        terms_(terms_of(request)),
        record_(read_new_dek_kek(terms_, at.context())),
        left_(request.count.value_or(1)),
        file_(GrowingFile::make(request.out)) {}

  act::Outcome run() {
    all_ = work_in_batches<Deks>(
        at_, jobs_of(request_.jobs),
        {.next = [this] { return next(); },
         .work =
             [this](KekBench& bench, Deks& deks, std::size_t first, std::size_t last) {
               const std::size_t bytes = request_.bytes.value_or(kUsualBytes);
               for (std::size_t i = first; i < last; ++i) make(bench, record_, bytes, deks[i]);
             },
         .write = [this](const Deks& deks) { write(deks); },
         .done = [this] { return issued_ == 0 ? std::string() : text(); }});
    return outcome();
  }

 private:
  std::unique_ptr<Deks> next() {
    if (left_ == 0) return nullptr;
    const auto count = std::min(left_, kLargestBatch);
    left_ -= count;
    return planned(record_, terms_, count, time_of(at_.context()));
  }

  void write(const Deks& deks) {
    wrap_ = deks.front().mechanism;
    const auto entry =
        at_.parts().write(facts_of(record_, request_, deks),
                          rows_of_new(kIssueAct, terms_, record_, deks, deks.size(), site_));
    give_out(
        [&] {
          std::string lines;
          for (const auto& dek : deks) lines += to_line(record_of(dek));
          file_.append(as_bytes(lines));
        },
        fmt::format("{} data key(s) are in the registry, and their records were not written",
                    deks.size()),
        kNotGivenOut);
    issued_ += deks.size();
    entries_.push_back(entry);
    if (at_.context().progress) at_.context().progress(issued_, request_.count.value_or(1));
  }

  [[nodiscard]] std::string text() const {
    return fmt::format("issued {} data key(s) under version {} by {}; their records are in {}",
                       issued_, record_.version.id.number, wrap_, printable(request_.out));
  }

  [[nodiscard]] act::Outcome outcome() const {
    act::Outcome outcome{.document = {{"issued", issued_},
                                      {"version", record_.version.id.number},
                                      {"wrap", wrap_},
                                      {"out", request_.out},
                                      {"entries", entries_}},
                         .facts = {{"key", act::Fact::id(record_.key.id)},
                                   {"version", record_.version.id.number},
                                   {"records", issued_},
                                   {"parts", entries_.size()}}};
    outcome.text.push_back(text());
    if (auto end = opened_so(terms_, request_.out, at_.context()); !end.empty())
      outcome.text_if_good.push_back(std::move(end));
    if (!all_) {
      outcome.finding = interrupted(
          fmt::format("{} of {} data keys were issued", issued_, request_.count.value_or(1)),
          "run this again for the rest, with another --out");
    }
    return outcome;
  }

  const IssueRequest& request_;
  act::AtWork& at_;
  const site::Site& site_;
  NewDekTerms terms_;
  KekOnRecord record_;
  std::uint32_t left_;
  GrowingFile file_;
  std::string wrap_{};
  std::uint64_t issued_{0};
  Json entries_ = Json::array();
  bool all_{false};
};

act::PreparedAct prepared(const IssueRequest& request, const act::Context& context) {
  require_sense(request);
  const auto record = read_new_dek_kek(terms_of(request), context);
  require_wraps_inside(record);
  require_writable_new_path(request.out);
  return {.intent = {.act = kIssueAct,
                     .also = {"dek"},
                     .request = without_jobs(act::record(request)),
                     .id = to_hex(record.version.cka_id)},
          .need = {.access = pkcs11::Access::kReadOnly, .in_parts = true},
          .perform = [request](act::AtWork& at) { return Issuing(request, at).run(); }};
}

}  // namespace

act::Act issue_deks(const IssueRequest& request) {
  return {approval::operation_named(kIssueAct),
          [request](const act::Context& context) { return prepared(request, context); }};
}

}  // namespace keyrite::dek
