// Strict JSON for input we did not write, over nlohmann-json: bounded size and depth, no duplicate
// keys, no NUL, no invalid UTF-8, nothing after the value. JsonView reads fields and names their
// path in every Error. A JsonView refers to the document it was made from and must not outlive it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "base/json_fwd.h"

// Made once, in json.cc: every file that sees JSON would make it anew.
extern template class nlohmann::basic_json<nlohmann::ordered_map>;

namespace keyrite {

inline constexpr std::size_t kMaxJsonDepth = 32;

// `origin` names the document in errors (a file name). Errors, all kConfig: "json-invalid",
// "json-too-deep", "json-duplicate-key", "json-nul-byte", "json-too-large" (over kMaxInputFile
// bytes).
[[nodiscard]] Json parse_json(ByteView text, std::string_view origin);

// Two-space indentation and a final LF, ASCII only (other characters escaped). What is no UTF-8
// becomes U+FFFD: a file name of odd bytes must not turn a finished act into a failure.
[[nodiscard]] std::string dump_json(const Json& value);

// null for an empty text.
[[nodiscard]] Json text_or_null(const std::string& text);

class JsonView {
 public:
  JsonView(const Json& value, std::string origin);

  // Error kConfig "json-missing-field" / "json-wrong-type", e.g. `params.json: field "PublicKey" is
  // missing`.
  [[nodiscard]] JsonView at(std::string_view key) const;
  [[nodiscard]] std::optional<JsonView> find(
      std::string_view key) const;  // absent or null: nullopt
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::int64_t integer() const;
  [[nodiscard]] double number() const;
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] std::vector<JsonView> items() const;
  [[nodiscard]] std::string text(std::string_view key) const { return at(key).text(); }
  [[nodiscard]] std::optional<std::string> optional_text(std::string_view key) const;

  [[nodiscard]] bool is_text() const { return value_->is_string(); }
  [[nodiscard]] bool is_object() const { return value_->is_object(); }
  [[nodiscard]] bool is_number() const { return value_->is_number(); }
  [[nodiscard]] const Json& raw() const { return *value_; }
  [[nodiscard]] const std::string& where() const {
    return where_;
  }  // "params.json: ParametersValidTo"

 private:
  [[noreturn]] void wrong_type(std::string_view expected) const;
  const Json* value_;
  std::string where_;
};

}  // namespace keyrite
