// A QR code (ISO/IEC 18004) of a checkpoint, so that a telephone can take it out of a room that no
// file leaves: libqrencode makes the matrix, this draws it. Value type; any thread.
#pragma once

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

  // The bytes as they are (8-bit mode, level L); nullopt when that takes more than `widest` modules
  // on a side. Error kInternal "qr-code" when libqrencode cannot work.
  [[nodiscard]] static std::optional<QrCode> of(std::string_view text, unsigned widest = kWidest);

  [[nodiscard]] unsigned width() const { return width_; }  // modules on a side, without the margin
  [[nodiscard]] bool dark(unsigned x, unsigned y) const { return dark_[y * width_ + x]; }
  // Half blocks, two modules in each, with the margin; light modules are drawn, as on a terminal
  // that writes light on dark.
  [[nodiscard]] std::string half_blocks() const;
  // One unit per module, with the margin, dark on white; scales without loss.
  [[nodiscard]] std::string svg() const;

 private:
  QrCode(unsigned width, std::vector<bool> dark) : width_(width), dark_(std::move(dark)) {}
  unsigned width_;
  std::vector<bool> dark_;  // row by row
};

}  // namespace keyrite::transcript
