// Data keys that were asked for: what is known of each, how it is opened, and the line in which it
// is given out. One thread, but for open_part.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "act/context.h"
#include "act/log_facts.h"
#include "base/error.h"
#include "base/growing_file.h"
#include "base/wrapping.h"
#include "crypto/public_key.h"
#include "crypto/secret_bytes.h"
#include "dek/internal/kek_bench.h"
#include "dek/open_kek.h"
#include "dek/record_source.h"

namespace keyrite::dek {

// One that was asked for: what is known of it, and what came out.
struct Asked {
  std::string id{};
  std::optional<registry::Dek> dek{};  // with the bytes to open
  std::optional<Error> refusal{};
  crypto::SecretBytes value{};
  Bytes to_recipient{};
};
using KeksOnRecord = std::map<registry::VersionId, KekOnRecord>;
struct AskedBatch {
  std::vector<Asked> asked{};
  KeksOnRecord keks{};
  [[nodiscard]] std::size_t size() const { return asked.size(); }
  [[nodiscard]] std::size_t opened() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(asked, [](const Asked& one) { return !one.refusal; }));
  }
};

// Whose RSA key they are wrapped under, and by which hash the token was found to do that.
struct Recipient {
  crypto::PublicKey key;
  Hash hash{};
};

// What may be opened of them, and why the others may not.
[[nodiscard]] AskedBatch asked_batch(const registry::Stores& stores,
                                     const std::vector<WantedDek>& wanted,
                                     const registry::Tenant& tenant, const act::Context& context);
// At the token: the records [first, last), for the caller or for `whose`. Errors: those of
// open_kek, DataKeyOut, DataKeyRecipient and judged().
void open_part(KekBench& bench, AskedBatch& batch, std::size_t first, std::size_t last,
               const std::optional<Recipient>& whose);

[[nodiscard]] act::Fact fact_of_asked(const Asked& one);
// The lines of a batch, from protected memory.
void write_lines(GrowingFile& out, const AskedBatch& batch, const std::optional<Recipient>& whose);

}  // namespace keyrite::dek
