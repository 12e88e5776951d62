// A registry beside a log that only grows: each entry has a leaf hash made of its number. One
// thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "registry/in_order.h"
#include "registry/registry.h"

namespace keyrite::test {

// Opens the one registry that an engine keeps: the same content each time.
using OpenRegistry = std::function<std::unique_ptr<registry::Registry>()>;

inline constexpr const char* kLog = "test.example/log";

// 32 digits of hex, and 64 of them.
[[nodiscard]] std::string id_of(std::uint64_t number);
[[nodiscard]] std::string leaf_of(std::uint64_t seq);
[[nodiscard]] registry::Time at_day(std::int64_t day);

class Scene {
 public:
  explicit Scene(const OpenRegistry& open) : registry_(open()) {}
  [[nodiscard]] registry::Registry& registry() { return *registry_; }

  [[nodiscard]] std::string fresh() { return id_of(++ids_); }
  // The next entry of the log, and what a registry records with it.
  registry::Appended append();
  [[nodiscard]] std::uint64_t log_size() const { return size_; }

  // An act of which the log holds all: entry, then states.
  void act(const std::function<void(registry::Stores&, const registry::Mark&)>& states);
  // An act in order (in_order.h); returns the id of its batch.
  std::string file(const std::function<void(registry::Stores&, const std::string& batch)>& rows);
  // Rows whose entry never came.
  std::string left_open(
      const std::function<void(registry::Stores&, const std::string& batch)>& rows);
  [[nodiscard]] registry::Batch batch();

  // Of a new name; active.
  std::string tenant(const std::string& name);
  std::string key(const std::string& tenant, const std::string& name = "payments");
  registry::VersionId waiting(const std::string& key);
  registry::VersionId active(const std::string& key);
  void move(const registry::VersionId& id, registry::VersionState to);
  [[nodiscard]] registry::Dek dek(const std::string& tenant, const registry::VersionId& id);
  registry::Dek stored_dek(const std::string& tenant, const registry::VersionId& id);
  std::string destination(const std::string& key, const std::string& name = "alias/acme");
  [[nodiscard]] registry::Version version(const registry::VersionId& id);

 private:
  std::unique_ptr<registry::Registry> registry_;
  std::uint64_t ids_{0};
  std::uint64_t size_{0};
};

}  // namespace keyrite::test
