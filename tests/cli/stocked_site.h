// A site with one tenant, Acme of Ada, and its key payments; and the words with which keyrite
// inventory is run on it. One thread.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "cli/document_shape.h"
#include "cli/site_room.h"
#include "registry/scene.h"

namespace keyrite::test {

inline const Words kOlga{"--operator", "olga@example.org"};

struct StockedSite {
  SiteRoom scene{};
  StockedSite() {
    if (!ready()) return;
    (void)scene.must("tenant", Words{"add", "Acme", "--owner", "Ada"} + kOlga);
    (void)scene.must("key",
                     Words{"add", "payments", "--tenant", "Acme", "--type", "aes-256"} + kOlga);
  }
  [[nodiscard]] bool ready() const { return scene.room().token != nullptr; }
  [[nodiscard]] const Workshop& shop() const { return scene.room().shop; }
  Json must(const Words& words) const { return scene.must("inventory", words + kOlga); }
  [[nodiscard]] ProgramRun run(const Words& words) const {
    return scene.run("inventory", words + kOlga);
  }
  void refused(const Words& words, int exit_code, const std::string& code) const {
    CAPTURE(code);
    scene.refused(run(words), exit_code, code);
  }
  // Without --json, as a person has it.
  [[nodiscard]] ProgramRun shown(const Words& words) const {
    return run_program(Words{tool_path("inventory")} + words + Words{"--site", scene.site()} +
                       kOlga);
  }
  void shaped(const char* name, const Words& words) const {
    CAPTURE(name);
    const auto done = run(words);
    CAPTURE(done.err);
    CHECK(document_shape(parse_json(as_bytes(done.out), "output")) ==
          document_shape(documented_example(name)));
  }
  [[nodiscard]] Scene in_registry() const {
    return Scene([this] {
      return std::make_unique<registry::Registry>(
          (shop().folder() / "site/registry.sqlite").native());
    });
  }
  [[nodiscard]] std::string key_id() const {
    return must({"list"})["keys"][0]["id"].get<std::string>();
  }
};

}  // namespace keyrite::test
