#include "cli/explain.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <string>

#include "pkcs11/ckr.h"
#include "support/failure.h"

namespace keyrite::cli {
namespace KEYRITE_TEST_FILE {

using test::failure_of;

bool fits_80_columns(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.size() > 80) return false;
  }
  return !text.empty();
}

TEST_CASE("A code is found with the kind that it is thrown with") {
  CHECK(find_error("parameters-expired").kind == Kind::kConfig);
  CHECK(find_error("key-remains").kind == Kind::kUnknownOutcome);
  CHECK(find_error("value-outside-table").remedy.starts_with("This is a defect of keyrite."));
}

TEST_CASE("A code is found whatever the case of its letters") {
  CHECK(&find_error("PIN-WRONG") == &find_error("pin-wrong"));
  CHECK(&find_error("Parameters-Expired") == &find_error("parameters-expired"));
  CHECK(&find_error("CKR-PIN-LOCKED") == &find_error("ckr-pin-locked"));
  CHECK(&find_error("ckr_pin_locked") == &find_error("CKR_PIN_LOCKED"));
  CHECK(failure_of([] {
          (void)find_error("PARAMETER-EXPIRED");
        }).hint.starts_with("did you mean parameters-expired?"));
}

TEST_CASE("Every answer of a token is explained by code and by name, with the kind of its Error") {
  for (const auto& row : pkcs11::ckr_table()) {
    if (row.value == 0) continue;
    CAPTURE(row.name);
    const Error thrown = pkcs11::ckr_error("C_Sign", row.value, "trying");
    const ErrorInfo& info = find_error(row.name);
    CHECK(&info == &find_error(thrown.code()));
    CHECK(info.kind == thrown.kind());
    CHECK(info.meaning.find(std::string(row.name)) != std::string::npos);
  }
  CHECK(failure_of([] { (void)find_error("CKR_OK"); }).code == "error-unknown");
}

TEST_CASE("What no table has of a token's answers is explained too") {
  for (const unsigned long value : {0x80000012UL, 0x7ffffff0UL}) {
    const Error thrown = pkcs11::ckr_error("C_Sign", value, "trying");
    CHECK(find_error(thrown.code()).kind == thrown.kind());
  }
  CHECK(find_error("CKR_VENDOR_DEFINED+0x12").code == "ckr-vendor-defined");
}

TEST_CASE("An unknown code is refused, and the nearest one is named") {
  const auto failure = failure_of([] { (void)find_error("parameter-expired"); });
  CHECK(failure.code == "error-unknown");
  CHECK(failure.kind == Kind::kUsage);
  CHECK(failure.hint.starts_with("did you mean parameters-expired?"));
  CHECK(failure_of([] { (void)find_error("xyzzy-plugh-\x1b[2J"); }).hint ==
        "keyrite explain lists the codes");
  CHECK(failure_of([] { (void)find_error(""); }).code == "error-unknown");
}

TEST_CASE("No code stands twice, in whichever table") {
  std::set<std::string> codes;
  for (const auto* table : {&error_table(), &ckr_error_table()}) {
    CHECK(std::ranges::is_sorted(*table, {}, &ErrorInfo::code));
    for (const auto& error : *table) {
      CAPTURE(error.code);
      CHECK(codes.insert(error.code).second);
      CHECK(error.meaning.ends_with('.'));
      CHECK(error.remedy.ends_with('.'));
      CHECK(error.remedy.find("..") == std::string::npos);
    }
  }
}

TEST_CASE("What people read fits 80 columns and has every code") {
  const std::string list = list_of_errors();
  const std::string markdown = errors_as_markdown();
  CHECK(fits_80_columns(list));
  for (const auto* table : {&error_table(), &ckr_error_table()}) {
    for (const auto& error : *table) {
      CAPTURE(error.code);
      CHECK(fits_80_columns(explanation(error)));
      CHECK(("\n" + list).find("\n" + error.code + " ") != std::string::npos);
      CHECK(markdown.find("\n| `" + error.code + "` | ") != std::string::npos);
    }
  }
}

TEST_CASE("No cell of the Markdown ends early, and none is taken for markup") {
  std::istringstream lines(errors_as_markdown());
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| `")) continue;
    CAPTURE(line);
    std::size_t bars = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == '|' && (i == 0 || line[i - 1] != '\\')) ++bars;
    }
    CHECK(bars == 5);
  }
}

TEST_CASE("JSON has the exit code beside the kind") {
  CHECK(to_json(find_error("no-log-key"))["exit_code"] == 4);
  CHECK(to_json(find_error("no-log-key"))["kind"] == "token");
  CHECK(json_of_errors()["errors"].size() == error_table().size() + ckr_error_table().size());
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::cli
