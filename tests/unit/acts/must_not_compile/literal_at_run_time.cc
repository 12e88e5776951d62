// Nor of an array that is filled at run time.
// refused: is not a constant expression
// refused: is not a constant expression
#include <string>
#include <string_view>

#include "acts/log_facts.h"

int main() {
  const std::string label("acme-payments");
  keyrite::acts::LogFacts facts{{"good", true}};
#ifdef KEYRITE_FORBIDDEN
  char name[] = "acme";
  name[0] = label[0];
  facts.add("label", keyrite::acts::Words(keyrite::acts::Literal(name)));
#endif
  facts.add("label_bytes", label.size());
  return facts.json().size() == 2 ? 0 : 1;
}
