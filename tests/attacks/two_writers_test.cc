// While a first act waited for its PIN, the lock's file was removed and a second act ran: the first
// wrote over what the second had signed, and exited with 0.
#include <doctest/doctest.h>

#include "cli/site_room.h"
#include "support/json_file.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// A first act that gets its PIN from a pipe, and what happens before the PIN comes.
struct Waiting {
  SiteRoom scene{};

  [[nodiscard]] bool ready() const { return scene.room().token != nullptr; }
  // Runs `meanwhile` while the first act waits; its exit code.
  [[nodiscard]] int first_act(const std::string& meanwhile) const {
    const std::string site = "--site '" + scene.site() + "' ";
    const auto done = scene.room().shop.run(
        "mkfifo pipe; '" + tool_path("generate-kek") + "' " + site +
        "--type aes-256 --label first --pin-fd 3 --json 3< pipe > first.json 2> first.err & "
        "first=$!; exec 4> pipe; "
        // Once its gate is passed it has opened the log, let it go, and sleeps at the pipe: seen
        // asleep for a second, however slow the machine.
        "asleep=0; for i in $(seq 300); do "
        "case $(cut -d' ' -f3 /proc/$first/stat) in S) asleep=$((asleep+1));; *) asleep=0;; esac; "
        "[ $asleep -ge 10 ] && break; sleep 0.1; done; "
        "(" +
        meanwhile + ") > second.out 2>&1 || exit 99; cat pin >&4; exec 4>&-; wait $first");
    return done.exit_code;
  }
  [[nodiscard]] std::string act(const std::string& label) const {
    return "'" + tool_path("generate-kek") + "' --site '" + scene.site() +
           "' --type aes-256 --label " + label;
  }
};

TEST_CASE("With the lock's file removed at a prompt, nothing that was signed is written over") {
  const Waiting waiting;
  if (!waiting.ready()) return;
  const auto& shop = waiting.scene.room().shop;
  CHECK(waiting.first_act("rm site/transcript/lock; " + waiting.act("second") +
                          " && cp site/transcript/checkpoint kept && "
                          "cp site/transcript/log.jsonl kept.jsonl") == 0);
  shop.must("head -c \"$(stat -c %s kept.jsonl)\" site/transcript/log.jsonl | cmp - kept.jsonl");
  const auto verified =
      run_program({tool_path("transcript"), "verify", waiting.scene.site(), "--vkey",
                   waiting.scene.vkey(), "--from", waiting.scene.room().path("kept")});
  CAPTURE(verified.err);
  CHECK(verified.exit_code == 0);
  waiting.scene.check_with_other_programs();
}

TEST_CASE("An act at a prompt holds nobody up") {
  const Waiting waiting;
  if (!waiting.ready()) return;
  CHECK(waiting.first_act(waiting.act("second")) == 0);
  CHECK(waiting.scene.verify()["unsigned_entries"] == 0);
}

TEST_CASE("A site that was changed at a prompt is not the one that was begun with") {
  const Waiting waiting;
  if (!waiting.ready()) return;
  CHECK(waiting.first_act("sed -i 's/^hours = 72/hours = 73/' site/site.toml") == 6);
  const Json error = read_json_file(waiting.scene.room().path("first.json"))["error"];
  CHECK(error["code"] == "site-changed");
  const Json last = waiting.scene.entries().back();
  CHECK(last["event"] == "refused");
  CHECK(last["error"]["code"] == "site-changed");
  const auto& shop = waiting.scene.room().shop;
  CHECK(last["error"]["found"] ==
        as_text(shop.must("sha256sum < site/site.toml | cut -c1-64 | tr -d '\\n'")));
  CHECK(last["error"]["expected"] == waiting.scene.entries().front()["site_sha256"]);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
