// The forms of names that clouds allow, so that what reaches a command line is a name and nothing
// else. Pure, any thread. Internal to provider.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace keyrite::provider {

// 1 to `longest` ASCII letters, digits and characters of `others`, not beginning with '-', which a
// client would take for an option, nor with '@', "file://" or the like, which aws and az replace by
// a file's content (AWS CLI "Load a parameter from a file"; Azure CLI "Load arguments from a
// file").
[[nodiscard]] bool is_name(std::string_view text, std::size_t longest, std::string_view others);
// No control characters and valid as one shell word of a person's choice; not beginning as above.
[[nodiscard]] bool is_free_text(std::string_view text, std::size_t longest);
[[nodiscard]] std::string lower_case(std::string_view text);  // ASCII
// The text in quotes with control characters escaped, for messages.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace keyrite::provider
