// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What a run of rotate ends with: what is written down of its bundles, and the commands that come
// next, on the connected machine and here.
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "act/closing.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "bundle/manifest.h"
#include "crypto/digest.h"
#include "rotation/internal/rotation_closing.h"

namespace keyrite::rotation {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kAgain = "-again";  // AWS: the same key once more

void add_scripts(const std::vector<std::string>& folders, const std::string& what,
                 std::vector<act::NextStep>& next) {
  for (const auto& folder : folders) {
    for (auto& step : act::script_steps(folder, what)) next.push_back(std::move(step));
  }
}

void add_bundle(const std::string& folder, std::vector<act::Noted>& noted,
                std::vector<act::NextStep>& next) {
  noted.push_back({"bundle", folder});
  try {
    noted.push_back(
        {"SHA-256 of its manifest",
         crypto::sha256_hex(read_file(folder + "/" + std::string(bundle::kManifestFile)))});
  } catch (const Error& error) {
    noted.push_back({"SHA-256 of its manifest", error.message()});
  }
  std::vector<std::string> parts{"sh", shell_quote(folder + "/import.sh")};
  const bool again = folder.ends_with(kAgain);
  if (again)
    parts.push_back(
        act::option("first-answers", folder.substr(0, folder.size() - kAgain.size()) + ".answers"));
  next.push_back({again ? "import the same key again, on the connected machine"
                        : "import the key, on the connected machine",
                  std::move(parts)});
}

std::string around(const std::string& folder) {
  const auto parent = fs::path(folder).parent_path().native();
  return parent.empty() ? "." : parent;
}

}  // namespace

std::string closing_of(const KeyRun& run, const RotateRequest& request,
                       const act::Context& context) {
  std::vector<act::Noted> noted;
  std::vector<act::NextStep> next;
  for (const auto& folder : run.asked)
    next.push_back({"fetch import parameters, on the connected machine",
                    {"sh", shell_quote(folder + "/fetch.sh")}});
  std::vector<std::string> made;
  for (const auto& folder : *run.made) made.push_back(folder.get<std::string>());
  for (const auto& folder : made) add_bundle(folder, noted, next);
  add_scripts(run.deleting, "delete what is given up", next);
  add_scripts(run.switching, "let the cloud switch", next);
  if (next.empty()) return {};
  std::vector<std::string> parts{"keyrite rotate"};
  if (request.due) parts.emplace_back("--due");
  if (request.tenant) parts.push_back(act::option("tenant", *request.tenant));
  if (request.key) parts.push_back(act::option("key", *request.key));
  if (!run.asked.empty()) parts.push_back(act::option("parameters", around(run.asked.front())));
  if (!made.empty()) parts.push_back(act::option("answers", around(made.front())));
  if (request.output) parts.push_back(act::option("output", *request.output));
  if (!run.asked.empty() || !made.empty())
    next.push_back({"bring back what they saved, and go on",
                    act::as_here(context, act::NextAt::kToken, std::move(parts))});
  return act::closing(context, noted, next);
}

}  // namespace keyrite::rotation
