#include "provider/name_form.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace keyrite::provider {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// aws and az put a file or what an address answers in the place of a word that begins so, in any
// quotes: the shell is not the last to read it.
bool is_read_from_elsewhere(std::string_view word) {
  constexpr std::array<std::string_view, 5> kMarks{"@", "file://", "fileb://", "http://",
                                                   "https://"};
  return std::any_of(kMarks.begin(), kMarks.end(),
                     [&](std::string_view mark) { return word.starts_with(mark); });
}

bool is_plain_word(std::string_view text, std::size_t longest) {
  return !text.empty() && text.size() <= longest && text.front() != '-' &&
         !is_read_from_elsewhere(text);
}

}  // namespace

bool is_name(std::string_view text, std::size_t longest, std::string_view others) {
  return is_plain_word(text, longest) && std::all_of(text.begin(), text.end(), [&](char c) {
           return is_letter_or_digit(c) || others.find(c) != std::string_view::npos;
         });
}

bool is_free_text(std::string_view text, std::size_t longest) {
  return is_plain_word(text, longest) && printable(text) == text;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

std::string in_quotes(std::string_view text) { return "\"" + printable(text) + "\""; }

}  // namespace keyrite::provider
