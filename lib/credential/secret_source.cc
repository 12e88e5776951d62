#include "credential/secret_source.h"

#include <unistd.h>

#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "dek/secret_input.h"
#include "wrap/sealing.h"

namespace keyrite::credential {

namespace {

crypto::SecretBytes sealable(dek::SecretInput& input) {
  auto secret = input.whole(wrap::kLargestSealedSecret);
  if (!secret) {
    throw Error(
        Kind::kUsage, "secret-too-long",
        fmt::format("{} has more than {} bytes", input.name(), wrap::kLargestSealedSecret),
        "a credential is a short secret: encrypt what is longer with a data key of keyrite dek");
  }
  if (secret->empty()) {
    throw Error(Kind::kUsage, "secret-empty", fmt::format("{} has no secret", input.name()),
                "nothing was sealed");
  }
  return *std::move(secret);
}

}  // namespace

crypto::SecretBytes read_secret(const std::optional<std::uint32_t>& descriptor,
                                const std::optional<std::string>& file) {
  if (descriptor && file) {
    throw Error(Kind::kUsage, "secret-source-twice", "--secret-fd and --secret-file are both given",
                "give one of them, or neither for standard input");
  }
  if (file) {
    dek::SecretInput input(*file, dek::SecretFile::kOwnersAlone);
    return sealable(input);
  }
  const int number = descriptor ? static_cast<int>(*descriptor) : STDIN_FILENO;
  dek::SecretInput input(
      number, descriptor ? fmt::format("descriptor {}", number) : std::string("standard input"));
  return sealable(input);
}

}  // namespace keyrite::credential
