#include "imports/internal/all_or_none.h"

#include <fmt/format.h>

#include "act/logged_step.h"
#include "base/error.h"
#include "base/text.h"

namespace keyrite::imports {

namespace {

// The error with the folders that remain.
Error with_remaining(const Error& error, const std::vector<std::string>& remaining) {
  std::string message = error.message();
  for (const auto& path : remaining)
    message += fmt::format("; {} was written and cannot be removed", printable(path));
  Error whole(
      error.kind(), error.code(), std::move(message),
      "remove the folders named in the message by hand: they belong to a command that failed");
  return error.compared() ? std::move(whole).with_compared(*error.compared()) : whole;
}

[[noreturn]] void take_back(const std::vector<std::string>& written, const Error& error) {
  std::vector<std::string> remaining;
  for (const auto& path : written) {
    try {
      remove_folder(path);
    } catch (...) {
      remaining.push_back(path);
    }
  }
  if (remaining.empty()) throw Error(error);
  throw with_remaining(error, remaining);
}

}  // namespace

void write_all_or_none(const std::vector<NewFolder>& folders,
                       const std::function<void(std::size_t place)>& check) {
  std::vector<std::string> written;
  written.reserve(folders.size());
  try {
    for (std::size_t i = 0; i < folders.size(); ++i) {
      write_new_folder(folders[i].path, *folders[i].files);
      written.push_back(folders[i].path);
      check(i);
    }
  } catch (...) {
    take_back(written, act::caught());
  }
}

}  // namespace keyrite::imports
