// Registry and log are written in one order; what a crash between any two of its steps leaves is
// found.
#include <doctest/doctest.h>

#include <stdexcept>

#include "registry/scene.h"
#include "support/command.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace registry;

struct Place {
  Workshop shop{};
  std::string path{shop.put("registry.sqlite", {})};
  Scene scene{[this] { return std::make_unique<Registry>(path); }};
};

// What stops the process there.
struct Killed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

OrderedWrite adding(Place& place, const std::string& pseudonym) {
  OrderedWrite write{.origin = kLog, .batch = place.scene.batch()};
  write.rows = [batch = write.batch.id, pseudonym](Stores& stores) {
    stores.tenants.add("acme", pseudonym, {}, {}, at_day(1), batch);
  };
  write.append = [&place] { return place.scene.append(); };
  write.states = [pseudonym](Stores& stores, const LogEntry& entry) {
    stores.tenants.move(pseudonym, TenantState::kActive, 1, {at_day(1), "olga", entry});
  };
  return write;
}

TEST_CASE("Rows, entry, states: at the entry the rows are there, open, and no state is") {
  Place place;
  OrderedWrite write = adding(place, id_of(77));
  write.append = [&] {
    const View view = place.scene.registry().read();
    CHECK(view->log.open_batches().size() == 1);
    CHECK(view->tenants.find(id_of(77))->state == TenantState::kNone);
    CHECK(view->log.position(kLog).size == 0);
    return place.scene.append();
  };
  const LogEntry entry = write_in_order(place.scene.registry(), write);
  const View view = place.scene.registry().read();
  CHECK(view->log.open_batches().empty());
  CHECK(view->log.find(write.batch.id)->entry == entry);
  CHECK(view->tenants.find(id_of(77))->state == TenantState::kActive);
  CHECK(view->log.position(kLog) == LogPosition{1, leaf_of(0)});
}

TEST_CASE("Killed at the rows nothing is left, at the entry or the states an open batch is") {
  for (int step = 0; step < 3; ++step) {
    Place place;
    OrderedWrite write = adding(place, id_of(77));
    const auto kill = [] { throw Killed("here"); };
    const auto rows = write.rows;
    if (step == 0) {
      write.rows = [&](Stores& stores) {
        rows(stores);
        kill();
      };
    } else if (step == 1) {
      write.append = [&]() -> Appended {
        kill();
        return {};
      };
    } else {
      write.states = [&](Stores&, const LogEntry&) { kill(); };
    }
    CHECK_THROWS_AS(write_in_order(place.scene.registry(), write), Killed);
    const Registry again(place.path);  // another process
    const View view = again.read();
    CHECK(view->log.open_batches().size() == (step == 0 ? 0 : 1));
    CHECK(view->tenants.find(id_of(77)).has_value() == (step != 0));
    const auto standing = standing_of(view->log.position(kLog), place.scene.log_size(), leaf_of);
    CHECK(standing == (step == 2 ? Standing::kBehind : Standing::kEqual));
  }
}

TEST_CASE("A registry is equal to its log, behind it, ahead of it, or another log's") {
  const LogPosition two{2, leaf_of(1)};
  CHECK(standing_of(two, 2, leaf_of) == Standing::kEqual);
  CHECK(standing_of(two, 5, leaf_of) == Standing::kBehind);
  CHECK(standing_of(two, 1, leaf_of) == Standing::kAhead);
  CHECK(standing_of({2, leaf_of(0)}, 5, leaf_of) == Standing::kOtherLeaf);
  CHECK(standing_of({}, 0, leaf_of) == Standing::kEqual);
  CHECK(standing_of({}, 1, leaf_of) == Standing::kBehind);
}

TEST_CASE("A position goes forward, and never to another leaf") {
  Place place;
  const auto advance = [&](const LogPosition& to) {
    return failure_of([&] {
      Transaction transaction = place.scene.registry().write();
      transaction->log.advance(kLog, to);
      transaction.commit();
    });
  };
  CHECK(advance({3, leaf_of(2)}).code == "no error");
  CHECK(advance({3, leaf_of(2)}).code == "no error");
  CHECK(advance({3, leaf_of(1)}).code == "log-position-backwards");
  CHECK(advance({2, leaf_of(1)}).code == "log-position-backwards");
  CHECK(advance({2, leaf_of(1)}).kind == Kind::kVerification);
  CHECK(advance({9, leaf_of(8)}).code == "no error");
}

TEST_CASE("A change that names an entry which no position covers is not committed") {
  Place place;
  const std::string acme = place.scene.tenant("acme");
  const auto failure = failure_of([&] {
    Transaction transaction = place.scene.registry().write();
    const auto appended = place.scene.append();
    transaction->tenants.move(acme, TenantState::kSuspended, 2,
                              {at_day(1), "olga", appended.entry});
    transaction.commit();
  });
  CHECK(failure.code == "position-not-recorded");
  CHECK(failure.kind == Kind::kInternal);
  const View view = place.scene.registry().read();
  CHECK(view->tenants.find(acme)->state == TenantState::kActive);
}

TEST_CASE("A registry has one transaction at a time") {
  Place place;
  const View view = place.scene.registry().read();
  const auto second = failure_of([&] { const View other = place.scene.registry().read(); });
  CHECK(second.code == "transaction-open");
  CHECK(second.kind == Kind::kInternal);
  CHECK(view->tenants.list().empty());
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
