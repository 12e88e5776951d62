// How far a long command has come, in one line.
#include "cli/progress.h"

#include <doctest/doctest.h>

#include <sstream>

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using std::chrono_literals::operator""s;

TEST_CASE("A progress line has rate and time left, and fits its terminal") {
  CHECK(cli::progress_line(2500, 10000, 5s, 80) ==
        "[#####               ] 2500 of 10000, 25 %, 500/s, 0:15 left");
  CHECK(cli::progress_line(10000, 10000, 5s, 80) ==
        "[####################] 10000 of 10000, 100 %, 2000/s, 0:00 left");
  CHECK(cli::progress_line(1, 36001, 1s, 80) ==
        "[                    ] 1 of 36001, 0 %, 1/s, 10:00:00 left");
  CHECK(cli::progress_line(2500, 10000, 5s, 50) == "2500 of 10000, 25 %, 500/s, 0:15 left");
  CHECK(cli::progress_line(2500, 10000, 5s, 12) == "2500 of 100");
  CHECK(cli::progress_line(2500, std::nullopt, 5s, 80) == "2500 done, 500/s");
  CHECK(cli::progress_line(~std::uint64_t{0}, ~std::uint64_t{0}, 5s, 200).size() < 80);
}

TEST_CASE("A progress bar takes its line away, and writes nothing where there is no terminal") {
  std::ostringstream err;
  {
    cli::ProgressBar none(err, 0);
    none.show(1, 2);
  }
  CHECK(err.str().empty());
  {
    cli::ProgressBar bar(err, 80);
    bar.show(1, 2);
    // Not so often.
    const auto written = err.str();
    bar.show(2, 2);
    CHECK(err.str() == written);
  }
  CHECK(err.str().ends_with("\r\033[K"));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
