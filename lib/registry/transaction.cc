#include "registry/transaction.h"

#include <fmt/format.h>

#include "base/error.h"
#include "registry/internal/sql.h"

namespace keyrite::registry {
namespace {

void begin(internal::Engine& engine, bool to_write) {
  if (engine.open)
    throw Error(Kind::kInternal, "transaction-open", "the registry is in a transaction already");
  engine.begin(to_write);
  engine.named_until = 0;
}

}  // namespace

Stores::Stores(internal::Sql& sql)
    : names(sql),
      log(sql),
      tenants(sql),
      decisions(sql),
      keys(sql),
      versions(sql),
      copies(sql),
      destinations(sql),
      placements(sql),
      deks(sql),
      credentials(sql) {}

View::View(internal::Engine& engine) : engine_(engine), stores_(engine) { begin(engine, false); }

View::~View() { engine_.roll_back(); }

Transaction::Transaction(internal::Engine& engine) : engine_(engine), stores_(engine) {
  begin(engine, true);
}

Transaction::~Transaction() {
  if (!committed_) engine_.roll_back();
}

void Transaction::commit() {
  const auto position = engine_.number("SELECT coalesce(max(size), 0) FROM log_position", {});
  if (engine_.named_until > static_cast<std::uint64_t>(position)) {
    throw Error(Kind::kInternal, "position-not-recorded",
                fmt::format("a change of the registry names entry {} of the log, and the registry "
                            "has taken over {}",
                            engine_.named_until - 1, position));
  }
  engine_.commit();
  committed_ = true;
}

}  // namespace keyrite::registry
