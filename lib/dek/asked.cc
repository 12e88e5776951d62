#include "dek/internal/asked.h"

#include <utility>

#include <fmt/format.h>

#include "act/registry_rows.h"
#include "act/tenant_key.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "dek/internal/batch.h"
#include "dek/internal/refusals.h"
#include "wrap/data_key_recipient.h"

namespace keyrite::dek {

namespace {

[[noreturn]] void refuse_dek(const char* code, const std::string& id, std::string_view why,
                             std::string_view hint) {
  throw Error(Kind::kFailed, code, fmt::format("data key {}: {}", printable(id), why),
              std::string(hint));
}
[[noreturn]] void suspect_dek(const char* code, const std::string& id, std::string_view why) {
  throw Error(Kind::kVerification, code, fmt::format("data key {}: {}", printable(id), why),
              "the record is not to be used: find out who changed it");
}

// The row with the bytes that are to be opened, or why it is not opened.
registry::Dek allowed(registry::Dek dek, const WantedDek& wanted, const registry::Tenant& tenant,
                      registry::Time now) {
  if (dek.tenant != tenant.id) {
    refuse_dek("dek-other-tenant", wanted.id, "it is another tenant's",
               "a data key is opened for its tenant alone");
  }
  if (dek.kept == registry::Kept::kGone)
    refuse_dek("dek-gone", wanted.id, "it was shredded", "nothing brings it back");
  if (dek.expires && *dek.expires <= now) {
    refuse_dek("dek-expired", wanted.id, "its time is over",
               "issue a new one; keyrite dek prune removes this one");
  }
  if (wanted.record) {
    require_same(*wanted.record, dek);
    dek.wrapped = wanted.record->wrapped;
  } else if (dek.kept == registry::Kept::kCaller) {
    refuse_dek("dek-record-needed", wanted.id, "its caller keeps the record",
               "give the record with --from");
  }
  if (crypto::sha256_hex(dek.wrapped) != dek.wrapped_sha256) {
    suspect_dek("dek-other-bytes", wanted.id, "its SHA-256 is not that of its wrapped bytes");
  }
  return dek;
}

template <class Work>
void or_refused(Asked& one, const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    if (!says_of_record(error)) throw;
    one.refusal = error;
  }
}

void open_one(KekBench& bench, Asked& one, const KekOnRecord& record,
              wrap::DataKeyRecipient* recipient) {
  const auto wrap = wrap::parse_key_wrap(one.dek->mechanism);
  if (!wrap) {
    suspect_dek("dek-record-differs", one.id,
                "it is wrapped in a way that this keyrite does not know");
  }
  const auto& open = bench.kek(record);
  const wrap::WrappedKey wrapped{*wrap, one.dek->wrapped};
  try {
    if (recipient != nullptr)
      one.to_recipient = recipient->wrap(open.proven, open.kek, wrapped);
    else
      one.value = bench.out_of(record).open(open.kek, wrapped);
  } catch (const Error& error) {
    throw wrap::judged(bench.session(), open.proven, open.kek, open.canary, error);
  }
}

// {"id":ID,"key":BASE64}; {"id":ID,"wrap":WORD,"wrapped":BASE64}; or {"error":CODE,"id":ID}.
std::string line_of(const Asked& one, const std::optional<Recipient>& whose) {
  if (one.refusal) return Refusals::line(one.id, *one.refusal);
  if (whose) {
    return fmt::format("{{\"id\":\"{}\",\"wrap\":\"{}\",\"wrapped\":\"{}\"}}\n", one.id,
                       WrappingAlgorithm{Scheme::kRsaOaep, whose->hash}.name(),
                       to_base64(one.to_recipient));
  }
  std::string key = to_base64(one.value.reveal());
  std::string text = fmt::format("{{\"id\":\"{}\",\"key\":\"{}\"}}\n", one.id, key);
  crypto::wipe({reinterpret_cast<std::uint8_t*>(key.data()), key.size()});  // NOLINT
  return text;
}

}  // namespace

AskedBatch asked_batch(const registry::Stores& stores, const std::vector<WantedDek>& wanted,
                       const registry::Tenant& tenant, const act::Context& context) {
  const auto log = decisions_when_asked(act::required_site(context));
  AskedBatch batch;
  for (const auto& one : wanted) {
    auto dek = stores.deks.find(one.id);
    batch.asked.push_back({.id = one.id});
    Asked& asked = batch.asked.back();
    or_refused(asked, [&] {
      if (!dek) throw unknown_dek(one.id);
      asked.dek = allowed(*std::move(dek), one, tenant, time_of(context));
      if (stores.deks.seals_credential(one.id)) {
        refuse_dek("dek-of-credential", one.id, "a credential is sealed under it",
                   "keyrite credential open gives the credential out");
      }
      if (const auto& version = asked.dek->version; !batch.keks.contains(version)) {
        batch.keks.emplace(version,
                           kek_on_record(stores, version, registry::Use::kUnwrapService, log));
      }
    });
    if (asked.refusal) asked.dek.reset();
  }
  return batch;
}

// All of one version after each other: one token in the field takes 7 ms to change the KEK.
void open_part(KekBench& bench, AskedBatch& batch, std::size_t first, std::size_t last,
               const std::optional<Recipient>& whose) {
  std::optional<wrap::DataKeyRecipient> recipient;
  if (whose) recipient.emplace(bench.session(), whose->key, whose->hash);
  for (const auto& kek : batch.keks) {
    for (std::size_t i = first; i < last; ++i) {
      Asked& one = batch.asked[i];
      if (!one.dek || one.dek->version != kek.first) continue;
      or_refused(one, [&] { open_one(bench, one, kek.second, recipient ? &*recipient : nullptr); });
    }
  }
}

act::Fact fact_of_asked(const Asked& one) {
  act::LogFacts facts{{"id", act::Fact::id(one.id)}};
  if (one.refusal) facts.add("refused", act::Words::code(*one.refusal));
  return facts;
}

void write_lines(GrowingFile& out, const AskedBatch& batch, const std::optional<Recipient>& whose) {
  // Protected memory is little.
  constexpr std::size_t kRoom = std::size_t{32} * 1024;
  crypto::SecretBytes lines(kRoom);
  std::size_t used = 0;
  const auto flush = [&] { out.write(lines.reveal().first(std::exchange(used, 0))); };
  for (const auto& one : batch.asked) {
    std::string text = line_of(one, whose);
    if (used + text.size() > kRoom) flush();
    std::copy(text.begin(), text.end(),
              lines.reveal_for_writing().begin() + static_cast<std::ptrdiff_t>(used));
    used += text.size();
    crypto::wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});  // NOLINT
  }
  flush();
  out.sync();
}

}  // namespace keyrite::dek
