// How a target key travels: the wrapping algorithm the cloud asked for, the method by which a token
// does it, and the custody that results. One table of words each.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace keyrite {

enum class Hash { kSha1, kSha256 };  // of RSA-OAEP; MGF1 uses the same, the label is empty
// kRsaOaep: RSAES-OAEP(target). kRsaAesKeyWrap: RSAES-OAEP(ephemeral AES-256) || AES-KWP(target).
enum class Scheme { kRsaOaep, kRsaAesKeyWrap };

struct WrappingAlgorithm {
  Scheme scheme{};
  Hash hash{};
  // "rsa-oaep-sha256", "rsa-aes-key-wrap-sha1"
  [[nodiscard]] std::string name() const;
  friend bool operator==(const WrappingAlgorithm&, const WrappingAlgorithm&) = default;
};
[[nodiscard]] const std::vector<WrappingAlgorithm>& all_wrapping_algorithms();
[[nodiscard]] WrappingAlgorithm parse_wrapping_algorithm(
    std::string_view name);                           // Error kConfig "algorithm-unknown"
[[nodiscard]] std::string_view hash_name(Hash hash);  // "SHA-1", "SHA-256"

enum class Method { kNative, kComposed, kDirect, kHostEphemeral };
enum class Custody { kHsm, kHostEphemeral };
[[nodiscard]] std::string_view method_name(
    Method method);  // "native", "composed", "direct", "host-ephemeral"
[[nodiscard]] Method parse_method(std::string_view name);  // Error kUsage "method-unknown"
// Why a wrapping key is believed to be the cloud's: a person compared its fingerprint; it was
// approved for its vault or key ring until a day; a fetcher of the roster signed for it.
enum class WrappingKeyBasis { kCompared, kPinned, kVouched };
[[nodiscard]] std::string_view wrapping_key_basis_name(WrappingKeyBasis basis);  // "compared", ...
// Error kConfig "wrapping-key-basis-unknown".
[[nodiscard]] WrappingKeyBasis parse_wrapping_key_basis(std::string_view name);

[[nodiscard]] std::string_view custody_name(Custody custody);  // "hsm", "host-ephemeral"
[[nodiscard]] Custody parse_custody(std::string_view name);    // Error kConfig "custody-unknown"
[[nodiscard]] Custody custody_of(Method method);

// What was checked of one real wrap. AES-KWP has one result for one key (RFC 5649), so a target
// that is wrapped twice under one ephemeral key must have equal results; RSA-OAEP has another each
// time, and only the cloud can open it.
enum class WrapCheck {
  kKwpTwice,  // the AES-KWP part was made twice and was equal; and the length of the whole
  kLength     // the length alone: the method has one call, which gives another result each time
};
[[nodiscard]] std::string_view wrap_check_name(WrapCheck check);  // "aes-kwp-twice", "length"
[[nodiscard]] WrapCheck parse_wrap_check(std::string_view name);  // Error kConfig "check-unknown"
[[nodiscard]] WrapCheck wrap_check_of(Method method);  // what the method allows, and is done

}  // namespace keyrite
