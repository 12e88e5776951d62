// A JSON file that something under test wrote. Header only, any thread.
#pragma once

#include <string>

#include "base/file.h"
#include "base/json.h"

namespace keyrite {

// Errors: those of read_file and parse_json.
[[nodiscard]] inline Json read_json_file(const std::string& path) {
  return parse_json(read_file(path), path);
}

}  // namespace keyrite
