#include "act/typed_text.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "support/command.h"
#include "support/failure.h"
#include "unit/base/system_calls_seen.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

struct Texts {
  Workshop shop{};
  std::string folder{shop.folder() / "texts"};
};

constexpr const char* kReason = "Acme Payments has left; their officer Ms. Jones asked for it";

TEST_CASE("A text stands in a file of its own, and the log has nothing of it but the SHA-256") {
  const Texts texts;
  const auto kept = act::keep_text(texts.folder, kReason);
  CHECK(kept.log_facts().json() == Json{{"text_sha256", kept.sha256()}});
  texts.shop.must("cd texts && echo '" + kept.sha256() + "  " + kept.sha256() +
                  "' | sha256sum --check --strict --quiet");
  CHECK(as_text(texts.shop.must("jq -j .text texts/" + kept.sha256())) == kReason);
  CHECK(as_text(texts.shop.must("jq -r .salt texts/" + kept.sha256() + " | tr -d '\\n' | wc -c")) ==
        "64\n");
  CHECK(act::kept_text(texts.folder, kept.sha256()) == kReason);
}

TEST_CASE("The same text twice has two hashes, so a guess of it proves nothing") {
  const Texts texts;
  CHECK(act::keep_text(texts.folder, kReason).sha256() !=
        act::keep_text(texts.folder, kReason).sha256());
}

TEST_CASE("A text that was erased is gone from the disk, its name too") {
  const Texts texts;
  const auto kept = act::keep_text(texts.folder, kReason);
  {
    const SystemCallsSeen seen;
    CHECK(act::erase_text(texts.folder, kept.sha256()));
    CHECK(seen.calls() == std::vector<std::string>{"fsync " + texts.folder});
  }
  CHECK_FALSE(act::kept_text(texts.folder, kept.sha256()));
  CHECK_FALSE(act::erase_text(texts.folder, kept.sha256()));
  CHECK(std::filesystem::is_empty(texts.folder));
}

TEST_CASE("A text that was changed is no text of the log") {
  const Texts texts;
  const auto kept = act::keep_text(texts.folder, kReason);
  texts.shop.must("sed -i s/Acme/Emca/ texts/" + kept.sha256());
  const auto failure = failure_of([&] { (void)act::kept_text(texts.folder, kept.sha256()); });
  CHECK(failure.code == "text-changed");
  CHECK(failure.kind == Kind::kVerification);
}

TEST_CASE("A file under its own SHA-256 that is not a text is an error of that file") {
  const Texts texts;
  const auto refused = [&](const std::string& content) {
    texts.shop.put("content", as_bytes(content));
    const std::string sha256 =
        as_text(texts.shop.must("sha256sum content | cut -c1-64")).substr(0, 64);
    texts.shop.must("mkdir -p texts && mv content texts/" + sha256);
    const auto failure = failure_of([&] { (void)act::kept_text(texts.folder, sha256); });
    CHECK(failure.kind == Kind::kConfig);
    CHECK(failure.message.find(sha256) != std::string::npos);
    return failure.code;
  };
  CHECK(refused("{}") == "json-missing-field");
  CHECK(refused("[]") == "json-wrong-type");
  CHECK(refused("7") == "json-wrong-type");
  CHECK(refused(R"({"salt":"","text":7})") == "json-wrong-type");
  CHECK(refused("no JSON") == "json-invalid");
}

TEST_CASE("What is no text is refused before anything is written") {
  const Texts texts;
  for (const std::string& text : {std::string(), std::string(4097, 'x'), std::string("\xff\xfe")}) {
    const auto failure = failure_of([&] { (void)act::keep_text(texts.folder, text); });
    CHECK(failure.code == "text-invalid");
    CHECK(failure.kind == Kind::kUsage);
  }
  CHECK_FALSE(std::filesystem::exists(texts.folder));
  const auto outside = failure_of([&] { (void)act::erase_text(texts.folder, "../kept"); });
  CHECK(outside.code == "log-fact-form");
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
