#include <doctest/doctest.h>

#include <algorithm>

#include "cli/site_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// Draws the modules of an SVG file, or the half blocks of a text, as a picture for zbarimg.
constexpr const char* kDraw = R"(
import re, sys
text = open(sys.argv[1], encoding='utf-8').read()
if text.startswith('<svg'):
    side = int(re.search(r'viewBox="0 0 (\d+) ', text)[1])
    dark = set()
    for x, y, run in re.findall(r'M(\d+) (\d+)h(\d+)v1h-\d+z', text):
        dark |= {(int(x) + i, int(y)) for i in range(int(run))}
else:
    lines = [l for l in text.split('\n') if '\u2588' * 4 in l]
    side, dark = len(lines[0]), set()
    for n, line in enumerate(lines):
        for x, c in enumerate(line.ljust(side)):
            dark |= {(x, 2 * n)} if c in ' \u2584' else set()
            dark |= {(x, 2 * n + 1)} if c in ' \u2580' else set()
scale = 4
rows = [bytes(0 if (x // scale, y // scale) in dark else 255 for x in range(side * scale))
        for y in range(side * scale)]
open('code.pgm', 'wb').write(b'P5 %d %d 255\n' % (side * scale, side * scale) + b''.join(rows))
)";

// What zbarimg reads in it.
std::string decoded(const Workshop& shop, const std::string& file) {
  shop.put("draw.py", as_bytes(kDraw));
  shop.must("python3 draw.py " + file);
  return as_text(shop.must("zbarimg --quiet --raw --nodbus --oneshot -Sbinary code.pgm"));
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("zbarimg reads the signed checkpoint out of the terminal's code and out of the SVG") {
  const SiteScene scene;
  const auto run = scene.run({"readout", "SITE", "--qr", scene.path("code.svg")});
  CHECK(run.exit_code == 0);
  CHECK(fits_terminal(run.out));
  CHECK(has(run.out, "The signed checkpoint:"));
  const std::string checkpoint = scene.get("transcript/checkpoint");
  CHECK(decoded(scene.shop(), "code.svg") == checkpoint);
  scene.shop().put("screen", as_bytes(run.out));
  CHECK(decoded(scene.shop(), "screen") == checkpoint);
  CHECK(scene.run({"readout", "SITE", "--qr", scene.path("code.svg")}).exit_code == 2);
}

TEST_CASE("The code alone fits a terminal of 24 rows, and the picture says what it is") {
  const SiteScene scene;
  const auto run = scene.run({"readout", "SITE", "--qr-only", "--qr", scene.path("code.svg")});
  CHECK(run.exit_code == 0);
  CHECK(std::count(run.out.begin(), run.out.end(), '\n') <= 23);
  const std::string checkpoint = scene.get("transcript/checkpoint");
  const std::string lines = checkpoint.substr(0, checkpoint.find("\n\n") + 1);
  scene.shop().put("screen", as_bytes(run.out));
  CHECK(decoded(scene.shop(), "screen") == lines);
  CHECK(decoded(scene.shop(), "code.svg") == lines);
  const std::string svg = as_text(scene.shop().get("code.svg"));
  CHECK(has(svg, ">log " + checkpoint.substr(0, checkpoint.find('\n')) + "</text>"));
  CHECK(has(svg, ">8 entries, read out 20"));
  const Json words = scene.result({"readout", "SITE"}).at("root_words");
  CHECK(has(svg, ">" + words[0].get<std::string>() + " " + words[1].get<std::string>() + " "));
  scene.shop().must("python3 -c 'import xml.dom.minidom; xml.dom.minidom.parse(\"code.svg\")'");
}

TEST_CASE("A checkpoint with too many signatures for a code is read out as its three lines") {
  SiteScene scene;
  std::string checkpoint = scene.get("transcript/checkpoint");
  const std::string line = checkpoint.substr(checkpoint.find("\n\n") + 2);
  for (int i = 0; i < 3; ++i) checkpoint += line;
  scene.put("transcript/checkpoint", checkpoint);
  const auto run = scene.run({"readout", "SITE", "--qr", scene.path("code.svg")});
  CHECK(run.exit_code == 0);
  CHECK(has(run.out, "with its signatures it is too long for a QR code"));
  CHECK(decoded(scene.shop(), "code.svg") == checkpoint.substr(0, checkpoint.find("\n\n") + 1));
  CHECK(scene.result({"readout", "SITE"}).at("qr_signed") == false);
}

TEST_CASE("The root's groups and words say what python3 finds in the checkpoint") {
  const SiteScene scene;
  const auto run = scene.run({"readout", "SITE"});
  scene.shop().put("groups.py", as_bytes(R"(
import base64
h = base64.b64decode(open('site/transcript/checkpoint', 'rb').read().split(b'\n')[2]).hex()
g = [h[i:i + 4] for i in range(0, 64, 4)]
print('size  8\nroot\n  %s\n  %s' % (' '.join(g[:8]), ' '.join(g[8:])), end='')
)"));
  CHECK(has(run.out, as_text(scene.shop().must("python3 groups.py"))));
  const Json words = scene.result({"readout", "SITE"}).at("root_words");
  REQUIRE(words.size() == 32);
  for (const auto& word : words) CHECK(has(run.out, word.get<std::string>()));
}

TEST_CASE("A transcript that does not verify is not read out") {
  const SiteScene scene;
  std::string log = scene.get("transcript/log.jsonl");
  log.replace(log.find("a1b2c3"), 6, "a1b2c4");
  scene.put("transcript/log.jsonl", log);
  const auto run = scene.run({"readout", "SITE", "--qr", scene.path("code.svg")});
  CHECK(run.exit_code == 6);
  CHECK(has(run.err, "entry 2 is not the entry that entry 3 names"));
  CHECK_FALSE(std::filesystem::exists(scene.path("code.svg")));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
