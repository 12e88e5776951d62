// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Somebody who can write the site's folder edits what the last writer left for the next one, or a
// holder of the log's key writes an entry that tells another history.
#include <doctest/doctest.h>

#include "cli/site_room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

Words key_named(const std::string& label) {
  return {"--type", "aes-256", "--label", label, "--for", "aws"};
}

// A time to come, by which every approval statement would be over and each act refused; with the
// stamp of the log as it is.
constexpr const char* kEditFrontier = R"py(
import json, re
path = "site/transcript/frontier"
frontier = json.load(open(path))
frontier["history"] = re.sub("latest [^\n]*", "latest 2038-01-01T00:00:00Z", frontier["history"])
open(path, "w").write(json.dumps(frontier, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
)py";

// The last entry that is vouched for, with another history, in a tree that is right: who signs it
// is not verify-root.py's question.
constexpr const char* kOtherHistory = R"py(
import base64, hashlib, json
H = lambda b: hashlib.sha256(b).digest()
lines = open("out/log.jsonl", "rb").read().split(b"\n")[:-1]
entry = json.loads(lines[-1])
entry["history_sha256"] = "e" * 64
lines[-1] = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
level = [H(b"\0" + line) for line in lines]
while len(level) > 1:
    level = [H(b"\1" + a + b) for a, b in zip(level[::2], level[1::2])] + level[len(level) // 2 * 2:]
text = open("out/checkpoint").read().split("\n")
text[2] = base64.b64encode(level[0]).decode()
open("out/log.jsonl", "wb").write(b"\n".join(lines) + b"\n")
open("out/checkpoint", "w").write("\n".join(text))
)py";

TEST_CASE("What somebody writes into the frontier changes no act, and the log goes on") {
  const SiteRoom scene;
  if (scene.room().token == nullptr) return;
  const auto& shop = scene.room().shop;
  (void)scene.must("generate-kek", key_named("one"));
  shop.put("edit.py", as_bytes(std::string_view(kEditFrontier)));
  shop.must("python3 edit.py && cp site/transcript/frontier edited");
  (void)scene.must("generate-kek", key_named("two"));
  CHECK(scene.verify()["size"] == 5);
  shop.must("! cmp -s edited site/transcript/frontier");
  shop.must("cp edited site/transcript/frontier && python3 edit.py");
  (void)scene.must("generate-kek", key_named("three"));
  CHECK(scene.verify()["size"] == 7);
}

TEST_CASE("An auditor's program finds an entry that tells another history than the log has") {
  const SiteRoom scene;
  if (scene.room().token == nullptr) return;
  const auto& shop = scene.room().shop;
  (void)scene.must("generate-kek", key_named("one"));
  const auto exported = run_program(
      {tool_path("transcript"), "export", scene.site(), "--out", (shop.folder() / "out").native()});
  CAPTURE(exported.err);
  REQUIRE(exported.exit_code == 0);
  shop.must("cd out && python3 -I verify-root.py log.jsonl checkpoint");
  shop.put("other.py", as_bytes(std::string_view(kOtherHistory)));
  shop.must("python3 other.py");
  const auto said = shop.run("cd out && python3 -I verify-root.py log.jsonl checkpoint 2>&1");
  CHECK(said.exit_code == 1);
  CHECK(as_text(said.out) == "WRONG: entry 2 says that the log said something else before it\n");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
