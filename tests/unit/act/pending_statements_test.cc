// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/internal/pending_statements.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <string>

#include "crypto/digest.h"
#include "site/layout.h"
#include "support/command.h"
#include "support/failure.h"
#include "transcript/entry.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

namespace fs = std::filesystem;

TimePoint at(const char* time) { return parse_rfc3339(time, "test"); }

std::string sha256(const std::string& text) { return crypto::sha256_hex(as_bytes(text)); }

// An approvals folder, a request, and the statement that is due for it.
class Waiting {
 public:
  Waiting() {
    request_.json = {{"act", "generate-kek"}};
    request_.names = {{std::string(32, '5'), "acme"}};
    due_.statement = {.ceremony_id = std::string(32, '0'),
                      .request_sha256 = request_.sha256(),
                      .tool_version = "0.1.0",
                      .operation = "generate-kek",
                      .operator_name = "olga",
                      .kek_ref = std::string(32, '5'),
                      .module_sha256 = std::string(64, 'b'),
                      .token_serial = "0123",
                      .token_model = "SoftHSM v2",
                      .log_origin = "example.org/site",
                      .log_size = 7,
                      .log_root = std::string(64, 'c'),
                      .roster_sha256 = std::string(64, 'd'),
                      .threshold = {{"security-officer", 2}},
                      .not_before = at("2026-03-01T10:00:00Z"),
                      .not_after = at("2026-03-01T18:00:00Z")};
  }

  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] act::AskedRequest& request() { return request_; }
  [[nodiscard]] approval::Due& due() { return due_; }
  [[nodiscard]] transcript::History& history() { return history_; }

  // What is due, changed; its names are those of the request.
  act::PendingStatement put(const std::function<void(approval::Statement&)>& change = {},
                            const std::string& salt = std::string(32, '1')) const {
    approval::Statement statement = due_.statement;
    statement.ceremony_id = salt;
    const std::string names = approval::names_text(request_.names, salt);
    statement.names_sha256 = sha256(names);
    if (change) change(statement);
    return act::write_statement(folder_, statement, request_.text(), names);
  }
  // SHA-256 of the one that is found; empty: none.
  [[nodiscard]] std::string found() const {
    const auto pending = act::find_waiting(folder_, due_, scene());
    return pending ? pending->sha256 : std::string();
  }
  [[nodiscard]] std::string refusal(const act::PendingStatement& pending) const {
    return failure_of([&] { act::require_for_this(pending, scene(), due_); }).code;
  }
  // SHA-256 of those that are alive at this time.
  [[nodiscard]] std::vector<std::string> alive(const char* now) {
    now_ = at(now);
    std::vector<std::string> all;
    for (const auto& one : act::live_statements(folder_, scene())) all.push_back(one.sha256);
    return all;
  }
  void take(const Json& entry) {
    const auto vouch = [](const auto&) { return std::string("AAAA"); };
    history_.take(taken_, transcript::entry_bytes(entry, {.seq = taken_}, vouch));
    ++taken_;
  }

 private:
  [[nodiscard]] act::ApprovalContext scene() const {
    return {.context = context_, .history = history_, .now = now_, .request = request_};
  }

  Workshop shop_{};
  std::string folder_ = shop_.folder().native();
  act::Context context_{};
  transcript::History history_{};
  std::uint64_t taken_{0};
  TimePoint now_{};
  act::AskedRequest request_{};
  approval::Due due_{};
};

TEST_CASE(
    "A statement that waits for the very same is found, so that officers sign one and not two") {
  Waiting waiting;
  CHECK(waiting.found().empty());
  const auto pending = waiting.put();
  CHECK(waiting.found() == pending.sha256);
  CHECK(waiting.refusal(pending) == "no error");
  // Its folder has its name, by a program that is not ours.
  const Workshop shop;
  const auto digest = shop.must("sha256sum '" + pending.path + "' | cut -c1-64 | tr -d '\\n'");
  CHECK(as_text(digest) == pending.sha256);
  CHECK(fs::path(pending.path).parent_path().filename() == pending.sha256);
}

TEST_CASE("A statement that binds anything else is passed over") {
  Waiting waiting;
  (void)waiting.put([](auto& s) { s.request_sha256 = std::string(64, 'f'); });
  (void)waiting.put([](auto& s) { s.operation = "token-check"; });
  (void)waiting.put([](auto& s) { s.kek_ref = std::string(32, '6'); });
  (void)waiting.put([](auto& s) { s.operator_name = "otto"; });
  (void)waiting.put([](auto& s) { s.token_serial = "0124"; });
  (void)waiting.put([](auto& s) { s.roster_sha256 = std::string(64, 'e'); });
  (void)waiting.put([](auto& s) { s.names_sha256 = std::string(64, 'e'); });
  (void)waiting.put([](auto& s) { s.threshold = {{"security-officer", 1}}; });
  CHECK(act::pending_statements(waiting.folder()).size() == 8);
  CHECK(waiting.found().empty());
  const auto right = waiting.put();
  CHECK(waiting.found() == right.sha256);
}

TEST_CASE("A statement with less than half of its time left is not given to officers again") {
  Waiting waiting;
  const auto pending = waiting.put();
  const auto later = [&](const char* now, const char* end) {
    waiting.due().statement.not_before = at(now);
    waiting.due().statement.not_after = at(end);
    return waiting.found();
  };
  CHECK(later("2026-03-01T14:00:00Z", "2026-03-01T22:00:00Z") == pending.sha256);
  CHECK(later("2026-03-01T14:00:01Z", "2026-03-01T22:00:01Z").empty());
}

TEST_CASE("A statement that an entry of the log has used is never found again") {
  Waiting waiting;
  const auto pending = waiting.put();
  waiting.take({{"event", "intent"},
                {"run", "01"},
                {"act", "generate-kek"},
                {"approval", {{"statement_sha256", pending.sha256}}}});
  CHECK(waiting.found().empty());
  CHECK(waiting.refusal(pending) == "statement-used");
}

TEST_CASE("What is used or expired is not among those that are alive, to the second") {
  Waiting waiting;
  const auto used = waiting.put({}, std::string(32, '2'));
  const auto pending = waiting.put();
  waiting.take({{"event", "intent"},
                {"run", "01"},
                {"act", "generate-kek"},
                {"approval", {{"statement_sha256", used.sha256}}}});
  const std::vector<std::string> one{pending.sha256};
  CHECK(waiting.alive("2026-03-01T10:00:00Z") == one);
  CHECK(waiting.alive("2026-03-01T18:00:00Z") == one);  // the last moment
  CHECK(waiting.alive("2026-03-01T18:00:01Z").empty());
  // Whoever asks for all of them gets them: to say why an approval does not count.
  CHECK(act::pending_statements(waiting.folder()).size() == 2);
}

TEST_CASE("A text that only looks like an end of time takes no statement away") {
  Waiting waiting;
  const auto pending =
      waiting.put([](auto& s) { s.operator_name = R"(","not_after":"2020-01-01T00:00:00Z)"; });
  CHECK(waiting.alive("2026-03-01T10:00:00Z") == std::vector<std::string>{pending.sha256});
}

TEST_CASE("A statement from before the clock was confirmed is never found again") {
  Waiting waiting;
  waiting.due().statement.log_size = 0;
  const auto pending = waiting.put();
  waiting.take({{"event", "clock-confirmed"},
                {"run", "01"},
                {"time", "2026-03-01T10:00:00Z"},
                {"latest", "2026-03-01T10:00:00Z"}});
  CHECK(waiting.found().empty());
  CHECK(waiting.refusal(pending) == "statement-before-clock");
}

TEST_CASE("Names beside a statement that are not those of the request are not approved") {
  Waiting waiting;
  const auto pending = waiting.put();
  const fs::path names = fs::path(pending.path).parent_path() / site::kNamesName;
  const Workshop shop;
  shop.must("printf '{\"salt\":\"%s\",\"%s\":\"other\"}' " + std::string(32, '1') + " " +
            std::string(32, '5') + " > '" + names.native() + "'");
  CHECK(waiting.found().empty());
  CHECK(waiting.refusal(pending) == "statement-other-names");
  fs::remove(names);
  CHECK(waiting.found().empty());
}

TEST_CASE("A statement in the folder of another, and what is no statement, are passed over") {
  Waiting waiting;
  const auto pending = waiting.put();
  const fs::path own = fs::path(pending.path).parent_path();
  fs::rename(own, fs::path(waiting.folder()) / std::string(64, 'a'));
  fs::create_directory(fs::path(waiting.folder()) / std::string(64, 'b'));
  CHECK(act::pending_statements(waiting.folder()).empty());
  CHECK(act::pending_statements(waiting.folder() + "/absent").empty());
  CHECK(waiting.found().empty());
}

TEST_CASE("Where another request was approved, the refusal names the member that differs") {
  Waiting waiting;
  const auto pending = waiting.put();
  waiting.request().json["request"] = {{"label", "p9"}};
  waiting.due().statement.request_sha256 = waiting.request().sha256();
  const act::Context context;
  const auto failure = failure_of([&] {
    act::require_for_this(
        pending, {.context = context, .history = waiting.history(), .request = waiting.request()},
        waiting.due());
  });
  CHECK(failure.code == "statement-other-request");
  CHECK(failure.kind == Kind::kVerification);
  CHECK(failure.message.find("was made for another command: what differs is ") !=
        std::string::npos);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
