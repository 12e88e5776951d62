#include "crypto/curve_name.h"

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#include <array>
#include <memory>

#include <fmt/format.h>

#include "base/text.h"

namespace keyrite::crypto {

namespace {

constexpr std::uint8_t kOid = 0x06;
constexpr std::uint8_t kPrintableString = 0x13;
constexpr std::uint8_t kExplicitSequence = 0x30;
constexpr std::size_t kHeader = 2;
constexpr std::size_t kLongestShortForm = 0x7f;

struct FreeObject {
  void operator()(ASN1_OBJECT* object) const { ASN1_OBJECT_free(object); }
};

std::string dotted_oid(const ASN1_OBJECT* object) {
  std::array<char, 256> text{};
  const int length = OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1);
  return length > 0 && static_cast<std::size_t>(length) < text.size() ? text.data() : "";
}

std::string oid_text(ByteView der) {
  const unsigned char* cursor = der.data();
  const std::unique_ptr<ASN1_OBJECT, FreeObject> object(
      d2i_ASN1_OBJECT(nullptr, &cursor, static_cast<long>(der.size())));
  ERR_clear_error();
  const std::string number = object ? dotted_oid(object.get()) : std::string();
  if (number.empty() || cursor != der.data() + der.size()) return "not named";
  const int known = OBJ_obj2nid(object.get());
  return known == NID_undef ? number : fmt::format("{} ({})", OBJ_nid2sn(known), number);
}

}  // namespace

std::string curve_text(ByteView ec_params) {
  if (ec_params.size() < kHeader) return "not named";
  if (ec_params[0] == kOid) return oid_text(ec_params);
  if (ec_params[0] == kExplicitSequence) return "explicit parameters";
  const bool whole =
      ec_params[1] <= kLongestShortForm && ec_params.size() == kHeader + ec_params[1];
  if (ec_params[0] != kPrintableString || !whole) return "not named";
  return fmt::format("\"{}\"", printable(as_text(ec_params.subspan(kHeader))));
}

}  // namespace keyrite::crypto
