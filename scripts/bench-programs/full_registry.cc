// A registry with many wrapped keys: makes one, or asks it what list, due and show ask, and prints
// how long each took in seconds.
//
//   full_registry make FILE RECORDS      RECORDS wrapped keys of 100 keys, 1,000 a transaction
//   full_registry ask FILE               lines "NAME SECONDS"
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/error.h"
#include "crypto/digest.h"
#include "registry/in_order.h"

namespace {

using namespace keyrite;
using namespace keyrite::registry;

constexpr std::uint64_t kKeys = 100;
constexpr std::uint64_t kInBatch = 1000;
constexpr const char* kLog = "bench.example/log";

std::string id_of(std::uint64_t number) { return fmt::format("{:032x}", number); }
std::string hash_of(std::uint64_t number) {
  return crypto::sha256_hex(as_bytes(std::to_string(number)));
}
Time day(std::int64_t number) { return Time(std::chrono::days(number)); }

class Maker {
 public:
  explicit Maker(const std::string& path) : registry_(path) {}

  void make(std::uint64_t records) {
    filed([&](Stores& stores, const std::string& batch) {
      stores.tenants.add("bench", id_of(++ids_), "owner", {}, day(1), batch);
    });
    std::string owner;
    {
      const View view = registry_.read();
      owner = view->tenants.named("bench").value().id;
    }
    for (std::uint64_t i = 0; i < kKeys; ++i) keys_.push_back(key(owner));
    for (std::uint64_t made = 0; made < records; made += kInBatch) {
      filed([&](Stores& stores, const std::string& batch) {
        for (std::uint64_t i = made; i < std::min(records, made + kInBatch); ++i)
          stores.deks.add(dek(owner, i, batch));
      });
    }
  }

 private:
  Appended append() {
    const std::uint64_t seq = size_++;
    return {{seq, hash_of(seq)}, {size_, hash_of(seq)}};
  }
  void filed(const std::function<void(Stores&, const std::string&)>& rows) {
    const std::string id = id_of(++ids_);
    OrderedWrite write{.origin = kLog,
                       .batch = {.id = id,
                                 .run = id,
                                 .act = "bench",
                                 .manifest_sha256 = hash_of(ids_),
                                 .opened = day(1)}};
    write.rows = [&](Stores& stores) { rows(stores, id); };
    write.append = [&] { return append(); };
    write_in_order(registry_, write);
  }
  std::string key(const std::string& tenant) {
    const std::string id = id_of(++ids_);
    filed([&](Stores& stores, const std::string& batch) {
      stores.keys.add({.id = id,
                       .tenant = tenant,
                       .name = "key " + id,
                       .type = "aes-256",
                       .usage = Usage::kWrap,
                       .batch = batch});
    });
    write_after_entry(registry_, kLog, append(), [&](Stores& stores, const LogEntry& entry) {
      const Mark mark{day(1), "bench", entry};
      const VersionId version = stores.versions.add({.id = {id, 0}, .cka_id = from_hex(id)}, mark);
      stores.versions.move(version, VersionState::kActive, 1, mark);
    });
    return id;
  }
  Dek dek(const std::string& tenant, std::uint64_t number, const std::string& batch) {
    Dek made{.id = id_of(0xd000'0000'0000 + number),
             .tenant = tenant,
             .version = {keys_[number % kKeys], 1},
             .kept = Kept::kHere,
             .mechanism = "aes-kwp",
             .created = day(1)};
    made.wrapped = Bytes(40, static_cast<std::uint8_t>(number));
    made.wrapped_sha256 = crypto::sha256_hex(made.wrapped);
    if (number % 10 == 0) made.expires = day(100 + static_cast<std::int64_t>(number % 1000));
    made.batch = batch;
    return made;
  }

  Registry registry_;
  std::uint64_t ids_{0};
  std::uint64_t size_{0};
  std::vector<std::string> keys_{};
};

void timed(const char* name, const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  fmt::print("{} {:.4f}\n", name, took.count());
}

void ask(const std::string& path) {
  const Registry registry(path);
  std::string first;
  timed("list", [&] {
    const View view = registry.read();
    for (const auto& key : view->keys.list()) {
      if (first.empty()) first = key.id;
      static_cast<void>(view->versions.of(key.id));
      static_cast<void>(view->deks.counts(key.id));
    }
  });
  timed("due", [&] {
    const View view = registry.read();
    static_cast<void>(view->keys.due_until(day(100000), 100));
    static_cast<void>(view->deks.expired_until(day(100000), 100));
    static_cast<void>(view->credentials.due_until(day(100000), 100));
  });
  timed("show", [&] {
    const View view = registry.read();
    static_cast<void>(view->keys.find(first));
    static_cast<void>(view->versions.events({first, 1}));
    static_cast<void>(view->deks.page({.version = {first, 1}, .limit = 20}));
  });
  timed("check", [&] { registry.check(); });
}

}  // namespace

int main(int count, char** words) {
  const std::string act = count > 2 ? words[1] : "";
  try {
    if (act == "make" && count == 4) {
      std::ofstream(words[2]).close();
      Maker(words[2]).make(std::stoull(words[3]));
    } else if (act == "ask" && count == 3) {
      ask(words[2]);
    } else {
      return 2;
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "full_registry: {}\n", error.what());
    return 1;
  }
  return 0;
}
