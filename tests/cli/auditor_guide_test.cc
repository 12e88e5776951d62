#include <doctest/doctest.h>

#include "cli/approved_site.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// The sh blocks of the guide, in a shell: those before the heading that begins with keyrite, and
// the others.
constexpr const char* kBlocks = R"(
import re, sys
text = open(sys.argv[1], encoding='utf-8').read()
without, keyrite, with_it = text.partition('\n## 4. With keyrite')
assert keyrite and 'keyrite' not in ''.join(re.findall(r'^```sh\n(.*?)^```$', without, re.M | re.S))
for name, part in (('without.sh', without), ('with.sh', with_it)):
    blocks = re.findall(r'^```sh\n(.*?)^```$', part, re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 3, name
    open(name, 'w').write('set -eu\n' + ''.join(blocks))
)";

TEST_CASE("Every sh block of docs/guide/auditor.md runs as it stands, the first without keyrite") {
  const ApprovedSite site;
  const auto& shop = site.shop();
  shop.must("mkdir noted kept bin && cp site/vkeys noted/ && cp site/transcript/checkpoint kept/");
  shop.put("blocks.py", as_bytes(std::string_view(kBlocks)));
  shop.must("python3 blocks.py " KEYRITE_SOURCE_DIR "/docs/guide/auditor.md");
  // As the owner made it, who has keyrite.
  shop.must(KEYRITE_DISPATCHER " transcript export site --vkey noted/vkeys --out audit");
  shop.must("env -i PATH=/usr/bin:/bin sh without.sh > said 2>&1 || { cat said >&2; exit 1; }");
  shop.must("grep -q '^right: 12 entries' said && grep -q 'and nothing else' said");
  shop.must("ln -s " KEYRITE_DISPATCHER " bin/keyrite");
  shop.must("PATH=$PWD/bin:$PATH sh with.sh > said 2>&1 || { cat said >&2; exit 1; }");
  shop.must("test -s audit-2026/VERIFY.txt && test -s audit-2026/report.html");
  shop.must("test -s checkpoint.svg && test -s add-checkpoint.txt");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
