#include <doctest/doctest.h>

#include "base/json.h"
#include "cli/room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// A MAC key wrapped for AWS; the carrier has the folder.
struct Carried {
  Room room{Inputs::kGood};

  Carried() {
    if (!room.token) return;
    room.make_key("generic-secret-32-bytes", "mac", {"--for", "aws"});
    const auto run = run_program(room.wrap_for_aws("good.json", "mac", "mac.aws") +
                                 Words{"--key-spec", "HMAC_256"} + room.at_token());
    CAPTURE(run.err);
    REQUIRE(run.exit_code == 0);
    room.shop.must("cp -r mac.aws good.aws");
  }
  // python3 in the folder of bundles, with the manifest as `d` and a way to write it back.
  void edit(const std::string& lines) const {
    room.shop.put("edit.py", as_bytes(R"py(
import hashlib, json, pathlib
folder = pathlib.Path('mac.aws')
def read():
    return json.loads((folder / 'manifest.json').read_text())
def write(d):
    (folder / 'manifest.json').write_text(json.dumps(d, indent=2) + '\n')
def core_of(d):
    rest = {k: v for k, v in d.items() if k not in ('core_sha256', 'files')}
    text = json.dumps(rest, sort_keys=True, separators=(',', ':'), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
def groups(core):
    return ' '.join(core[i:i + 8] for i in range(0, 64, 8)).upper()
d = read()
old = d['core_sha256']
)py" + lines));
    room.shop.must("rm -rf mac.aws && cp -r good.aws mac.aws && /usr/bin/python3 -I edit.py");
  }
  // "EXIT CODE" of verify-import bundle: the first check that failed.
  [[nodiscard]] std::string checked(const Words& more = {}) const {
    const auto run = run_program(
        Words{tool_path("verify-import"), "bundle", room.path("mac.aws"), "--json"} + more);
    CAPTURE(run.err);
    const Json document = parse_json(as_bytes(run.out), "output");
    if (!document.contains("error")) return std::to_string(run.exit_code);
    return std::to_string(run.exit_code) + " " + document["error"]["code"].get<std::string>();
  }
  [[nodiscard]] std::string noted() const {
    return as_text(
        room.shop.must("sha256sum < good.aws/manifest.json | cut -c 1-64 | tr -d '\\n'"));
  }
};

constexpr const char* kOtherId = "d['key']['id'] = '00' + d['key']['id'][2:]\n";

TEST_CASE("Another key id, written into a manifest by hand, is no good bundle") {
  const Carried carried;
  if (!carried.room.token) return;
  CHECK(carried.checked() == "0");
  carried.edit(std::string(kOtherId) + "write(d)\n");
  CHECK(carried.checked() == "6 bundle-core");
  // With its core made anew, import.sh still has the one of before.
  carried.edit(std::string(kOtherId) + "d['core_sha256'] = core_of(d)\nwrite(d)\n");
  CHECK(carried.checked() == "6 bundle-script");
  // The script is what goes to the connected machine, and refuses that manifest too.
  const auto run = carried.room.shop.run("sh mac.aws/import.sh import 2>&1");
  CHECK(run.exit_code != 0);
  CHECK(as_text(run.out) ==
        "import.sh: manifest.json belongs to a different bundle than this script: do not import "
        "it\n");
}

TEST_CASE(
    "Who writes every file anew is found by the manifest's SHA-256 alone, and the report says so") {
  const Carried carried;
  if (!carried.room.token) return;
  carried.edit(std::string(kOtherId) + R"py(
d['core_sha256'] = core_of(d)
new = d['core_sha256']
for name in ('import.sh', 'README.txt'):
    text = (folder / name).read_text()
    if name == 'import.sh':
        text = text.replace(groups(old), groups(new))
    else:
        for part in (0, 36):
            text = text.replace(groups(old)[part:part + 35], groups(new)[part:part + 35])
    (folder / name).write_text(text)
for row in d['files']:
    content = (folder / row['name']).read_bytes()
    row['size'] = len(content)
    row['sha256'] = hashlib.sha256(content).hexdigest()
write(d)
)py");
  CHECK(carried.checked() == "0");
  CHECK(carried.checked({"--expect-manifest", carried.noted()}) == "6 bundle-manifest-unexpected");
  const auto run =
      run_program({tool_path("verify-import"), "bundle", carried.room.path("mac.aws")});
  CHECK((run.out + run.err).find("Nothing outside the bundle vouches for it") != std::string::npos);
}

TEST_CASE("A version that is taken back does not take the core away") {
  const Carried carried;
  if (!carried.room.token) return;
  carried.edit("d['version'] = 1\nwrite(d)\n");
  CHECK(carried.checked() == "3 manifest-unknown-field");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
