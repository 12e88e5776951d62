// What a registry says at one moment (View), and one change of it, whole or not at all
// (Transaction). One at a time for a Registry, which must outlive it; one thread. A transaction
// that was not committed leaves nothing.
#pragma once

#include "registry/copies.h"
#include "registry/credentials.h"
#include "registry/decisions.h"
#include "registry/deks.h"
#include "registry/keys.h"
#include "registry/log_link.h"
#include "registry/names.h"
#include "registry/placements.h"
#include "registry/tenants.h"
#include "registry/versions.h"

namespace keyrite::registry {

namespace internal {
class Engine;
}  // namespace internal

// The narrow interfaces, one for each word of the model.
struct Stores {
  explicit Stores(internal::Sql& sql);
  Names names;
  LogLink log;
  Tenants tenants;
  Decisions decisions;
  Keys keys;
  Versions versions;
  Copies copies;
  Destinations destinations;
  Placements placements;
  Deks deks;
  Credentials credentials;
};

class View {
 public:
  explicit View(internal::Engine& engine);
  View(const View&) = delete;
  View& operator=(const View&) = delete;
  ~View();
  const Stores* operator->() const { return &stores_; }

 private:
  internal::Engine& engine_;
  Stores stores_;
};

class Transaction {
 public:
  explicit Transaction(internal::Engine& engine);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  // Takes everything back unless commit() returned.
  ~Transaction();
  Stores* operator->() { return &stores_; }
  const Stores* operator->() const { return &stores_; }

  // Durable when it returns. Errors kFailed "registry-failed"; kInternal "position-not-recorded":
  // it names an entry of the log that no position covers (log->advance).
  void commit();

 private:
  internal::Engine& engine_;
  Stores stores_;
  bool committed_{false};
};

}  // namespace keyrite::registry
