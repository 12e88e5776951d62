#include "cli/dispatch.h"

int main(int argc, char** argv) {
  return keyrite::cli::run_dispatcher(argc, argv, KEYRITE_LIBEXEC_FROM_BIN);
}
