// transcript witness request and attach: somebody outside checks that the log only ever grew, and
// signs its checkpoint with the time (c2sp.org/tlog-witness, c2sp.org/tlog-cosignature). The body
// goes out as a file and the signature lines come back as one. Never at a token. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "act/request.h"
#include "audit/transcript_source.h"
#include "base/clock.h"

namespace keyrite::audit {

// Beside the log: witnessed/SIZE, and witnessed/vkeys, who the witnesses were said to be.
inline constexpr const char* kWitnessed = "witnessed";

struct RequestWitnessRequest {
  std::string folder{};
  std::vector<std::string> vkey{};
  std::string old{};  // the size that the witness has, 0 for none
  std::string out{};
  [[nodiscard]] static const std::vector<act::Field<RequestWitnessRequest>>& table();
};
struct AttachWitnessRequest {
  std::string folder{};
  std::vector<std::string> vkey{};  // of the witness, and of the log where no site names it
  std::string reply{};
  [[nodiscard]] static const std::vector<act::Field<AttachWitnessRequest>>& table();
};

struct RequestedWitness {
  AuditedTranscript audited{};
  std::uint64_t old_size{};
  [[nodiscard]] Json to_json() const;
};
// Verifies the transcript, keeps the checkpoint beside it, and writes the body of add-checkpoint.
// Errors: those of transcript_source, audit and write_new_file; kUsage "witness-old-invalid" (no
// number, or more than the checkpoint signs).
[[nodiscard]] RequestedWitness request_witness(const RequestWitnessRequest& request);

struct AttachedWitness {
  AuditedTranscript audited{};      // of the log as it is now
  std::uint64_t size{};             // of the checkpoint that was cosigned
  std::string witness{};            // its name
  std::optional<TimePoint> time{};  // nullopt: the witness names none (c2sp.org/tlog-cosignature)
  std::string place{};              // the file that has the checkpoint with the line
  // What people must know of it: a line without a time, or of a time to come; lines that were
  // ignored, such as those of ML-DSA-44.
  std::vector<std::string> remarks{};
  [[nodiscard]] Json to_json() const;
};
// Finds the checkpoint, of those that were sent out, that the witness signed; verifies that the log
// still holds it; and writes witnessed/SIZE beside the log, or adds the line there. Errors: those
// of transcript_source and audit; kUsage "witness-vkey" (not exactly one vkey of a witness);
// kVerification "witness-reply-invalid" (no signature lines), "witness-conflict" (the witness has
// another size, as a 409 answers), "witness-other-key" (no line by this witness),
// "witness-signature-wrong" (over no checkpoint that was sent out), "witness-attached" (the file
// has this line already).
[[nodiscard]] AttachedWitness attach_witness(const AttachWitnessRequest& request, TimePoint now);

}  // namespace keyrite::audit
