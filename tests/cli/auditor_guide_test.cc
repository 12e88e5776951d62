#include <doctest/doctest.h>

#include "cli/approved_site.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("Every sh block of docs/guide/auditor.md runs as it stands") {
  const ApprovedSite site;
  const auto& shop = site.shop();
  shop.must("mkdir noted kept bin && cp site/vkeys noted/ && cp site/transcript/checkpoint kept/");
  shop.must("ln -s " KEYRITE_DISPATCHER " bin/keyrite");
  shop.put("blocks.py", as_bytes(R"(
import re, sys
text = open(sys.argv[1], encoding='utf-8').read()
blocks = re.findall(r'^```sh\n(.*?)^```$', text, re.MULTILINE | re.DOTALL)
assert len(blocks) > 5
print('set -eu\n' + ''.join(blocks))
)"));
  shop.must("python3 blocks.py " KEYRITE_SOURCE_DIR "/docs/guide/auditor.md > blocks.sh");
  shop.must("PATH=$PWD/bin:$PATH sh blocks.sh > said 2>&1 || { cat said >&2; exit 1; }");
  shop.must("test -s audit/VERIFY.txt && test -s checkpoint.svg && test -s add-checkpoint.txt");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
