// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Replies that were changed after they were made, and queries that were damaged while they were
// kept.
#include <doctest/doctest.h>

#include "base/file.h"
#include "cli/stamping.h"
#include "crypto/timestamp.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("A reply whose attribute names another certificate than its signer's is refused") {
  Stamping stamping;
  stamping.authority.sign_again("q.tsq", "r.tsr", "stamper");
  stamping.site.shop().put("rename.py", as_bytes(R"(
import hashlib, subprocess
der = subprocess.run(['openssl', 'x509', '-in', 'tsa/stamper.pem', '-outform', 'DER'],
                     check=True, capture_output=True).stdout
reply = open('r.tsr', 'rb').read()
names = [hashlib.new(h, der).digest() for h in ('sha256', 'sha1')]
name = next(n for n in names if n in reply)
open('r.tsr', 'wb').write(reply.replace(name, bytes([name[0] ^ 1]) + name[1:]))
)"));
  stamping.site.shop().must("python3 rename.py");
  CHECK(stamping.refusal() == "timestamp-other-certificate");
}

TEST_CASE("A timestamp of another version is refused, whoever signed it") {
  Stamping stamping;
  stamping.authority.sign_again("q.tsq", "r.tsr", "stamper");
  stamping.site.shop().put("tsa/second.py", as_bytes(R"(
text = open('then.tst', 'rb').read()
assert text.count(b'\x02\x01\x01') == 1
open('then.tst', 'wb').write(text.replace(b'\x02\x01\x01', b'\x02\x01\x02'))
)"));
  stamping.site.shop().must(
      "cd tsa && python3 second.py && openssl cms -sign -binary -nodetach -outform DER "
      "-econtent_type 1.2.840.113549.1.9.16.1.4 -signer stamper.pem -inkey stamper.key -cades -md "
      "sha256 -in then.tst -out then.token && python3 wrap.py && mv then.tsr ../r.tsr");
  CHECK(stamping.refusal() == "timestamp-version");
}

TEST_CASE("A query that was damaged while it was kept proves nothing") {
  Stamping stamping;
  stamping.authority.reply("q.tsq", "r.tsr");
  stamping.site.shop().must("for one in site/transcript/sent/*.tsq; do echo no > \"$one\"; done");
  const auto run = stamping.attach();
  CHECK(run.exit_code == 3);
  CHECK(Json::parse(run.out).at("error").at("code") == "timestamp-query-invalid");
}

TEST_CASE("A reply about something else is refused, and the same reply is taken for its own") {
  Stamping stamping;
  stamping.authority.reply("q.tsq", "r.tsr");
  const auto reply = crypto::parse_timestamp_reply(read_file(stamping.path("r.tsr")), "r.tsr");
  const Bytes query = read_file(stamping.path("q.tsq"));
  const Bytes checkpoint = read_file(stamping.path("site/transcript/checkpoint"));
  const crypto::TimestampTrust trust{.ca = as_text(read_file(stamping.authority.ca()))};
  CHECK_NOTHROW(crypto::require_timestamp(reply, query, checkpoint, trust));
  const Bytes log = read_file(stamping.path("site/transcript/log.jsonl"));
  const auto failure = failure_of([&] { crypto::require_timestamp(reply, query, log, trust); });
  CHECK(failure.code == "timestamp-other-content");
  CHECK(failure.kind == Kind::kVerification);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
