// What somebody typed, or a file said, does not become a fact of the log, nor a field's name, nor
// our own words. One file, since reading the headers takes a compiler long.

// refused: no matching function for call
// refused: no matching member function
// refused: no matching conversion
// refused: is not a constant expression
// refused: is not usable in a constant expression
#include <string>
#include <string_view>

#include "act/log_facts.h"

using keyrite::act::Literal;
using keyrite::act::Words;

namespace {
char filled[] = "acme";  // NOLINT: what can be written at run time
}  // namespace

int main() {
  const std::string label("acme-payments");
  keyrite::act::LogFacts facts{{"good", true}};
#ifdef KEYRITE_FORBIDDEN
  filled[0] = label[0];
  facts.add("label", label);                    // forbidden
  facts.add("label", std::string_view(label));  // forbidden
  facts.add("label", label.c_str());            // forbidden: would else become a bool
  facts.add("label", keyrite::Json(label));     // forbidden: may hold any text
  facts.add(label, true);                       // forbidden: a name stands in the source too
  facts.add("label", Words(label));             // forbidden
  facts.add("label", Words(Literal(filled)));   // forbidden: filled at run time
#endif
  facts.add("label_bytes", label.size());
  return facts.json().size() == 2 && filled[0] == 'a' ? 0 : 1;
}
