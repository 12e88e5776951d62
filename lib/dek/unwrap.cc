#include "dek/unwrap.h"

#include <unistd.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "act/tenant_key.h"
#include "act/typed_text.h"
#include "approval/operation.h"
#include "base/file.h"
#include "base/growing_file.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/public_key.h"
#include "dek/internal/asked.h"
#include "dek/internal/batch.h"
#include "dek/internal/batches.h"
#include "dek/internal/refusals.h"
#include "dek/record_source.h"
#include "registry/registry.h"
#include "site/layout.h"
#include "wrap/data_key_recipient.h"

namespace keyrite::dek {

namespace {

act::RegistryRows counted_rows(const AskedBatch& batch, const std::string& tenant,
                               registry::Time now) {
  Json rows = Json::array();
  for (const auto& one : batch.asked) rows.push_back({{"id", one.id}, {"opened", !one.refusal}});
  const auto hour = std::chrono::floor<std::chrono::hours>(now).time_since_epoch().count();
  return act::rows_of(kUnwrapAct, rows, batch.size(),
                      [&batch, tenant, hour](registry::Stores& stores, const std::string& /*of*/) {
                        const auto opened = static_cast<std::int64_t>(batch.opened());
                        if (opened != 0) stores.deks.count_unwraps(tenant, hour, opened);
                        return act::LogFacts();
                      });
}

// What prepare opened and read, before anything is logged.
struct UnwrapInput {
  std::optional<RecordSource> source{};
  std::vector<WantedDek> first{};
  std::optional<GrowingFile> out{};
  std::optional<crypto::PublicKey> recipient{};
};

registry::Tenant read_tenant(const UnwrapRequest& request, const act::Context& context) {
  const registry::Registry registry(act::required_site(context).path(site::kRegistryName));
  return act::tenant_named(registry.read()->tenants, request.tenant);
}

// One run of the act.
class Unwrapping {
 public:
  Unwrapping(const UnwrapRequest& request, UnwrapInput& input, act::AtWork& at)
      : request_(request),
        input_(input),
        at_(at),
        site_(act::required_site(at.context())),
        reason_(act::keep_text(site_.path(site::kTextsName), request.reason)),
        tenant_(read_tenant(request, at.context())) {
    if (!input_.recipient) return;
    recipient_ = Recipient{*input_.recipient, wrap::proven_oaep_hash(at.token().session(),
                                                                     input_.recipient->rsa_bits())};
  }

  act::Outcome run() {
    all_ = work_in_batches<AskedBatch>(
        at_, jobs_of(request_.jobs),
        {.next = [this] { return next(); },
         .work = [this](KekBench& bench, AskedBatch& batch, std::size_t first,
                        std::size_t last) { open_part(bench, batch, first, last, recipient_); },
         .write = [this](const AskedBatch& batch) { write(batch); },
         .done = [this] { return refusals_.opened() == 0 ? std::string() : text(); }});
    return outcome();
  }

 private:
  std::unique_ptr<AskedBatch> next() {
    const auto wanted =
        input_.first.empty() ? input_.source->next(kLargestBatch) : std::exchange(input_.first, {});
    if (wanted.empty()) return nullptr;
    const registry::Registry registry(site_.path(site::kRegistryName));
    const auto view = registry.read();
    return std::make_unique<AskedBatch>(
        asked_batch(*view.operator->(), wanted, tenant_, at_.context()));
  }

  void write(const AskedBatch& batch) {
    std::vector<act::Fact> list;
    for (const auto& one : batch.asked) list.push_back(fact_of_asked(one));
    act::LogFacts facts{{"tenant", act::Fact::id(tenant_.id)},
                        {"opened", batch.opened()},
                        {"refused", batch.size() - batch.opened()},
                        {"deks", list}};
    facts.join(reason_.log_facts());
    if (recipient_) facts.add("recipient_sha256", act::Fact::sha256(recipient_->key.sha256()));
    const auto entry =
        at_.parts().write(facts, counted_rows(batch, tenant_.id, time_of(at_.context())));
    for (const auto& one : batch.asked) refusals_.count(one.refusal);
    // Of the only one that was asked for, the Error says why it was not opened.
    const bool silent = refusals_.is_alone() && batch.opened() == 0;
    give_out(
        [&] {
          if (!silent) write_lines(*input_.out, batch, recipient_);
        },
        fmt::format("{} data key(s) were opened, and the log says so", batch.opened()),
        "nobody has those that are not in the output: run this again");
    entries_.push_back(entry);
    if (at_.context().progress)
      at_.context().progress(refusals_.opened() + refusals_.refused(), input_.source->total());
  }

  [[nodiscard]] std::string text() const {
    return fmt::format("opened {} data key(s), refused {}", refusals_.opened(),
                       refusals_.refused());
  }

  [[nodiscard]] act::Outcome outcome() const {
    act::Outcome outcome{.document = {{"opened", refusals_.opened()},
                                      {"refused", refusals_.refused()},
                                      {"entries", entries_}},
                         .facts = {{"tenant", act::Fact::id(tenant_.id)},
                                   {"opened", refusals_.opened()},
                                   {"refused", refusals_.refused()},
                                   {"parts", entries_.size()}},
                         .finding = refusals_.error()};
    outcome.facts.join(reason_.log_facts());
    outcome.text.push_back(text());
    if (!all_) outcome.finding = interrupted(text(), "run this again for those that are left");
    return outcome;
  }

  const UnwrapRequest& request_;
  UnwrapInput& input_;
  act::AtWork& at_;
  const site::Site& site_;
  act::KeptText reason_;
  registry::Tenant tenant_;
  std::optional<Recipient> recipient_{};
  Refusals refusals_{};
  Json entries_ = Json::array();
  bool all_{false};
};

crypto::PublicKey read_recipient(const std::string& path, act::ReadInputs& inputs) {
  const Bytes content = read_file(path);
  inputs["recipient"] = {crypto::sha256_hex(content)};
  auto key = crypto::PublicKey::from_file_content(content, path);
  if (key.rsa_bits() >= 2048 && key.rsa_bits() % 128 == 0) return key;
  throw Error(
      Kind::kUsage, "recipient-not-rsa",
      fmt::format("{} is not the public half of an RSA key of 2048 bits or more", printable(path)),
      "give an RSA key of 2048, 3072 or 4096 bits");
}

act::PreparedAct prepared(const UnwrapRequest& request, const act::Context& context) {
  (void)jobs_of(request.jobs);
  (void)read_tenant(request, context);
  const auto input = std::make_shared<UnwrapInput>();
  act::ReadInputs inputs;
  if (request.recipient) input->recipient = read_recipient(*request.recipient, inputs);
  input->source.emplace(request.id, request.from);
  if (request.from) inputs["from"] = {input->source->sha256()};
  input->first = input->source->next(kLargestBatch);
  input->out.emplace(request.out ? GrowingFile::make(*request.out)
                                 : GrowingFile::pipe(STDOUT_FILENO, "standard output"));
  return {.intent = {.act = kUnwrapAct,
                     .also = {"dek"},
                     .request = without_jobs(act::record(request, inputs))},
          .need = {.access = pkcs11::Access::kReadOnly, .in_parts = true},
          .perform = [request, input](act::AtWork& at) {
            return Unwrapping(request, *input, at).run();
          }};
}

}  // namespace

act::Act unwrap_deks(const UnwrapRequest& request) {
  return {approval::operation_named(kUnwrapAct),
          [request](const act::Context& context) { return prepared(request, context); }};
}

}  // namespace keyrite::dek
