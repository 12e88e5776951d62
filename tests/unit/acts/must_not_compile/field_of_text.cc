// A field's name stands in the source too.
// refused: no matching function
// refused: no matching member function
#include <string>
#include <string_view>

#include "acts/log_facts.h"

int main() {
  const std::string label("acme-payments");
  keyrite::acts::LogFacts facts{{"good", true}};
#ifdef KEYRITE_FORBIDDEN
  facts.add(label, true);
#endif
  facts.add("label_bytes", label.size());
  return facts.json().size() == 2 ? 0 : 1;
}
