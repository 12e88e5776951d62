// Runs other people's programs (openssl, python3) as a second opinion, in a folder of its own that
// goes away with the object. One thread per Workshop.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace keyrite::test {

struct Output {
  int exit_code{};
  Bytes out{};
};

class Workshop {
 public:
  Workshop();
  ~Workshop();
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path put(const std::string& name, ByteView content) const;
  [[nodiscard]] Bytes get(const std::string& name) const;
  // A shell line run in the folder; its standard output, whatever it exits with.
  [[nodiscard]] Output run(const std::string& line) const;
  // As run, but fails the running test case when the exit code is not 0.
  Bytes must(const std::string& line) const;
  // The files of `paths` (files or folders of ours, parted by blanks) that have one of `words`
  // (parted by |), small letters in either case; "" for none. Fails the running test case when a
  // path is not there, or the search would find nothing because there is nothing.
  [[nodiscard]] std::string naming(const std::string& words, const std::string& paths) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace keyrite::test
