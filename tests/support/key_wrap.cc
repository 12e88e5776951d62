#include "support/key_wrap.h"

namespace keyrite::test {

namespace {

std::string line(const std::string& act, const std::string& key_hex) {
  return "/usr/bin/python3 -I -B '" KEYRITE_SOURCE_DIR "/scripts/rehearsal/standin/key_wrap.py' " +
         act + " " + key_hex;
}

}  // namespace

std::string kw_wrap_line(const std::string& key_hex) { return line("wrap kw", key_hex); }
std::string kwp_wrap_line(const std::string& key_hex) { return line("wrap kwp", key_hex); }
std::string kw_unwrap_line(const std::string& key_hex) { return line("unwrap kw", key_hex); }
std::string kwp_unwrap_line(const std::string& key_hex) { return line("unwrap kwp", key_hex); }

}  // namespace keyrite::test
