#include "base/json.h"

#include <set>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/long_json.h"
#include "base/text.h"

template class nlohmann::basic_json<nlohmann::ordered_map>;

namespace keyrite {

namespace {

[[noreturn]] void refuse(std::string_view origin, std::string code, std::string_view why) {
  throw Error(Kind::kConfig, std::move(code), fmt::format("{}: {}", printable(origin), why),
              "give the file as the cloud's command line wrote it");
}

// Watches a parse for what nlohmann-json lets pass: depth, duplicate keys, NUL.
class Watch {
 public:
  explicit Watch(std::string_view origin) : origin_(origin) {}

  bool operator()(int depth, Json::parse_event_t event, Json& value) {
    using Event = Json::parse_event_t;
    // A list or object that opens stands one level deeper than what `depth` counts before it.
    const bool opens = event == Event::object_start || event == Event::array_start;
    if (depth + (opens ? 1 : 0) > static_cast<int>(kMaxJsonDepth)) {
      refuse(origin_, "json-too-deep", fmt::format("nested deeper than {} levels", kMaxJsonDepth));
    }
    switch (event) {
      case Event::object_start:
        keys_.emplace_back();
        break;
      case Event::object_end:
        keys_.pop_back();
        break;
      case Event::key:
        add_key(value.get_ref<const std::string&>());
        break;
      case Event::value:
        if (value.is_string()) no_nul(value.get_ref<const std::string&>());
        break;
      case Event::array_start:
      case Event::array_end:
        break;
    }
    return true;
  }

 private:
  void add_key(const std::string& key) {
    no_nul(key);
    if (!keys_.back().insert(key).second) {
      refuse(origin_, "json-duplicate-key",
             fmt::format("the field \"{}\" is there twice", printable(key)));
    }
  }
  void no_nul(const std::string& text) const {
    if (text.find('\0') != std::string::npos)
      refuse(origin_, "json-nul-byte", "a text contains a NUL byte");
  }

  std::string_view origin_;
  std::vector<std::set<std::string>> keys_{};
};

}  // namespace

Json parse_json(ByteView text, std::string_view origin) {
  return parse_long_json(text, origin, kMaxInputFile);
}

Json parse_long_json(ByteView text, std::string_view origin, std::size_t limit) {
  if (text.size() > limit) {
    refuse(origin, "json-too-large", fmt::format("{} bytes are more than {}", text.size(), limit));
  }
  const std::string content = as_text(text);
  if (content.find('\0') != std::string::npos)
    refuse(origin, "json-nul-byte", "the file contains a NUL byte");
  try {
    return Json::parse(content, Watch(origin));
  } catch (const Json::parse_error& failure) {
    refuse(origin, "json-invalid", fmt::format("not JSON (byte {})", failure.byte));
  } catch (const Json::out_of_range&) {
    refuse(origin, "json-invalid", "a number is too large to be read");
  }
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

std::string dump_json(const Json& value) {
  return value.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

JsonView::JsonView(const Json& value, std::string origin)
    : value_(&value), where_(std::move(origin)) {}

void JsonView::wrong_type(std::string_view expected) const {
  throw Error(Kind::kConfig, "json-wrong-type",
              fmt::format("{}: expected {}, found {}", where_, expected, value_->type_name()));
}

JsonView JsonView::at(std::string_view key) const {
  if (auto found = find(key)) return *found;
  throw Error(Kind::kConfig, "json-missing-field",
              fmt::format("{}: field \"{}\" is missing", where_, key),
              "give the file as the cloud's command line wrote it");
}

std::optional<JsonView> JsonView::find(std::string_view key) const {
  if (!value_->is_object()) wrong_type("an object");
  const auto found = value_->find(std::string(key));
  if (found == value_->end() || found->is_null()) return std::nullopt;
  return JsonView(*found, fmt::format("{}: {}", where_, key));
}

std::string JsonView::text() const {
  if (!value_->is_string()) wrong_type("a text");
  return value_->get<std::string>();
}

std::int64_t JsonView::integer() const {
  if (!value_->is_number_integer()) wrong_type("a whole number");
  if (value_->is_number_unsigned() &&
      value_->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX)) {
    wrong_type("a whole number that fits 63 bits");
  }
  return value_->get<std::int64_t>();
}

double JsonView::number() const {
  if (!value_->is_number()) wrong_type("a number");
  return value_->get<double>();
}

bool JsonView::boolean() const {
  if (!value_->is_boolean()) wrong_type("true or false");
  return value_->get<bool>();
}

std::vector<JsonView> JsonView::items() const {
  if (!value_->is_array()) wrong_type("a list");
  std::vector<JsonView> views;
  views.reserve(value_->size());
  for (std::size_t i = 0; i < value_->size(); ++i) {
    views.emplace_back((*value_)[i], fmt::format("{}[{}]", where_, i));
  }
  return views;
}

std::optional<std::string> JsonView::optional_text(std::string_view key) const {
  const auto found = find(key);
  return found ? std::optional(found->text()) : std::nullopt;
}

}  // namespace keyrite
