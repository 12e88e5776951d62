// A cloud's endpoint on the loopback, for tests of the real clients: a python server that records
// what it was sent. Ends with the object. One thread.
#pragma once

#include <string>
#include <vector>

#include "unit/provider/script_fixture.h"

namespace keyrite::test {

class Loopback {
 public:
  // Starts tests/unit/provider/SERVER in the side's workshop.
  Loopback(const Connected& side, const std::string& server);
  ~Loopback();
  Loopback(const Loopback&) = delete;
  Loopback& operator=(const Loopback&) = delete;

  [[nodiscard]] std::string url() const;
  // Puts a real client in the place of its stand-in: `settings` are shell assignments that are
  // exported, `command` what is executed; "$@" stands for the words.
  void use_client(const std::string& name, const std::string& settings,
                  const std::string& command) const;
  // What was sent, in its order.
  [[nodiscard]] std::vector<Json> requests() const;

 private:
  const Connected& side_;
};

// Standard output of a shell line without its last newlines.
[[nodiscard]] std::string line_of(const Workshop& shop, const std::string& line);
}  // namespace keyrite::test
