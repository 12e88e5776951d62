#include "audit/transcript_readout.h"

#include <cstddef>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "transcript/qr_code.h"

namespace keyrite::audit {

const std::vector<act::Field<ReadoutRequest>>& ReadoutRequest::table() {
  using R = ReadoutRequest;
  static const std::vector<act::Field<R>> fields{
      {transcript_folder_field(), &R::folder},
      {vkey_field(), &R::vkey},
      {{.name = "qr",
        .value = "FILE",
        .help = "also write the QR code into a new SVG file",
        .binds = act::Binds::plain()},
       &R::qr},
      {{.name = "qr-only",
        .help = "show nothing but the QR code of the checkpoint's three lines, which fits 24 rows",
        .binds = act::Binds::plain()},
       &R::qr_only},
  };
  return fields;
}

namespace {

// What the code says, for who sees the picture and has no telephone at hand.
std::vector<std::string> caption_of(const Readout& readout, TimePoint now) {
  constexpr std::size_t kWordsInLine = 4;
  const auto& checkpoint = readout.audited.verified.checkpoint;
  std::vector<std::string> lines{
      fmt::format("log {}", checkpoint.origin),
      fmt::format("{}, read out {}", counted_entries(checkpoint.head.size), format_rfc3339(now)),
      "its root in words"};
  const auto& words = readout.root_words;
  for (std::size_t i = 0; i < words.size(); i += kWordsInLine) {
    const auto first = words.begin() + static_cast<std::ptrdiff_t>(i);
    lines.push_back(fmt::format("{}", fmt::join(first, first + kWordsInLine, " ")));
  }
  return lines;
}

}  // namespace

Readout read_out(const ReadoutRequest& request, TimePoint now, const ReadProgress& progress) {
  using transcript::QrCode;
  const TranscriptSource source = transcript_source(request.folder, request.vkey, progress);
  Readout readout{.audited = audit(source)};
  const auto& checkpoint = readout.audited.verified.checkpoint;
  readout.root_words = pgp_words(checkpoint.head.root);
  const std::string whole = as_text(audited_checkpoint(source, readout.audited));
  const unsigned widest = request.qr_only ? QrCode::kWidestIn24Rows : QrCode::kWidest;
  auto code = request.qr_only ? std::nullopt : QrCode::of(whole);
  readout.qr_is_signed = code.has_value();
  if (!code) code = QrCode::of(checkpoint.text(), widest);
  if (code) {
    readout.qr_text = readout.qr_is_signed ? whole : checkpoint.text();
    readout.qr_blocks = code->half_blocks();
  }
  if ((request.qr || request.qr_only) && !code) {
    throw Error(
        Kind::kFailed, "qr-too-long",
        fmt::format("the origin of {} bytes does not fit into a QR code{}",
                    checkpoint.origin.size(), request.qr_only ? " of 24 rows" : ""),
        request.qr_only ? "leave --qr-only out" : "leave --qr out, and carry the checkpoint file");
  }
  if (request.qr) write_new_file(*request.qr, as_bytes(code->svg(caption_of(readout, now))));
  return readout;
}

Json Readout::to_json() const {
  Json json = audited.to_json();
  json["root_words"] = root_words;
  json["qr_signed"] = qr_is_signed;
  json["qr_text"] = qr_text ? Json(*qr_text) : Json(nullptr);
  return json;
}

}  // namespace keyrite::audit
