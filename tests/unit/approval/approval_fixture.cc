#include "unit/approval/approval_fixture.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "approval/internal/ssh_wire.h"

namespace keyrite::test {

std::string Signers::key(const std::string& name, const std::string& options) const {
  shop_.must("ssh-keygen -q " + options + " -N '' -C " + name + "@example.org -f " + name);
  std::string line = as_text(shop_.get(name + ".pub"));
  if (line.ends_with('\n')) line.pop_back();
  return line;
}

std::string Signers::sign(const std::string& name, ByteView message, const std::string& name_space,
                          const std::string& options) const {
  shop_.put("message", message);
  shop_.must("rm -f message.sig; ssh-keygen -q -Y sign " + options + " -f " + name + " -n " +
             name_space + " message 2>/dev/null");
  return as_text(shop_.get("message.sig"));
}

bool Signers::ssh_keygen_verifies(const std::string& line, const std::string& armoured,
                                  ByteView message, const std::string& name_space) const {
  shop_.put("allowed", as_bytes("somebody " + line + "\n"));
  shop_.put("signature", as_bytes(armoured));
  shop_.put("message", message);
  return shop_
             .run("ssh-keygen -Y verify -f allowed -I somebody -n " + name_space +
                  " -s signature <message >/dev/null 2>&1")
             .exit_code == 0;
}

SshsigFields fields_of_armour(const std::string& armoured) {
  std::string base64 = armoured.substr(armoured.find('\n') + 1);
  base64.resize(base64.find("-----END"));
  std::erase(base64, '\n');
  const Bytes blob = from_base64(base64, "the armour");
  approval::SshReader reader(blob);
  SshsigFields fields;
  REQUIRE(reader.take_exactly(fields.magic));
  REQUIRE(reader.take_u32() == 1U);
  const auto bytes = [&reader] {
    const auto part = reader.take_string();
    REQUIRE(part.has_value());
    return Bytes(part->begin(), part->end());
  };
  fields.key = bytes();
  fields.name_space = as_text(bytes());
  fields.reserved = as_text(bytes());
  fields.hash = as_text(bytes());
  fields.signature = bytes();
  REQUIRE(reader.done());
  return fields;
}

std::string armour_of_blob(ByteView blob) {
  const std::string base64 = to_base64(blob);
  std::string text = "-----BEGIN SSH SIGNATURE-----\n";
  for (std::size_t at = 0; at < base64.size(); at += 70) text += base64.substr(at, 70) + "\n";
  return text + "-----END SSH SIGNATURE-----\n";
}

std::string armour_of(const SshsigFields& fields) {
  Bytes blob = concat(as_bytes(fields.magic), four_bytes(fields.version));
  blob =
      concat(blob, ssh_strings({fields.key, as_bytes(fields.name_space), as_bytes(fields.reserved),
                                as_bytes(fields.hash), fields.signature}));
  return armour_of_blob(concat(blob, fields.behind));
}

Bytes ssh_strings(std::initializer_list<ByteView> parts) {
  Bytes all;
  for (const ByteView part : parts) approval::append_ssh_string(all, part);
  return all;
}

Bytes four_bytes(std::uint32_t value) {
  Bytes bytes;
  for (unsigned shift = 32; shift != 0; shift -= 8) {
    bytes.push_back(static_cast<std::uint8_t>(value >> (shift - 8) & 0xffU));
  }
  return bytes;
}

approval::Statement sample_statement() {
  return {.ceremony_id = "000102030405060708090a0b0c0d0e0f",
          .request_sha256 = std::string(64, 'a'),
          .names_sha256 = std::string(64, 'e'),
          .tool_version = "0.1.0",
          .operation = "wrap-for-import",
          .operator_name = "olga",
          .tenant_ref = "acme",
          .kek_ref = std::string(32, '5'),
          .kek_version = 3,
          .module_sha256 = std::string(64, 'b'),
          .token_serial = "0123456789",
          .token_model = "SoftHSM v2",
          .log_origin = "example.org/keyrite/site-1",
          .log_size = 41,
          .log_root = std::string(64, 'c'),
          .roster_sha256 = std::string(64, 'd'),
          .threshold = {{"security-officer", 2}},
          .not_before = parse_rfc3339("2026-03-01T10:00:00Z", "not_before"),
          .not_after = parse_rfc3339("2026-03-01T18:00:00Z", "not_after")};
}

}  // namespace keyrite::test
