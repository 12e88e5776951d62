// The act wrap-for-import several times in one process, as a ceremony does it: the self-test is
// fresh in the first run and known in the others. For scripts/bench.
//
//   repeated_wrap MODULE TOKEN_URI PIN_FILE LABEL PARAMETERS FINGERPRINT OUT_PREFIX RUNS
//
// Prints the seconds of each run, from reading the parameters to the verified bundle.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>

#include "act/token_session.h"
#include "base/error.h"
#include "imports/wrap_for_import.h"

namespace {

using namespace keyrite;

void run(char** argv) {
  wrap::SelfTestMemory memory;
  const act::Context context{
      .now =
          [] { return std::chrono::floor<TimePoint::duration>(std::chrono::system_clock::now()); },
      .ask = [](const act::Question&) { return std::optional<bool>(); },
      .note = [](std::string_view) {},
      .tool_version = "bench",
      .token = {.uri = argv[2],
                .module = argv[1],
                .pin =
                    [&](const pkcs11::TokenInfo&, pkcs11::UserType) {
                      std::string pin;
                      std::getline(std::ifstream(argv[3]) >> std::ws, pin);
                      return std::optional<crypto::SecretBytes>(as_bytes(pin));
                    }},
      .self_tests = &memory};
  const int runs = std::stoi(argv[8]);
  for (int i = 0; i < runs; ++i) {
    const auto start = std::chrono::steady_clock::now();
    imports::AzureWrapRequest request;
    request.label = argv[4];
    request.parameters = argv[5];
    request.expect_wrapping_key = argv[6];
    request.out = argv[7] + std::to_string(i);
    const auto order = imports::read(request, request, context.now());
    const auto compared = imports::compare_wrapping_key(order, context);
    const imports::WrapWork work(order);
    act::TokenSession token(act::load_module(context.token), context.token,
                            pkcs11::Access::kReadWrite, work.officer_work());
    (void)work.perform(compared, context, token);
    token.close(context);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::printf("%.6f\n", took.count());
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 9) return 2;
  try {
    run(argv);
    return 0;
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
