#include "cli/state_folders.h"

#include <string>

namespace keyrite::cli {

namespace {

// An absolute path, or nothing: the XDG specification has relative ones ignored.
std::string folder_in(const Env& env, std::string_view name) {
  std::string path = env.variable(name).value_or(std::string());
  // A service with several state directories has them with colons between.
  if (name == "STATE_DIRECTORY") path = path.substr(0, path.find(':'));
  return path.starts_with('/') ? path : std::string();
}

}  // namespace

std::vector<site::StateFolder> state_folders(const Env& env) {
  std::vector<site::StateFolder> folders;
  const std::string service = folder_in(env, "STATE_DIRECTORY");
  if (!service.empty()) folders.push_back({.path = service});
  folders.push_back({.path = "/var/lib/keyrite"});
  const std::string state = folder_in(env, "XDG_STATE_HOME");
  if (!state.empty()) folders.push_back({.path = state + "/keyrite", .make = true});
  const std::string home = folder_in(env, "HOME");
  if (!home.empty()) folders.push_back({.path = home + "/.local/state/keyrite", .make = true});
  return folders;
}

}  // namespace keyrite::cli
