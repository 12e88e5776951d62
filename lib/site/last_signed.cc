#include "site/last_signed.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/ownership.h"
#include "base/presence.h"
#include "base/text.h"
#include "site/layout.h"
#include "transcript/vkey_file.h"

namespace keyrite::site {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestOriginInName = 100;

// As a part of a file's name; the key's id beside it tells logs apart.
std::string name_of(const std::string& origin) {
  std::string name = origin.substr(0, kLongestOriginInName);
  for (char& c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!plain && c != '-' && c != '.') c = '_';
  }
  return name.starts_with('.') ? "_" + name.substr(1) : name;
}

// Why the folder cannot be used; empty when it can.
std::string why_not(const StateFolder& folder) {
  if (!fs::path(folder.path).is_absolute()) return "is not an absolute path";
  fs::path there(folder.path);
  while (folder.make && look_at(there).presence == Presence::kAbsent &&
         there != there.parent_path())
    there = there.parent_path();
  std::error_code failed;
  if (!fs::is_directory(there, failed)) return "does not exist";
  if (::access(there.c_str(), W_OK | X_OK) != 0) return "cannot be written";
  if (const auto others = changeable_by_others(there))
    return fmt::format("can be changed by others: {}", printable(others->native()));
  return {};
}

// The folder as the file system names it; as given where it cannot say.
std::string resolved_folder(const std::string& folder) {
  std::error_code failed;
  const fs::path real = fs::canonical(folder, failed);
  return failed ? absolute_path(folder).lexically_normal().native() : real.native();
}

bool has_key(const std::string& folder, const transcript::NoteKey& key) {
  try {
    const auto keys = transcript::read_vkeys(in_site(folder, kVkeysName));
    return std::ranges::any_of(keys, [&](const auto& one) { return one.text() == key.text(); });
  } catch (const Error&) {
    return false;
  }
}

std::string site_in_marker(const std::string& path) {
  const std::string text = as_text(read_file(path));
  if (text.starts_with('/') && text.ends_with('\n') && text.find('\0') == std::string::npos)
    return text.substr(0, text.size() - 1);
  throw Error(
      Kind::kConfig, "last-signed-site-invalid",
      fmt::format("{} does not say where a site is", printable(path)),
      "write into it the absolute path of the site's folder and a line end; where no copy of "
      "the site can exist, remove the file");
}

[[noreturn]] void refuse_copy(const std::string& here, const std::string& there, const Site& site) {
  throw Error(
      Kind::kVerification, "site-copied",
      fmt::format("{} and {} are the same site: one of them is a copy, and an approval used in one "
                  "could be used again in the other",
                  printable(here), printable(there)),
      fmt::format("find out which of them has the whole log (keyrite transcript verify), and take "
                  "the other one's folder away; {} says where the site is",
                  printable(marker_of(site.last_signed()))));
}

}  // namespace

std::string choose_last_signed(const std::vector<StateFolder>& folders, const std::string& origin,
                               ByteView key_id) {
  std::string reasons;
  for (const auto& folder : folders) {
    const std::string reason = why_not(folder);
    if (reason.empty()) {
      return fs::path(folder.path) /
             fmt::format("{}-{}.last-signed", name_of(origin), to_hex(key_id));
    }
    reasons += fmt::format("\n{}: {}", printable(folder.path), reason);
  }
  throw Error(Kind::kConfig, "state-folder-missing",
              "no place outside the site can keep its last signed checkpoint:" + reasons,
              fmt::format("give --last-signed FILE, best on another disk; --last-signed {} keeps "
                          "it in the site, where a copy or a backup of the folder has it too",
                          kInSite));
}

void make_folder_of(const std::string& last_signed) {
  std::vector<fs::path> missing;
  for (fs::path folder = fs::path(last_signed).parent_path(); !folder.empty() && !is_there(folder);
       folder = folder.parent_path())
    missing.push_back(folder);
  std::for_each(missing.rbegin(), missing.rend(), [](const fs::path& one) { require_folder(one); });
}

std::string marker_of(const std::string& last_signed) { return last_signed + ".site"; }

std::string marker_text(const std::string& folder) { return resolved_folder(folder) + "\n"; }

void require_sole_folder(const Site& site, const std::function<void(std::string_view)>& note) {
  if (site.keeps_last_signed()) return;
  const std::string marker = marker_of(site.last_signed());
  // Whoever may put an older one there can set the log back.
  for (const auto& one : {site.last_signed(), marker})
    if (is_there(one)) require_ours_alone(one);
  if (!is_there(marker)) {
    // Where last-signed itself is missing, an act ends for that.
    if (is_there(site.last_signed())) replace_file(marker, as_bytes(marker_text(site.folder)));
    return;
  }
  const std::string here = resolved_folder(site.folder);
  const std::string there = site_in_marker(marker);
  if (there == here) return;
  const Presence presence = look_at(there).presence;
  if (presence == Presence::kThere) {
    std::error_code failed;
    if (fs::equivalent(there, here, failed)) return;
    if (has_key(there, site.log_key)) refuse_copy(here, there, site);
  } else if (presence == Presence::kUnknown) {
    note(
        fmt::format("keyrite cannot look at {}, where this site was before, so a copy of the site "
                    "may still be there",
                    printable(there)));
  }
  note(fmt::format("this site moved from {} to {}; keyrite noted the new place", printable(there),
                   printable(here)));
  replace_file(marker, as_bytes(marker_text(site.folder)));
}

}  // namespace keyrite::site
