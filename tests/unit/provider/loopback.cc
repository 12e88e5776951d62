#include "unit/provider/loopback.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>

namespace keyrite::test {

Loopback::Loopback(const Connected& side, const std::string& server) : side_(side) {
  side.shop().must(
      "{ python3 '" + std::string(KEYRITE_SOURCE_DIR) + "/tests/unit/provider/" + server +
      "' port requests > /dev/null 2>&1 & echo $! > pid; }; "
      "tries=0; until [ -f port ]; do tries=$((tries + 1)); [ $tries -lt 100 ] || exit 1; "
      "sleep 0.1; done");
}

Loopback::~Loopback() { static_cast<void>(side_.shop().run("kill \"$(cat pid)\"")); }

std::string Loopback::url() const {
  return "http://127.0.0.1:" + line_of(side_.shop(), "cat port");
}

void Loopback::use_client(const std::string& name, const std::string& settings,
                          const std::string& command) const {
  const std::string path = line_of(side_.shop(), "printf '%s' \"$PATH\"");
  const std::string wrapper = "#!/bin/sh\nset -a\nPATH='" + path + "'\n" + settings +
                              "\nNO_PROXY=127.0.0.1\nexec " + command + "\n";
  side_.shop().put("bin/" + name, as_bytes(wrapper));
  side_.shop().must("chmod 700 bin/" + name);
}

std::vector<Json> Loopback::requests() const {
  std::vector<Json> requests;
  if (!std::filesystem::exists(side_.shop().folder() / "requests")) return requests;
  std::istringstream lines(as_text(side_.shop().get("requests")));
  for (std::string line; std::getline(lines, line);) requests.push_back(Json::parse(line));
  return requests;
}

std::string line_of(const Workshop& shop, const std::string& line) {
  std::string text = as_text(shop.run(line).out);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace keyrite::test
