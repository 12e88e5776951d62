#include "transcript/vkey_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace keyrite::transcript {

std::vector<NoteKey> read_vkeys(const std::string& path) {
  std::vector<NoteKey> keys;
  const std::string content = as_text(read_file(path));
  std::string_view rest = content;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    if (end != 0) keys.push_back(NoteKey::parse(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (keys.empty()) {
    throw Error(Kind::kConfig, "vkey-file-empty", fmt::format("{} has no vkey", printable(path)),
                "a vkey looks like NAME+KEYID+BASE64");
  }
  return keys;
}

std::vector<NoteKey> vkeys_given(const std::string& text) {
  const auto plus = text.find('+');
  const bool is_vkey = plus != std::string::npos && text.find('+', plus + 1) != std::string::npos &&
                       !text.starts_with('.') && !text.starts_with('/');
  if (is_vkey) return {NoteKey::parse(text)};
  return read_vkeys(text);
}

}  // namespace keyrite::transcript
