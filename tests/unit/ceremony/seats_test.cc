// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Seats that were filled by signatures, which ssh-keygen makes: whether each is another person's,
// and was for this ceremony.
#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ceremony/check_in_text.h"
#include "ceremony/verification.h"
#include "crypto/digest.h"
#include "support/command.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using ceremony::CheckInText;

// A ceremony with two officers and a witness.
struct Table {
  Workshop shop{};
  ceremony::Ceremony ceremony{};
  ceremony::Story story{};
  std::map<std::string, Bytes> files{};

  Table() {
    ceremony.sha256 = std::string(64, 'c');
    ceremony.roles = {{.name = "officer", .people = 2}, {.name = "witness"}};
    story.id = "one";
    for (const char* person : {"alice", "bob"})
      shop.must(std::string("ssh-keygen -q -t ed25519 -N '' -C '' -f ") + person);
  }
  [[nodiscard]] std::string keep(const Bytes& file) {
    const auto sha256 = crypto::sha256_hex(file);
    files[sha256] = file;
    return sha256;
  }
  // Somebody sits down, with a text that the key of this file signed.
  void come_in(std::uint64_t role, std::uint64_t seat, const CheckInText& who,
               const std::string& key) {
    const auto text = ceremony::check_in_text(who, std::string(32, '0'));
    shop.put("text", as_bytes(text));
    const Bytes signature = shop.must("ssh-keygen -q -Y sign -n keyrite-check-in@keyrite -f " +
                                      key + " < text 2>/dev/null");
    ceremony::ToldStep told;
    told.kind = "check-in";
    told.role = role;
    told.person = seat;
    told.signature_sha256 = keep(signature);
    told.evidence = {keep(Bytes(text.begin(), text.end())), told.signature_sha256};
    story.told.push_back(told);
  }
  [[nodiscard]] CheckInText as(const std::string& person,
                               const std::string& role = "officer") const {
    return {.ceremony = story.id,
            .file_sha256 = ceremony.sha256,
            .role = role,
            .person = person + "@example.org"};
  }
  // Codes of differences about seats.
  [[nodiscard]] std::string differences() const {
    std::string codes;
    const auto read = [&](const std::string& sha256) -> std::optional<Bytes> {
      const auto found = files.find(sha256);
      return found == files.end() ? std::nullopt : std::optional(found->second);
    };
    for (const auto& one : ceremony::compare_with_log(ceremony, story, read).differences) {
      const bool about_seat = one.code == "check-in-other" || one.code == "check-in-twice" ||
                              one.code == "check-in-unproven";
      if (about_seat) codes += one.code + ";";
    }
    return codes;
  }
};

TEST_CASE("Two people in two seats, of whom one comes in again, are as the file wants them") {
  Table table;
  table.come_in(0, 1, table.as("alice"), "alice");
  table.come_in(0, 2, table.as("bob"), "bob");
  table.come_in(0, 1, table.as("alice"), "alice");
  CHECK(table.differences().empty());
}

TEST_CASE("One person, or one key, in two seats is found") {
  Table same_person;
  same_person.come_in(0, 1, same_person.as("alice"), "alice");
  same_person.come_in(0, 2, same_person.as("alice"), "bob");
  CHECK(same_person.differences() == "check-in-twice;");
  Table same_key;
  same_key.come_in(0, 1, same_key.as("alice"), "alice");
  same_key.come_in(1, 1, same_key.as("carol", "witness"), "alice");
  CHECK(same_key.differences() == "check-in-twice;");
}

TEST_CASE("A signature for another ceremony, another file or another role is found") {
  for (const std::string field : {"ceremony", "file", "role"}) {
    CAPTURE(field);
    Table table;
    auto who = table.as("alice");
    if (field == "ceremony") who.ceremony = "another";
    if (field == "file") who.file_sha256 = std::string(64, 'd');
    if (field == "role") who.role = "witness";
    table.come_in(0, 1, who, "alice");
    CHECK(table.differences() == "check-in-other;");
  }
}

TEST_CASE("A signature over another text shows nobody") {
  Table table;
  table.come_in(0, 1, table.as("alice"), "alice");
  table.come_in(0, 2, table.as("bob"), "bob");
  table.story.told[1].signature_sha256 = table.story.told[0].signature_sha256;
  CHECK(table.differences() == "check-in-unproven;");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
