// token-check: how data keys are wrapped under a KEK, and where.
#include <optional>

#include "base/error.h"
#include "token_check/internal/token_probe.h"
#include "wrap/data_key_wrap.h"

namespace keyrite::token_check {

namespace {

constexpr std::size_t kWholeBlocks = 32;
// No multiple of 8: some tokens extend it with zeros, which no MAC can see.
constexpr std::size_t kOddLength = 20;

Finding judge_data_key(pkcs11::Session& session, std::size_t bytes) {
  try {
    const auto proven = wrap::test_data_key_wrap(session, kAes256.size);
    return works(proven.choose(bytes) == wrap::KeyWrap::kKwp
                     ? act::Literal("AES-KWP, opened outside to the same key")
                     : act::Literal("AES-KW, opened outside to the same key"));
  } catch (const Error& error) {
    if (error.code() == "no-known-kek")
      return not_tried_as("no throw-away key of a known value", error.message());
    if (error.code() != "data-key-not-wrapped") throw;
    return {.outcome = wrap::Outcome::kRefused,
            .detail = error.hint(),
            .how = act::Words("by no way that opens outside")};
  }
}

// As acts on data keys work: such a session cannot harm a KEK.
Finding try_read_only(TokenUnderTest& token) {
  auto session = pkcs11::Session::open(token.session.token(), pkcs11::Access::kReadOnly);
  return judge_data_key(session, kWholeBlocks);
}

}  // namespace

std::vector<Probe> data_key_probes() {
  return {{"wrap", act::Words("data key, 32 bytes"),
           [](TokenUnderTest& token) { return judge_data_key(token.session, kWholeBlocks); }},
          {"wrap", act::Words("data key, 20 bytes"),
           [](TokenUnderTest& token) { return judge_data_key(token.session, kOddLength); }},
          {"wrap", act::Words("data key, read-only session"), try_read_only}};
}

}  // namespace keyrite::token_check
