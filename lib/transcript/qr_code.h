// A QR code (ISO/IEC 18004) of a checkpoint, so that a telephone can take it out of a room that no
// file leaves: libqrencode makes the matrix, this draws it. Value type; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keyrite::transcript {

class QrCode {
 public:
  // The widest that fits into 80 columns with the 4 light modules that belong on each side:
  // version 13, which holds 425 bytes at error correction level L.
  static constexpr unsigned kWidest = 69;

  // With its margin 23 lines of half blocks, which leave a line of 24 for the prompt: version 5,
  // which holds 106 bytes at level L.
  static constexpr unsigned kWidestIn24Rows = 37;

  // On paper: version 20, 42 mm at 0.4 mm a module with its margin.
  static constexpr unsigned kWidestOnPaper = 97;
  // How much of it may be damaged: L 7 %, for a screen; M 15 %, for what is printed and copied.
  enum class Level : std::uint8_t { kL, kM };

  // The bytes as they are (8-bit mode); nullopt when that takes more than `widest` modules on a
  // side. Error kInternal "qr-code" when libqrencode cannot work.
  [[nodiscard]] static std::optional<QrCode> of(std::string_view text, unsigned widest = kWidest,
                                                Level level = Level::kL);

  [[nodiscard]] unsigned width() const { return width_; }  // modules on a side, without the margin
  [[nodiscard]] bool dark(unsigned x, unsigned y) const { return dark_[y * width_ + x]; }
  // Half blocks, two modules in each, with the margin; light modules are drawn, as on a terminal
  // that writes light on dark.
  [[nodiscard]] std::string half_blocks() const;
  // One unit per module, with the margin, dark on white; scales without loss. Each line of
  // `caption` is below it, so large that the longest one fits its width; they may contain anything.
  [[nodiscard]] std::string svg(const std::vector<std::string>& caption = {}) const;
  // The same as a part of an HTML page, which says how large it is; `label` is for who cannot see
  // it, and has no character that HTML knows.
  [[nodiscard]] std::string svg_in_page(std::string_view label) const;

 private:
  QrCode(unsigned width, std::vector<bool> dark) : width_(width), dark_(std::move(dark)) {}
  [[nodiscard]] unsigned side() const;
  [[nodiscard]] std::string svg_path() const;
  unsigned width_;
  std::vector<bool> dark_;  // row by row
};

}  // namespace keyrite::transcript
