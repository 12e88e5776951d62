#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/screen.h"
#include "base/text.h"
#include "transcript/show.h"

namespace keyrite {
namespace {

// Groups of four digits, eight in a line.
std::string grouped(const std::string& hex) {
  constexpr std::size_t kLineOfGroups = 39;
  return fmt::format("  {}", fmt::join(wrap_words(in_fours(hex), kLineOfGroups), "\n  "));
}

// Four words in a line, each line with the number of its first byte.
std::string word_lines(const std::vector<std::string>& words) {
  constexpr std::size_t kInLine = 4;
  std::vector<std::vector<std::string>> rows;
  for (std::size_t at = 0; at < words.size(); at += kInLine) {
    rows.push_back({fmt::format("  {:>2}", at + 1)});
    for (std::size_t i = at; i < at + kInLine && i < words.size(); ++i)
      rows.back().push_back(words[i]);
  }
  return format_table(rows);
}

}  // namespace

int readout_command(const audit::ReadoutRequest& request, cli::Run& run) {
  const auto readout = audit::read_out(request, run.context.now(), run.context.progress);
  const auto& checkpoint = readout.audited.verified.checkpoint;
  if (request.qr_only) {
    run.show(readout.qr_blocks);
    run.result(readout.to_json());
    return 0;
  }
  show_audited(readout.audited, run);
  run.show(fmt::format("\nsize  {}\nroot\n{}\nroot in words\n{}", checkpoint.head.size,
                       grouped(to_hex(checkpoint.head.root)), word_lines(readout.root_words)));
  if (!readout.qr_text) {
    run.show("The checkpoint's three lines are too long for a QR code.");
  } else {
    run.show(
        readout.qr_is_signed
            ? "The signed checkpoint:"
            : "The checkpoint's three lines (with its signatures it is too long for a QR code):");
    run.show(readout.qr_blocks);
  }
  if (request.qr) run.show(fmt::format("The code is also in {}.", printable(*request.qr)));
  run.result(readout.to_json());
  return 0;
}

}  // namespace keyrite
