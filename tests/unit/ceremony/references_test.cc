// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// ${NAME} in the texts of a ceremony.
#include "ceremony/references.h"

#include <doctest/doctest.h>

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using ceremony::references_in;
using ceremony::resolved;
using ceremony::shown;

using Names = std::vector<std::string>;

std::optional<std::string> known(const std::string& name) {
  return name == "label" ? std::optional<std::string>("acme") : std::nullopt;
}

TEST_CASE("A text has names, and a dollar that is meant") {
  CHECK(references_in(std::string_view("${a} and ${b.c}")) == Names{"a", "b.c"});
  CHECK(references_in(std::string_view("$${a} $5 }")) == Names{});
  CHECK(references_in(std::string_view("${a")) == std::nullopt);
  CHECK(references_in(Json{"${a}", "b", "${c}"}) == Names{"a", "c"});
  CHECK(references_in(Json(5)) == Names{});
}

TEST_CASE("What is known is put in, and what is not known leaves the text unresolved") {
  CHECK(resolved(std::string_view("the ${label}, $${x}"), known) == "the acme, ${x}");
  CHECK(resolved(std::string_view("the ${other}"), known) == std::nullopt);
  CHECK(resolved(Json{"${label}", "b"}, known) == Json{"acme", "b"});
  CHECK(resolved(Json{"${other}"}, known) == std::nullopt);
  CHECK(resolved(Json(true), known) == Json(true));
}

TEST_CASE("On paper what is not known stays as it is written") {
  CHECK(shown("${label} and ${make.id}", known) == "acme and ${make.id}");
  CHECK(shown("${open", known) == "${open");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
