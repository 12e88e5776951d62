#include "registry/in_order.h"

namespace keyrite::registry {

LogEntry write_in_order(Registry& registry, const OrderedWrite& write) {
  {
    Transaction first = registry.write();
    first->log.open(write.batch);
    if (write.rows) write.rows(*first.operator->());
    first.commit();
  }
  const Appended appended = write.append();
  write_after_entry(registry, write.origin, appended, [&](Stores& stores, const LogEntry& entry) {
    stores.log.bind(write.batch.id, entry);
    if (write.states) write.states(stores, entry);
  });
  return appended.entry;
}

void write_after_entry(Registry& registry, std::string_view origin, const Appended& appended,
                       const std::function<void(Stores&, const LogEntry&)>& states) {
  Transaction transaction = registry.write();
  states(*transaction.operator->(), appended.entry);
  transaction->log.advance(origin, appended.position);
  transaction.commit();
}

}  // namespace keyrite::registry
