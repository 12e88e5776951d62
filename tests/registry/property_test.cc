// Random acts on one registry beside a model of a few lines: after each, the registry says what the
// model says, an act that the model refuses is refused, and nothing destroyed comes back.
#include <doctest/doctest.h>

#include <map>
#include <random>
#include <vector>

#include "registry/scene.h"
#include "support/command.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace registry;

constexpr unsigned kSteps = 400;  // of each seed; each is a commit that the disk has to take

struct ModelVersion {
  VersionState state{VersionState::kPreActivation};
  bool frozen{false};
  std::vector<std::string> deks{};
};

class Play {
 public:
  explicit Play(const OpenRegistry& open, unsigned seed) : scene_(open), random_(seed) {
    tenant_ = scene_.tenant("acme");
    for (int i = 0; i < 2; ++i) keys_.push_back(scene_.key(tenant_, "key " + std::to_string(i)));
  }

  void step() {
    switch (below(8)) {
      case 0:
        return add_version();
      case 1:
      case 2:
      case 3:
        return move_version();
      case 4:
        return freeze();
      case 5:
        return add_dek();
      case 6:
        return rewrap();
      default:
        return shred_dek();
    }
  }

  void compare() {
    const View view = scene_.registry().read();
    for (const auto& one : versions_) {
      const auto found = view->versions.find(one.first);
      REQUIRE(found);
      CHECK(found->state == one.second.state);
      CHECK(found->frozen_by.has_value() == one.second.frozen);
      const auto page = view->deks.page({.version = one.first});
      REQUIRE(page.size() == one.second.deks.size());
      const auto events = view->versions.events(one.first);
      CHECK(events.back().to == word(one.second.state));
      for (std::size_t i = 1; i < events.size(); ++i) CHECK(events[i].from == events[i - 1].to);
    }
  }

 private:
  std::size_t below(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
  }
  const std::string& some_key() { return keys_[below(keys_.size())]; }
  // nullptr: there is none yet.
  std::pair<const VersionId, ModelVersion>* some_version() {
    if (versions_.empty()) return nullptr;
    auto at = versions_.begin();
    std::advance(at, below(versions_.size()));
    return &*at;
  }
  bool has(const std::string& key, VersionState state) {
    for (const auto& one : versions_)
      if (one.first.key == key && one.second.state == state) return true;
    return false;
  }

  void add_version() {
    const std::string& key = some_key();
    VersionId id;
    const bool allowed = !has(key, VersionState::kPreActivation);
    const auto done = failure_of([&] { id = scene_.waiting(key); });
    CHECK(done.code == (allowed ? "no error" : "version-not-alone"));
    if (allowed) versions_[id] = {};
  }

  void move_version() {
    auto* version = some_version();
    if (version == nullptr) return;
    const auto to = static_cast<VersionState>(1 + below(6));
    ModelVersion& now = version->second;
    std::string expected = "no error";
    if (!is_legal(Subject::kVersion, word(now.state), word(to))) {
      expected = "transition-illegal";
    } else if (to == VersionState::kActive && has(version->first.key, to)) {
      expected = "version-not-alone";
    } else if (to == VersionState::kDestroyed && !now.deks.empty()) {
      expected = "deks-left";
    }
    const VersionId id = version->first;
    CHECK(failure_of([&] { scene_.move(id, to); }).code == expected);
    if (expected == "no error") now.state = to;
  }

  void freeze() {
    auto* version = some_version();
    if (version == nullptr) return;
    const VersionId id = version->first;
    const std::int64_t revision = scene_.version(id).revision;
    const bool frozen = version->second.frozen;
    scene_.act([&](Stores& stores, const Mark& mark) {
      if (frozen) {
        stores.versions.thaw(id, revision, mark.entry);
      } else {
        stores.versions.freeze(id, revision, mark.entry);
      }
    });
    version->second.frozen = !frozen;
  }

  static bool wraps(const ModelVersion& version) {
    return version.state == VersionState::kActive && !version.frozen;
  }

  void add_dek() {
    auto* version = some_version();
    if (version == nullptr) return;
    const VersionId id = version->first;
    Dek made;
    const auto done = failure_of([&] { made = scene_.stored_dek(tenant_, id); });
    CHECK(done.code == (wraps(version->second) ? "no error" : "version-not-active"));
    if (done.code == "no error") version->second.deks.push_back(made.id);
  }

  void rewrap() {
    auto* from = some_version();
    auto* to = some_version();
    if (from == nullptr || from->second.deks.empty()) return;
    const std::string id = from->second.deks.back();
    const VersionId target = to->first;
    const auto done = failure_of([&] {
      scene_.file([&](Stores& stores, const std::string& batch) {
        Dek dek = stores.deks.find(id).value();
        dek.version = target;
        dek.batch = batch;
        stores.deks.rewrap(dek);
      });
    });
    CHECK(done.code == (wraps(to->second) ? "no error" : "version-not-active"));
    if (done.code != "no error") return;
    from->second.deks.pop_back();
    to->second.deks.push_back(id);
  }

  void shred_dek() {
    auto* version = some_version();
    if (version == nullptr || version->second.deks.empty()) return;
    const std::string id = version->second.deks.back();
    scene_.file([&](Stores& stores, const std::string& batch) {
      stores.deks.mark_gone(id, stores.deks.find(id).value().revision, batch);
    });
    version->second.deks.pop_back();
  }

  Scene scene_;
  std::mt19937 random_;
  std::string tenant_{};
  std::vector<std::string> keys_{};
  std::map<VersionId, ModelVersion> versions_{};
};

TEST_CASE("Any sequence of acts leaves the registry as a model of a few lines has it") {
  for (const unsigned seed : {1U, 20261128U}) {
    const Workshop shop;
    const std::string path = shop.put("registry.sqlite", {});
    INFO(seed);
    Play play([&] { return std::make_unique<Registry>(path); }, seed);
    for (unsigned i = 1; i <= kSteps; ++i) {
      play.step();
      if (i % 25 == 0) play.compare();
    }
    play.compare();
    Registry(path).check();
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
