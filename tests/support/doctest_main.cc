#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "support/skip.h"

// 77 is CTest's SKIP_RETURN_CODE: only a run in which nothing failed may count as skipped.
int main(int argc, char** argv) {
  constexpr int kSkipped = 77;
  doctest::Context context(argc, argv);
  const int result = context.run();
  if (context.shouldExit() || result != 0) return result;
  return keyrite::test::was_skipped() ? kSkipped : 0;
}
