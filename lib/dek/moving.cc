#include "dek/internal/moving.h"

#include <utility>

#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "dek/internal/refusals.h"
#include "dek/requests.h"

namespace keyrite::dek {

void require_movable(const Moving& one, const registry::Key& key) {
  if (one.dek.tenant != key.tenant || one.dek.version.key != key.id) {
    throw Error(Kind::kFailed, "dek-other-tenant",
                fmt::format("data key {}: it is under another key", one.dek.id),
                "a data key stays under its tenant's key");
  }
  if (one.dek.kept == registry::Kept::kGone) {
    throw Error(Kind::kFailed, "dek-gone", fmt::format("data key {}: it was shredded", one.dek.id),
                "nothing brings it back");
  }
  const auto wrap = wrap::parse_key_wrap(one.dek.mechanism);
  if (!wrap || wrap::rsa_wrap(*wrap)) {
    throw Error(Kind::kFailed, "dek-not-movable",
                fmt::format("data key {} is wrapped by {}: the token cannot show that it stays the "
                            "same one under another version",
                            one.dek.id, printable(one.dek.mechanism)),
                "it stays under its version, which goes on to open it; new ones are wrapped under "
                "the active one");
  }
  if (one.again || crypto::sha256_hex(one.wrapped) == one.dek.wrapped_sha256) return;
  throw Error(Kind::kVerification, "dek-other-bytes",
              fmt::format("data key {}: its SHA-256 is not that of its wrapped bytes", one.dek.id),
              "the record is not to be used: find out who changed it");
}

Moving moving_from_file(const registry::Stores& stores, const WantedDek& wanted,
                        const registry::VersionId& to) {
  Moving one;
  const auto dek = stores.deks.find(wanted.id);
  if (!dek) {
    one.dek.id = wanted.id;
    one.refusal = unknown_dek(wanted.id);
    return one;
  }
  const auto& record = wanted.record.value();
  one.dek = *dek;
  one.from = record.version;
  one.wrapped = record.wrapped;
  one.again = dek->version == to && record.version != to && record.version.key == to.key;
  try {
    if (!one.again) require_same(record, *dek);
  } catch (const Error& error) {
    one.refusal = error;
  }
  return one;
}

// Session keys in and out, version by version.
void move_part(KekBench& bench, Movings& movings, std::size_t first, std::size_t last) {
  const auto& to = bench.kek(movings.to);
  for (const auto& [version, record] : movings.from) {
    const auto& from = bench.kek(record);
    std::vector<wrap::WrappedKey> records;
    std::vector<Moving*> of;
    for (std::size_t i = first; i < last; ++i) {
      Moving& one = movings.all[i];
      const auto wrap = wrap::parse_key_wrap(one.dek.mechanism);
      if (one.refusal || one.from != version || !wrap) continue;
      records.push_back({*wrap, one.wrapped});
      of.push_back(&one);
    }
    const auto moved = wrap::rewrap_data_keys(bench.session(), from.proven, from.kek, from.canary,
                                              to.kek, records);
    for (std::size_t i = 0; i < moved.size(); ++i) {
      of[i]->refusal = moved[i].refused;
      of[i]->wrapped = moved[i].record.content;
    }
  }
}

void compare_again(Movings& movings) {
  for (auto& one : movings.all) {
    if (!one.again || one.refusal || crypto::sha256_hex(one.wrapped) == one.dek.wrapped_sha256)
      continue;
    one.refusal =
        Error(Kind::kVerification, "dek-record-differs",
              fmt::format("the record of data key {} is not the one that was moved", one.dek.id),
              "it is an older record, or one that somebody changed");
  }
}

std::size_t leave_changed(const registry::Stores& stores, Movings& movings) {
  std::size_t left = 0;
  for (auto& one : movings.all) {
    if (one.refusal || one.again) continue;
    const auto now = stores.deks.find(one.dek.id);
    if (now && now->revision == one.dek.revision) continue;
    ++left;
    // The same wrap of the same data key is the same bytes: another act moved it.
    one.again = now && now->version == movings.to.version.id &&
                now->wrapped_sha256 == crypto::sha256_hex(one.wrapped);
    if (one.again) continue;
    one.refusal = Error(Kind::kFailed, "dek-changed-meanwhile",
                        fmt::format("data key {}: another process {} its record while it was moved",
                                    one.dek.id, now ? "changed" : "removed"),
                        "the record is left as it is now: run this again");
  }
  return left;
}

registry::Dek row_after(const Moving& one, const registry::VersionId& to,
                        const std::string& batch) {
  registry::Dek row = one.dek;
  row.version = to;
  row.wrapped_sha256 = crypto::sha256_hex(one.wrapped);
  row.wrapped = row.kept == registry::Kept::kHere ? one.wrapped : Bytes();
  row.batch = batch;
  return row;
}

act::Fact fact_of_moving(const Moving& one) {
  act::LogFacts facts{{"id", act::Fact::id(one.dek.id)}};
  if (one.refusal) return facts.add("refused", act::Words::code(*one.refusal));
  return facts.add("sha256", act::Fact::sha256(crypto::sha256_hex(one.wrapped)));
}

std::size_t moved_in(const Movings& movings) {
  std::size_t moved = 0;
  for (const auto& one : movings.all) moved += one.refusal || one.again ? 0U : 1U;
  return moved;
}

act::RegistryRows rows_of_moving(std::string_view act, const Movings& movings) {
  Json rows = Json::array();
  for (const auto& one : movings.all)
    rows.push_back({{"id", one.dek.id}, {"sha256", crypto::sha256_hex(one.wrapped)}});
  return act::rows_of(act, rows, movings.size(),
                      [&movings](registry::Stores& stores, const std::string& batch) {
                        for (const auto& one : movings.all) {
                          if (!one.refusal && !one.again)
                            stores.deks.rewrap(row_after(one, movings.to.version.id, batch));
                        }
                        return act::LogFacts();
                      });
}

std::vector<Moving> KeptRecords::next(const registry::Stores& stores, const registry::Key& key,
                                      const registry::VersionId& to) {
  for (const auto& version : stores.versions.of(key.id)) {
    if (!leaves(version.id, to) || version.id.number < at_.number) continue;
    const auto deks =
        stores.deks.page({.version = version.id,
                          .kept = registry::Kept::kHere,
                          .after = version.id.number == at_.number ? after_ : std::string(),
                          .limit = kLargestBatch});
    if (deks.empty()) continue;
    at_ = version.id;
    after_ = deks.back().id;
    std::vector<Moving> movings;
    for (const auto& dek : deks)
      movings.push_back({.dek = dek, .from = dek.version, .wrapped = dek.wrapped});
    return movings;
  }
  return {};
}

std::uint64_t KeptRecords::total(const registry::Stores& stores, const registry::Key& key,
                                 const registry::VersionId& to) const {
  std::uint64_t total = 0;
  for (const auto& count : stores.deks.counts(key.id)) {
    if (leaves(count.version, to)) total += static_cast<std::uint64_t>(count.here);
  }
  return total;
}

}  // namespace keyrite::dek
