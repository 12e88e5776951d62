// A text that somebody typed is no fact.
// refused: no matching function for call
// refused: no matching member function
#include <string>
#include <string_view>

#include "acts/log_facts.h"

int main() {
  const std::string label("acme-payments");
  keyrite::acts::LogFacts facts{{"good", true}};
#ifdef KEYRITE_FORBIDDEN
  facts.add("label", label);
#endif
  facts.add("label_bytes", label.size());
  return facts.json().size() == 2 ? 0 : 1;
}
