// Words are not made of a text that somebody typed.
// refused: no matching function
// refused: no matching
#include <string>
#include <string_view>

#include "acts/log_facts.h"

int main() {
  const std::string label("acme-payments");
  keyrite::acts::LogFacts facts{{"good", true}};
#ifdef KEYRITE_FORBIDDEN
  facts.add("label", keyrite::acts::Words(label));
#endif
  facts.add("label_bytes", label.size());
  return facts.json().size() == 2 ? 0 : 1;
}
