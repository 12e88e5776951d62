// Where a site's last signed checkpoint is kept apart, and the folder of the site that it belongs
// to. A copy of a site's folder names the same file, so keyrite detects the copy. Reads and writes
// files; one thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "site/site.h"

namespace keyrite::site {

// A folder in which last-signed files may be kept, and whether it is made when it is not there.
struct StateFolder {
  std::string path{};  // absolute
  bool make{false};
};

// Of the first folder that can be used: it, or the nearest folder above one that may be made, is
// there and writable, and nobody but root and the user may change it. The file's name is of the
// log's: its origin and key. Error kConfig "state-folder-missing", which says why none was taken.
[[nodiscard]] std::string choose_last_signed(const std::vector<StateFolder>& folders,
                                             const std::string& origin, ByteView key_id);

// Makes the folders around it that are not there (mode 0700). Error kFailed "file-unwritable".
void make_folder_of(const std::string& last_signed);

// The file beside it, which says where its site is.
[[nodiscard]] std::string marker_of(const std::string& last_signed);
// Its content: the folder's absolute path, and LF.
[[nodiscard]] std::string marker_text(const std::string& folder);

// The log of a site is written in one folder alone. Where the marker names another folder that is
// still there and has the log's key: Error kVerification "site-copied", with both paths. If a site
// was moved, `note` reports it and the marker is written anew. A site that keeps its last-signed
// in itself has no marker. Other errors: kConfig "last-signed-site-invalid" (the marker is not a
// marker), "config-writable-by-others" (others can change one of the two files); those of
// replace_file.
void require_sole_folder(const Site& site, const std::function<void(std::string_view)>& note);

}  // namespace keyrite::site
