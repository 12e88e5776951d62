#include "registry/registry.h"

#include <utility>

#include "registry/internal/sql.h"
#include "registry/internal/sqlite_engine.h"

namespace keyrite::registry {

Registry::Registry(const std::string& path) : engine_(internal::open_sqlite(path)) {}
Registry::Registry(std::unique_ptr<internal::Engine> engine) : engine_(std::move(engine)) {}
Registry::~Registry() = default;

View Registry::read() const { return View(*engine_); }
Transaction Registry::write() { return Transaction(*engine_); }

void Registry::check() const { engine_->check(); }
void Registry::back_up(const std::filesystem::path& file) const { engine_->back_up(file); }

void Registry::rewrite() { engine_->rewrite(); }

std::vector<std::string> Registry::columns_with(std::string_view bytes) const {
  return engine_->columns_with(bytes);
}

std::string Registry::pseudonym_of(std::string_view name, std::string_view fresh) {
  Transaction transaction = write();
  std::string pseudonym = transaction->names.pseudonym_of(name, fresh);
  transaction.commit();
  return pseudonym;
}

bool Registry::erase(std::string_view name) {
  Transaction transaction = write();
  const bool erased = transaction->names.erase(name);
  transaction.commit();
  return erased;
}

std::optional<std::string> Registry::known_pseudonym(std::string_view name) const {
  return read()->names.known_pseudonym(name);
}

std::optional<std::string> Registry::name_of(std::string_view pseudonym) const {
  return read()->names.name_of(pseudonym);
}

void restore(const std::filesystem::path& file, const std::filesystem::path& path,
             const JudgeRegistry& judge) {
  internal::restore_sqlite(file, path, [&](std::unique_ptr<internal::Engine> engine) {
    Registry copy(std::move(engine));
    copy.check();
    if (judge) judge(copy);
  });
}

}  // namespace keyrite::registry
