// A bundle folder with its import.sh, run under dash with stand-ins for aws, az, gcloud, date and
// sleep that record every word they are given. One thread.
#pragma once

#include <string>
#include <vector>

#include "support/command.h"
#include "unit/provider/import_fixture.h"

namespace keyrite::test {

using Call = std::vector<std::string>;  // the program's name and its arguments

class Connected {
 public:
  // `folder`: the bundle's name, of a person's choice.
  explicit Connected(const provider::Destination& destination,
                     provider::Purpose purpose = provider::Purpose::kImport,
                     std::string folder = "bundle");

  // import.sh with these words (shell text); its exit code.
  int run(const std::string& words = "", const std::string& settings = "");
  // What it printed last, both streams.
  [[nodiscard]] const std::string& output() const { return output_; }
  // All calls since the last look, without date.
  [[nodiscard]] std::vector<Call> calls();
  // The same as "program argument argument", only the words that stand before the first option.
  [[nodiscard]] std::vector<std::string> verbs();

  [[nodiscard]] const provider::ScriptInput& input() const { return input_; }
  [[nodiscard]] const std::string& script() const { return script_; }
  // The one member of manifest.json that the script looks at.
  [[nodiscard]] std::string manifest() const;
  [[nodiscard]] const Workshop& shop() const { return shop_; }
  // Content of an answer; "" when there is none.
  [[nodiscard]] std::string answer(const std::string& name) const;
  // Names of the files, without folders.
  [[nodiscard]] std::vector<std::string> answers() const;
  // A file of the bundle is written again.
  void put(const std::string& name, const Bytes& content) const;

 private:
  Workshop shop_{};
  std::string folder_;
  provider::ScriptInput input_;
  std::string script_;
  std::string output_{};
};

// The content of a file of the side's bundle.
[[nodiscard]] const Bytes& bundle_file(const Connected& side, const std::string& name);

}  // namespace keyrite::test
