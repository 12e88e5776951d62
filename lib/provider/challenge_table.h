// The rows behind challenges_for: which question fits which key in which cloud. Immutable, any
// thread.
#pragma once

#include <string_view>
#include <vector>

#include "provider/challenge.h"

namespace keyrite::provider {

// A row fits when the key's name in that cloud starts with `prefix` and ends with `suffix`. The
// name is AWS's KeySpec, Google's algorithm, and for Azure, whose answers name no size, our own key
// type name.
struct ChallengeRow {
  Provider provider{};
  std::string_view prefix{};
  std::string_view suffix{};
  std::string_view
      needs{};  // the operation the cloud key must allow (CloudUse::operations); empty: none
  std::string_view id{};
  Operation operation{};
  std::optional<crypto::Digest> hash{};
  std::string_view cloud_algorithm{};  // '*' stands for the AES key's bits; empty: the name itself
  // kHmac: `input` is the digest of the challenge, another reading of the same command. kSignature:
  // the cloud pads and signs what it is given, so that is the DigestInfo of the challenge.
  bool over_digest{false};
};

[[nodiscard]] const std::vector<ChallengeRow>& challenge_rows();

}  // namespace keyrite::provider
