#include "transcript/qr_code.h"

#include <qrencode.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"

namespace keyrite::transcript {

namespace {

constexpr unsigned kMargin = 4;  // ISO/IEC 18004 section 5.3.8

std::string escaped_for_xml(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

struct FreeCode {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

}  // namespace

std::optional<QrCode> QrCode::of(std::string_view text, unsigned widest, Level level) {
  const ByteView bytes = as_bytes(text);
  constexpr int kSmallestThatFits = 0;
  const std::unique_ptr<QRcode, FreeCode> code(
      QRcode_encodeData(static_cast<int>(bytes.size()), bytes.data(), kSmallestThatFits,
                        level == Level::kL ? QR_ECLEVEL_L : QR_ECLEVEL_M));
  if (!code) {
    const int reason = errno;
    if (reason == ERANGE) return std::nullopt;
    throw Error(Kind::kInternal, "qr-code",
                "no QR code could be made: " + std::generic_category().message(reason));
  }
  const auto width = static_cast<unsigned>(code->width);
  if (width > widest) return std::nullopt;
  std::vector<bool> dark;
  dark.reserve(std::size_t{width} * width);
  // The lowest bit of each byte is the module (qrencode.h).
  for (const unsigned char module : std::basic_string_view(code->data, std::size_t{width} * width))
    dark.push_back((module & 1U) != 0);
  return QrCode(width, std::move(dark));
}

std::string QrCode::half_blocks() const {
  const unsigned side = this->side();
  const auto light = [&](unsigned x, unsigned y) {
    const bool inside =
        x >= kMargin && y >= kMargin && x < width_ + kMargin && y < width_ + kMargin;
    return !inside || !dark(x - kMargin, y - kMargin);
  };
  std::string text;
  for (unsigned y = 0; y < side; y += 2) {
    for (unsigned x = 0; x < side; ++x) {
      const bool above = light(x, y);
      const bool below = y + 1 == side || light(x, y + 1);
      text += above ? (below ? "\u2588" : "\u2580") : (below ? "\u2584" : " ");
    }
    text += '\n';
  }
  return text;
}

unsigned QrCode::side() const { return width_ + 2 * kMargin; }

std::string QrCode::svg_path() const {
  std::string path;
  for (unsigned y = 0; y < width_; ++y) {
    for (unsigned x = 0; x < width_; ++x) {
      const unsigned start = x;
      while (x < width_ && dark(x, y)) ++x;
      if (x != start)
        path +=
            fmt::format("M{} {}h{}v1h-{}z\n", start + kMargin, y + kMargin, x - start, x - start);
    }
  }
  return path;
}

std::string QrCode::svg(const std::vector<std::string>& caption) const {
  constexpr double kCharacter = 0.62;  // width of one in a monospaced font of size 1
  constexpr double kLine = 1.4;
  std::size_t longest = 1;
  for (const auto& line : caption) longest = std::max(longest, columns_of(line));
  const double size = (side() - 2.0 * kMargin) /
                      (kCharacter * static_cast<double>(std::max<std::size_t>(longest, 20)));
  const double below =
      caption.empty() ? 0 : static_cast<double>(caption.size()) * size * kLine + kMargin;
  std::string text;
  for (std::size_t i = 0; i < caption.size(); ++i) {
    text += fmt::format(
        "<text x=\"{}\" y=\"{:.2f}\" font-family=\"monospace\" font-size=\"{:.2f}\">{}</text>\n",
        kMargin, side() + static_cast<double>(i + 1) * size * kLine - size * 0.4, size,
        escaped_for_xml(printable(caption[i])));
  }
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1:.2f}\" width=\"{2}\" "
      "height=\"{3:.0f}\" shape-rendering=\"crispEdges\">\n"
      "<rect width=\"{0}\" height=\"{1:.2f}\" fill=\"#fff\"/>\n<path fill=\"#000\" "
      "d=\"\n{4}\"/>\n{5}"
      "</svg>\n",
      side(), side() + below, side() * 8, (side() + below) * 8, svg_path(), text);
}

std::string QrCode::svg_in_page(std::string_view label) const {
  return fmt::format(
      "<svg class=\"qr\" role=\"img\" aria-label=\"{1}\" viewBox=\"0 0 {0} {0}\" "
      "shape-rendering=\"crispEdges\">\n"
      "<rect width=\"{0}\" height=\"{0}\" fill=\"#fff\"/>\n<path fill=\"#000\" d=\"\n{2}\"/>\n"
      "</svg>",
      side(), label, svg_path());
}

}  // namespace keyrite::transcript
