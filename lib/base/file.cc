#include "base/file.h"

#include "base/internal/durable_file.h"
#include "base/internal/new_path.h"
#include "base/internal/temporary.h"

namespace keyrite {

namespace {

namespace fs = std::filesystem;

}  // namespace

void write_new_file(const fs::path& given, ByteView content) {
  const fs::path path = without_slash(given);
  require_writable_new_path(path);
  Temporary temporary(path);
  write_durably(temporary.path(), once(content), 0600, path);
  temporary.publish();
}

void replace_file(const fs::path& path, ByteView content) { replace_file(path, once(content)); }

void replace_file(const fs::path& path, const NextPiece& next) {
  Temporary temporary(path);
  write_durably(temporary.path(), next, 0600, path);
  temporary.replace();
}

void fill_new_file(const fs::path& given, const FillFile& fill) {
  const fs::path path = without_slash(given);
  require_writable_new_path(path);
  Temporary temporary(path);
  fill_durably(temporary.path(), fill, path);
  temporary.publish();
}

void fill_replacement(const fs::path& path, const FillFile& fill) {
  Temporary temporary(path);
  fill_durably(temporary.path(), fill, path);
  temporary.replace();
}

}  // namespace keyrite
