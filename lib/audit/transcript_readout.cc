#include "audit/transcript_readout.h"

#include <fmt/format.h>

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
  };
  return fields;
}

Readout read_out(const ReadoutRequest& request) {
  const TranscriptSource source = transcript_source(request.folder, request.vkey);
  Readout readout{.audited = audit(source)};
  const auto& checkpoint = readout.audited.verified.checkpoint;
  readout.root_words = pgp_words(checkpoint.head.root);
  const std::string whole = as_text(audited_checkpoint(source, readout.audited));
  auto code = transcript::QrCode::of(whole);
  readout.qr_is_signed = code.has_value();
  if (!code) code = transcript::QrCode::of(checkpoint.text());
  if (code) {
    readout.qr_text = readout.qr_is_signed ? whole : checkpoint.text();
    readout.qr_blocks = code->half_blocks();
  }
  if (request.qr && !code) {
    throw Error(
        Kind::kFailed, "qr-too-long",
        fmt::format("the origin of {} bytes does not fit into a QR code", checkpoint.origin.size()),
        "leave --qr out, and carry the checkpoint file");
  }
  if (request.qr) write_new_file(*request.qr, as_bytes(code->svg()));
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
