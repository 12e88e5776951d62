// What was decided is used only as the log has it.
#include <doctest/doctest.h>

#include <map>

#include "registry/scene.h"
#include "support/command.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace registry;

const std::string kSalt(32, '5');

// The log's side: the newest entry of each subject.
struct Decided {
  Workshop shop{};
  std::string path{shop.put("registry.sqlite", {})};
  Scene scene{[this] { return std::make_unique<Registry>(path); }};
  std::map<std::string, LoggedDecision> logged{};
  std::string acme{scene.tenant("acme")};
  std::string key{scene.key(acme)};

  template <class Policy>
  void decide(const DecisionId& id, const Policy& policy) {
    Decision decision;
    const std::string batch = scene.file([&](Stores& stores, const std::string& of) {
      decision = stores.decisions.propose(id, policy, of, kSalt);
    });
    const View view = scene.registry().read();
    logged[id.subject] = {view->log.find(batch)->entry.value(), decision.sha256};
  }
  [[nodiscard]] DecisionInLog log() const {
    return [this](const DecisionId& id, const LogEntry&) -> std::optional<LoggedDecision> {
      const auto found = logged.find(id.subject);
      if (found == logged.end()) return std::nullopt;
      return found->second;
    };
  }
  [[nodiscard]] Failure checked_tenant() {
    return failure_of([&] {
      const View view = scene.registry().read();
      static_cast<void>(view->decisions.checked_tenant_policy(acme, log()));
    });
  }
  // As somebody who has the file and SQLite; triggers are in his way, and he takes them away.
  void edit(const std::string& statement) const {
    shop.put("edit.py", as_bytes(std::string_view(R"(
import sqlite3, sys
db = sqlite3.connect('registry.sqlite')
kept = db.execute("select sql from sqlite_schema where type = 'trigger'").fetchall()
for name, in db.execute("select name from sqlite_schema where type = 'trigger'").fetchall():
    db.execute('drop trigger ' + name)
assert db.execute(sys.argv[1]).rowcount > 0
for sql, in kept:
    db.execute(sql)
db.commit()
)")));
    shop.must("python3 edit.py \"" + statement + "\"");
  }
};

const TenantPolicy kEurope{{"eu-west-1", "eu-central-1"}, Hold{"court", "case 7"}};

TEST_CASE("A policy that the log has is given out, field for field") {
  Decided decided;
  decided.decide({DecisionKind::kTenant, decided.acme, 0}, kEurope);
  const KeyPolicy strict{.accept = Basis::kAttestation,
                         .compromised = WhenCompromised::kRead,
                         .copies_needed = 2,
                         .period_days = 90,
                         .roster_sha256 = leaf_of(1)};
  decided.decide({DecisionKind::kKey, decided.key, 0}, strict);
  const Acceptance accepted{.by = "ada",
                            .reason = "the vendor says so",
                            .until = at_day(20100),
                            .evidence_sha256 = leaf_of(2)};
  const std::string place = decided.scene.destination(decided.key);
  decided.decide({DecisionKind::kAcceptance, place, 1}, accepted);
  const View view = decided.scene.registry().read();
  CHECK(view->decisions.checked_tenant_policy(decided.acme, decided.log()) == kEurope);
  CHECK(view->decisions.checked_key_policy(decided.key, decided.log()) == strict);
  CHECK(view->decisions.checked_acceptance({place, 1}, decided.log()) == accepted);
  CHECK_FALSE(view->decisions.checked_acceptance(
      {decided.key, 1},
      [](const DecisionId&, const LogEntry&) { return std::optional<LoggedDecision>(); }));
}

TEST_CASE("A pinned key is given out as the log has it, one edited by hand pins nothing") {
  const std::string id(32, '7');
  const PinnedKey pinned{.provider = "azure",
                         .place = "acme.vault.azure.net",
                         .sha256 = leaf_of(3),
                         .until = at_day(20100),
                         .by = "ada",
                         .reason = "compared by telephone"};
  Decided decided;
  decided.decide({DecisionKind::kPinnedKey, id, 0}, pinned);
  const auto checked = [&] {
    return decided.scene.registry().read()->decisions.checked_pinned_keys(decided.log());
  };
  REQUIRE(checked().size() == 1);
  CHECK(checked().front().second == pinned);
  PinnedKey over = pinned;
  over.ended = "replaced";
  decided.decide({DecisionKind::kPinnedKey, id, 0}, over);
  REQUIRE(checked().size() == 1);
  CHECK(checked().front().second == over);
  for (const std::string& edit :
       std::vector<std::string>{"delete from decision where revision = 2",
                                "update decision set content = replace(content, 'acme', 'evil')",
                                "update decision set subject = '" + std::string(32, '8') + "'"}) {
    Decided edited;
    edited.decide({DecisionKind::kPinnedKey, id, 0}, pinned);
    edited.decide({DecisionKind::kPinnedKey, id, 0}, over);
    edited.edit(edit);
    const auto refused = failure_of(
        [&] { (void)edited.scene.registry().read()->decisions.checked_pinned_keys(edited.log()); });
    CHECK_MESSAGE(refused.code == "decision-edited", edit);
  }
}

TEST_CASE("python computes the digest that the log holds") {
  Decided decided;
  decided.decide({DecisionKind::kTenant, decided.acme, 0}, kEurope);
  CHECK(as_text(decided.shop.must(
            "python3 -c \"import sqlite3, hashlib, json; content, = sqlite3.connect("
            "'registry.sqlite').execute('select content from decision').fetchone(); "
            "assert json.dumps(json.loads(content), sort_keys=True, separators=(',', ':')) == "
            "content; print(hashlib.sha256(content.encode()).hexdigest(), end='')\"")) ==
        decided.logged[decided.acme].sha256);
}

TEST_CASE("A policy row edited by hand decides nothing") {
  for (const std::string edit :
       {"update decision set content = replace(content, 'eu-west-1', 'us-east-1')",
        "update decision set content = NULL", "delete from decision",
        "update decision set revision = 9",
        "update batch set log_seq = log_seq - 1 where id = "
        "(select batch_id from decision)"}) {
    Decided decided;
    decided.decide({DecisionKind::kTenant, decided.acme, 0}, kEurope);
    CHECK(decided.checked_tenant().code == "no error");
    decided.edit(edit);
    const auto refused = decided.checked_tenant();
    CHECK_MESSAGE(refused.code == "decision-edited", edit);
    CHECK(refused.kind == Kind::kVerification);
  }
}

TEST_CASE("Content and SHA-256 changed together still differ from the log") {
  Decided decided;
  decided.decide({DecisionKind::kTenant, decided.acme, 0}, kEurope);
  const std::string document = decision_document({DecisionKind::kTenant, decided.acme, 0}, 1,
                                                 to_json(TenantPolicy{}), kSalt);
  decided.shop.put("document", as_bytes(document));
  decided.shop.put("forge.py", as_bytes(std::string_view(R"(
import hashlib, sqlite3
text = open('document').read()
db = sqlite3.connect('registry.sqlite')
kept = db.execute("select name, sql from sqlite_schema where name = 'decision_once'").fetchone()
db.execute('drop trigger ' + kept[0])
db.execute('update decision set content = ?, sha256 = ?', (text, hashlib.sha256(text.encode()).hexdigest()))
db.execute(kept[1])
db.commit()
)")));
  decided.shop.must("python3 forge.py");
  CHECK(decided.checked_tenant().code == "decision-edited");
}

TEST_CASE("An older decision that is put back is not the log's newest") {
  Decided decided;
  const DecisionId id{DecisionKind::kTenant, decided.acme, 0};
  decided.decide(id, TenantPolicy{});
  decided.decide(id, kEurope);
  decided.edit("delete from decision where revision = 2");
  CHECK(decided.checked_tenant().code == "decision-edited");
}

TEST_CASE("A decision waits for its entry, and another waits for that") {
  Decided decided;
  const DecisionId id{DecisionKind::kTenant, decided.acme, 0};
  const std::string batch = decided.scene.left_open([&](Stores& stores, const std::string& of) {
    stores.decisions.propose(id, kEurope, of, kSalt);
  });
  const auto second = failure_of([&] {
    decided.scene.left_open([&](Stores& stores, const std::string& of) {
      stores.decisions.propose(id, TenantPolicy{}, of, kSalt);
    });
  });
  CHECK(second.code == "decision-proposed");
  {
    const View view = decided.scene.registry().read();
    CHECK(view->decisions.checked_tenant_policy(decided.acme, decided.log()) == TenantPolicy{});
    CHECK(view->decisions.hold_on(decided.acme)->authority == "court");  // it holds all the same
  }
  Transaction transaction = decided.scene.registry().write();
  transaction->log.take_back(batch);
  transaction.commit();
  const View view = decided.scene.registry().read();
  CHECK_FALSE(view->decisions.hold_on(decided.acme));
}

TEST_CASE("A destination is what was decided of it, a row that was edited is not") {
  Decided decided;
  const std::string id = decided.scene.destination(decided.key, "alias/a");
  const auto row = [&] { return decided.scene.registry().read()->destinations.find(id).value(); };
  const auto check = [&] {
    return failure_of([&] {
             const View view = decided.scene.registry().read();
             view->decisions.check_destination(view->destinations.find(id).value(), decided.log());
           })
        .code;
  };
  CHECK(check() == "decision-edited");  // nobody decided it
  decided.decide({DecisionKind::kDestination, id, 0}, row());
  CHECK(check() == "no error");
  auto wanted = row();
  wanted.region = "eu-central-1";
  wanted.retired = at_day(20000);
  wanted.retired_reason = "closed";
  decided.decide({DecisionKind::kDestination, id, 0}, wanted);
  CHECK(check() == "decision-edited");
  decided.scene.act([&](Stores& stores, const Mark&) {
    const auto decision = stores.decisions.in_force({DecisionKind::kDestination, id, 0}).value();
    CHECK(stores.destinations.follow(destination(*decision.document, decision.id, 2)));
    auto unknown = wanted;
    unknown.id = std::string(32, 'e');
    CHECK_FALSE(stores.destinations.follow(unknown));
  });
  CHECK(check() == "no error");
  CHECK(row().retired_reason == "closed");
  decided.edit("update destination set name = 'alias/b'");
  CHECK(check() == "decision-edited");
}

TEST_CASE("A tenant's jurisdictions allow a region by its name alone") {
  CHECK(allows_region(kEurope, "EU-West-1"));
  CHECK(allows_region(TenantPolicy{}, "anywhere"));
  CHECK_FALSE(allows_region(kEurope, "eu-west-12"));
  CHECK_FALSE(allows_region(kEurope, "eu"));
  CHECK(failure_of([] { require_region(kEurope, "us-east-1"); }).code ==
        "region-outside-jurisdictions");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
