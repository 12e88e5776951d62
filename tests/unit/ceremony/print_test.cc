// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The scripts as a browser prints them: how many pages on A4 and on Letter, the head of each page,
// and that no word of the page is lost. Golden page counts: tests/golden/ceremonies/pages.txt.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include "ceremony/file.h"
#include "ceremony/minutes_page.h"
#include "support/skip.h"
#include "unit/ceremony/pages.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace ceremony;

bool has_browser(const Workshop& shop) {
  if (shop.run("command -v chromium pdftotext pdfinfo").exit_code == 0) return true;
  skip("chromium, pdftotext or pdfinfo is missing: scripts/install-packages --ci");
  return false;
}

// Prints NAME.html as NAME.pdf and takes it apart: "pages WIDTHxHEIGHT".
constexpr const char* kPrint = R"py(
import re, subprocess, sys
name, mode, title = sys.argv[1:4]
subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
                "--user-data-dir=browser", f"--print-to-pdf={name}.pdf", f"{name}.html"],
               check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)
info = subprocess.run(["pdfinfo", f"{name}.pdf"], check=True, capture_output=True, text=True).stdout
pages = int(re.search(r"Pages:\s+(\d+)", info)[1])
size = re.search(r"Page size:\s+(\S+) x (\S+)", info)
text = subprocess.run(["pdftotext", "-layout", f"{name}.pdf", "-"], check=True, capture_output=True, text=True).stdout
sheets = text.split("\f")[:pages]
for number, sheet in enumerate(sheets, 1):
    for words in (mode, f"Page {number} of {pages}", title, "File SHA-256"):
        assert words in " ".join(sheet.split()), f"{name}, page {number}: {words}"
read = subprocess.run([sys.executable, "-B", sys.argv[4], f"{name}.html"], check=True, capture_output=True, text=True)
printed = "".join(text.split())
for word in re.findall(r"\w+", read.stdout):  # a line may end at a hyphen
    assert word in printed, f"{name}: {word} is not printed"
print(pages, f"{round(float(size[1]))}x{round(float(size[2]))}")
)py";

std::string printed(const Workshop& shop, const std::string& name, const std::string& page,
                    const std::string& title) {
  (void)shop.put(name + ".html", as_bytes(page));
  (void)shop.put("print.py", as_bytes(kPrint));
  (void)shop.put("title", as_bytes(title));
  const auto line =
      as_text(shop.must(fmt::format("python3 -B print.py {} LIVE \"$(cat title)\" {}", name,
                                    KEYRITE_SOURCE_DIR "/tests/unit/ceremony/page_text.py")));
  return line.substr(0, line.find('\n'));
}

TEST_CASE("Each shipped script prints on as many pages of A4 and Letter as it did") {
  const Workshop shop;
  if (!has_browser(shop)) return;
  std::string counts;
  for (const auto& path : shipped_ceremonies()) {
    const auto ceremony = ceremony_file(path.native()).ceremony;
    for (const auto paper : {Paper::kA4, Paper::kLetter}) {
      const auto word = kPaperWords.at(static_cast<std::size_t>(paper));
      counts += fmt::format(
          "{} {}: {}\n", path.stem().native(), word,
          printed(shop, "script", script_page(ceremony, fixed_options(paper)), ceremony.title));
    }
  }
  check_golden("pages.txt", counts);
}

TEST_CASE("Minutes print with their head on each page") {
  const Workshop shop;
  if (!has_browser(shop)) return;
  const auto minutes = full_minutes();
  CHECK(printed(shop, "minutes", minutes_page(minutes, Paper::kA4), minutes.title)
            .ends_with(" 595x842"));
  CHECK(printed(shop, "minutes", minutes_page(minutes, Paper::kLetter), minutes.title)
            .ends_with(" 612x792"));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
