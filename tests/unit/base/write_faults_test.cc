// Writing on a disk that fills up, breaks, or is shared with another writer.
#include <doctest/doctest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cerrno>
#include <csignal>
#include <utility>

#include "base/file.h"
#include "support/command.h"
#include "unit/base/file_scene.h"
#include "unit/base/refusal.h"
#include "unit/base/system_faults.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

constexpr std::size_t kLarge = 300000;

std::vector<FolderFile> bundle() {
  return {{"small", pattern(10), false}, {"sub/large", pattern(kLarge), true}};
}

Refusal file_refusal(const Workshop& shop) {
  return refusal_of([&] { write_new_file(shop.folder() / "new", pattern(kLarge)); });
}

Refusal folder_refusal(const Workshop& shop) {
  return refusal_of([&] { write_new_folder(shop.folder() / "new", bundle()); });
}

// A fault in the nth fsync, counted from 1.
FaultPlan failing_fsync(int nth, int reason) {
  FaultPlan plan;
  plan.before_fsync = [count = 0, nth, reason](int) mutable { return ++count == nth ? reason : 0; };
  return plan;
}

int count_of_fsyncs(const std::function<void()>& write) {
  int count = 0;
  FaultPlan plan;
  plan.before_fsync = [&](int) {
    ++count;
    return 0;
  };
  const SystemFaults faults(plan);
  write();
  return count;
}

TEST_CASE("Writes in pieces and interrupted writes make the same file") {
  const Workshop shop;
  const SystemFaults faults({.disk_space = kLarge, .interrupted_writes = 3});
  write_new_file(shop.folder() / "new", pattern(kLarge));
  CHECK(shop.get("new") == pattern(kLarge));
}

TEST_CASE("A disk that fills up leaves no half file and no half folder") {
  const Workshop shop;
  for (const std::size_t space : {std::size_t{0}, std::size_t{1}, kLarge - 1}) {
    CAPTURE(space);
    {
      const SystemFaults faults({.disk_space = space});
      const Refusal found = file_refusal(shop);
      CHECK(found == failed("file-unwritable"));
      CHECK(found.message.find("No space left on device") != std::string::npos);
      CHECK(found.hint == "free some space, then run the command again; nothing was left behind");
    }
    const SystemFaults faults({.disk_space = space});
    CHECK(folder_refusal(shop) == failed("file-unwritable"));
    CHECK(names_in(shop.folder()).empty());
  }
}

TEST_CASE("A file system that is really full leaves no half file and no half folder") {
  const Workshop shop;
  if (mount("tmpfs", shop.folder().c_str(), "tmpfs", 0, "size=64k") != 0) {
    // Machines that let nobody mount still limit the size of files.
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{};
    REQUIRE(getrlimit(RLIMIT_FSIZE, &limit) == 0);
    const rlimit small{65536, limit.rlim_max};
    REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
    CHECK(file_refusal(shop) == failed("file-unwritable"));
    CHECK(folder_refusal(shop) == failed("file-unwritable"));
    REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    CHECK(names_in(shop.folder()).empty());
    return;
  }
  const Refusal of_file = file_refusal(shop);
  const Refusal of_folder = folder_refusal(shop);
  const Names left = names_in(shop.folder());
  CHECK(umount2(shop.folder().c_str(), MNT_DETACH) == 0);
  CHECK(of_file == failed("file-unwritable"));
  CHECK(of_file.message.find("No space left on device") != std::string::npos);
  CHECK(of_folder == failed("file-unwritable"));
  CHECK(left.empty());
}

TEST_CASE("A file is on disk before it has its name and the name is on disk at the end") {
  const Workshop shop;
  const fs::path path = shop.folder() / "new";
  Names seen;
  FaultPlan plan;
  plan.before_fsync = [&](int fd) {
    struct stat status {};
    struct stat folder {};
    REQUIRE(fstat(fd, &status) == 0);
    REQUIRE(stat(shop.folder().c_str(), &folder) == 0);
    const std::string what = S_ISREG(status.st_mode) ? "file of " + std::to_string(status.st_size)
                             : status.st_ino == folder.st_ino ? "folder"
                                                              : "inner folder";
    seen.push_back(what + (fs::exists(path) ? " after" : " before"));
    return 0;
  };
  const SystemFaults faults(plan);
  SUBCASE("file") {
    write_new_file(path, pattern(kLarge));
    CHECK(seen == Names{"file of 300000 before", "folder after"});
  }
  SUBCASE("folder") {
    write_new_folder(path, bundle());
    CHECK(seen == Names{"file of 10 before", "file of 300000 before", "inner folder before",
                        "inner folder before", "folder after"});
  }
}

TEST_CASE("A failed fsync is final and nothing is left of the file or folder") {
  const Workshop shop;
  for (const bool folder : {false, true}) {
    const auto refusal = folder ? folder_refusal : file_refusal;
    const int fsyncs = count_of_fsyncs([&] { CHECK(refusal(shop) == Refusal{}); });
    fs::remove_all(shop.folder() / "new");
    CHECK(fsyncs == (folder ? 5 : 2));
    for (int nth = 1; nth <= fsyncs; ++nth) {
      CAPTURE(folder);
      CAPTURE(nth);
      const SystemFaults faults(failing_fsync(nth, EIO));
      const Refusal found = refusal(shop);
      CHECK(found == failed("file-unwritable"));
      CHECK(found.message.find("Input/output error") != std::string::npos);
      CHECK(names_in(shop.folder()).empty());
    }
  }
}

TEST_CASE("What appears under the name meanwhile is never replaced") {
  const Workshop shop;
  const fs::path path = shop.folder() / "new";
  for (const int without : {0, ENOSYS, EINVAL}) {
    for (const bool folder : {false, true}) {
      CAPTURE(without);
      CAPTURE(folder);
      FaultPlan plan;
      plan.no_replace_errno = without;
      plan.before_fsync = [&](int) {
        folder ? static_cast<void>(fs::create_directory(path))
               : static_cast<void>(shop.put("new", as_bytes("theirs")));
        return 0;
      };
      const SystemFaults faults(plan);
      const auto refusal = folder ? folder_refusal : file_refusal;
      CHECK(refusal(shop) == usage("output-exists"));
      CHECK(names_in(shop.folder()) == Names{"new"});
      CHECK((folder ? fs::is_empty(path) : as_text(shop.get("new")) == "theirs"));
      fs::remove_all(path);
    }
  }
}

TEST_CASE("Of two writers of one path in one process one gets an Error and the other its file") {
  const Workshop shop;
  const fs::path path = shop.folder() / "new";
  for (const bool folder : {false, true}) {
    CAPTURE(folder);
    bool second = false;
    FaultPlan plan;
    plan.before_fsync = [&](int) {
      if (!std::exchange(second, true)) {
        folder ? write_new_folder(path, {{"theirs", pattern(10), false}})
               : write_new_file(path, as_bytes("theirs"));
      }
      return 0;
    };
    const SystemFaults faults(plan);
    CHECK((folder ? folder_refusal(shop) : file_refusal(shop)) == usage("output-exists"));
    CHECK(names_in(shop.folder()) == Names{"new"});
    CHECK((folder ? names_in(path) == Names{"theirs"} : as_text(shop.get("new")) == "theirs"));
    fs::remove_all(path);
  }
}

TEST_CASE("File systems that cannot rename without replacing are written to all the same") {
  const Workshop shop;
  for (const int without : {ENOSYS, EINVAL}) {
    const SystemFaults faults({.no_replace_errno = without});
    write_new_file(shop.folder() / "file", pattern(100));
    write_new_folder(shop.folder() / "folder", bundle());
    CHECK(names_in(shop.folder()) == Names{"file", "folder"});
    CHECK(shop.get("file") == pattern(100));
    CHECK(shop.get("folder/sub/large") == pattern(kLarge));
    fs::remove_all(shop.folder() / "file");
    fs::remove_all(shop.folder() / "folder");
  }
}

TEST_CASE("A rename that fails leaves nothing") {
  const Workshop shop;
  const SystemFaults faults({.no_replace_errno = EIO});
  CHECK(file_refusal(shop) == failed("file-unwritable"));
  CHECK(folder_refusal(shop) == failed("file-unwritable"));
  CHECK(names_in(shop.folder()).empty());
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
