#include "approval/statement_comparison.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "approval/internal/statement_fields.h"
#include "base/text.h"

namespace keyrite::approval {
namespace {

constexpr const char* kAnew =
    "run the same command without --approval: keyrite then writes a statement to sign";

class Comparison {
 public:
  Comparison(const Statement& statement, const Due& due) : statement_(statement), due_(due) {}

  std::vector<Error> all() {
    same_version();
    same_texts();
    same_numbers();
    same_threshold();
    times();
    log();
    return std::move(found_);
  }

 private:
  [[nodiscard]] bool is_asked(std::string_view name) const {
    return !due_.only || due_.only->contains(name);
  }

  void object(std::string_view code, std::string message, std::string hint = kAnew) {
    found_.emplace_back(Kind::kVerification, std::string(code), std::move(message),
                        std::move(hint));
  }

  void other(std::string_view name, std::string_view code, std::string_view says,
             std::string_view wanted) {
    object(code, fmt::format("the statement's {} is \"{}\"; it must be \"{}\"", name,
                             printable(says), printable(wanted)));
  }

  void same_version() {
    if (!is_asked("version") || statement_.version == due_.statement.version) return;
    object("statement-old-version",
           fmt::format("the statement has version {}, which binds less than it shows; it must be "
                       "version {}",
                       statement_.version, due_.statement.version));
  }

  void same_texts() {
    for (const TextField& field : kTexts) {
      if (field.judged == Judged::kByRule || !is_of(field, statement_.version)) continue;
      const std::string& says = statement_.*field.member;
      const std::string& wanted = due_.statement.*field.member;
      if (is_asked(field.name) && says != wanted) other(field.name, field.code, says, wanted);
    }
  }

  void same_numbers() {
    for (const NumberField& field : kNumbers) {
      if (field.judged == Judged::kByRule || !is_asked(field.name)) continue;
      const auto says = statement_.*field.member;
      const auto wanted = due_.statement.*field.member;
      if (says != wanted)
        other(field.name, field.code, std::to_string(says), std::to_string(wanted));
    }
  }

  static std::string text_of(const Threshold& threshold) {
    std::vector<std::string> rows;
    for (const auto& [role, count] : threshold) rows.push_back(fmt::format("{} {}", count, role));
    return fmt::format("{}", fmt::join(rows, ", "));
  }

  void same_threshold() {
    if (!is_asked("threshold") || statement_.threshold == due_.statement.threshold) return;
    other("threshold", "statement-other-threshold", text_of(statement_.threshold),
          text_of(due_.statement.threshold));
  }

  void times() {
    if (due_.at) {
      if (const auto error = out_of_force(statement_, *due_.at)) found_.push_back(*error);
    }
    const auto length =
        std::chrono::floor<std::chrono::seconds>(statement_.not_after - statement_.not_before);
    if (due_.longest && length > *due_.longest) {
      object("statement-too-long",
             fmt::format("the statement is valid for {} (not_before to not_after); the limit is "
                         "{}",
                         format_duration(length), format_duration(*due_.longest)),
             "have a statement approved that is valid for a shorter time");
    }
    if (due_.latest && statement_.not_after > *due_.latest) {
      object("statement-past-parameters",
             fmt::format(
                 "the statement is valid until {} (not_after), and the import parameters end at {}",
                 format_rfc3339(statement_.not_after), format_rfc3339(*due_.latest)));
    }
  }

  void log() {
    if (!due_.root_of || !found_.empty()) return;
    const auto root = due_.root_of(statement_.log_size);
    if (root == statement_.log_root) return;
    object("statement-other-log",
           fmt::format("the statement names a log of {} entries (log_size, log_root) that is not "
                       "the beginning of this log",
                       statement_.log_size));
  }

  const Statement& statement_;
  const Due& due_;
  std::vector<Error> found_{};
};

}  // namespace

std::vector<Error> differences(const Statement& statement, const Due& due) {
  return Comparison(statement, due).all();
}

void require_due(const Statement& statement, const Due& due, std::string_view whose) {
  const auto found = differences(statement, due);
  if (found.empty()) return;
  const Error& first = found.front();
  throw Error(first.kind(), first.code(), fmt::format("{}{}", whose, first.message()),
              first.hint());
}

}  // namespace keyrite::approval
