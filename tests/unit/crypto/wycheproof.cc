#include "unit/crypto/wycheproof.h"

#include <doctest/doctest.h>

#include "support/json_file.h"
#include "support/skip.h"

namespace keyrite::test {
namespace {

Verdict verdict_of(const std::string& word) {
  if (word == "valid") return Verdict::kValid;
  if (word == "acceptable") return Verdict::kAcceptable;
  REQUIRE(word == "invalid");
  return Verdict::kInvalid;
}

}  // namespace

Bytes Vector::bytes(const char* name) const { return from_hex(fields.at(name).get<std::string>()); }

std::optional<std::vector<VectorGroup>> wycheproof(const std::string& file) {
  const auto path = vectors("wycheproof/" + file);
  if (!path) return std::nullopt;
  const Json document = read_json_file(path->string());
  std::vector<VectorGroup> groups;
  std::size_t count = 0;
  for (const Json& group : document.at("testGroups")) {
    VectorGroup& row = groups.emplace_back();
    row.fields = group;
    row.fields.erase("tests");
    for (const Json& test : group.at("tests")) {
      row.vectors.push_back({.number = test.at("tcId").get<int>(),
                             .verdict = verdict_of(test.at("result").get<std::string>()),
                             .fields = test});
      ++count;
    }
  }
  REQUIRE(count == document.at("numberOfTests").get<std::size_t>());
  return groups;
}

}  // namespace keyrite::test
