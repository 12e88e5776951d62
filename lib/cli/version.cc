#include "cli/version.h"

namespace keyrite::cli {

std::string_view version() { return KEYRITE_VERSION; }

}  // namespace keyrite::cli
