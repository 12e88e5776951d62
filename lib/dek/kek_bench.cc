#include "dek/internal/kek_bench.h"

namespace keyrite::dek {

KekBench::Opened& KekBench::opened(const KekOnRecord& record) {
  auto& kept = keks_[record.version.id];
  if (!kept) kept = std::make_unique<Opened>(Opened{.kek = open_kek(session_, record)});
  return *kept;
}

const OpenKek& KekBench::kek(const KekOnRecord& record) { return opened(record).kek; }

wrap::DataKeyOut& KekBench::out_of(const KekOnRecord& record) {
  auto& kept = opened(record);
  if (!kept.out) kept.out = std::make_unique<wrap::DataKeyOut>(session_, kept.kek.proven);
  return *kept.out;
}

wrap::DataKeyIn& KekBench::in_of(const KekOnRecord& record) {
  auto& kept = opened(record);
  if (!kept.in) kept.in = std::make_unique<wrap::DataKeyIn>(session_, kept.kek.proven);
  return *kept.in;
}

}  // namespace keyrite::dek
