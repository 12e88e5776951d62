// A throw-away SoftHSM token, import parameters of a wrapping key whose private half is on the
// host, in many states of disrepair, and the words with which the real programs are run on them.
// One thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "support/program.h"
#include "support/test_token.h"

namespace keyrite::test {

using Words = std::vector<std::string>;
[[nodiscard]] Words operator+(Words words, const Words& more);

enum class Inputs {
  kGood,  // good.json alone: one key is made
  kAll,   // and those that cannot be used
};

struct Room {
  std::unique_ptr<TestToken> token{make_softhsm()};  // nullptr after skip() was called
  Workshop shop{};

  explicit Room(Inputs inputs = Inputs::kAll);
  [[nodiscard]] std::string path(const std::string& name) const {
    return (shop.folder() / name).native();
  }
  // Module, token and PIN file.
  [[nodiscard]] Words at_token(const std::string& pin = "pin") const;
  // Fails the running test case when generate-kek does.
  void make_key(const std::string& type, const std::string& label, const Words& more) const;
  [[nodiscard]] Words wrap_for_aws(const std::string& parameters, const std::string& label,
                                   const std::string& out) const;

 private:
  void put_secret(const std::string& name, const std::string& text) const;
};

}  // namespace keyrite::test
