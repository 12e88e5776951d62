#include "base/text_file.h"

namespace keyrite {

FolderFile text_file(std::string name, std::string_view content) {
  const ByteView bytes = as_bytes(content);
  return {.name = std::move(name), .content = {bytes.begin(), bytes.end()}};
}

}  // namespace keyrite
