// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The file apart from the log's folder that has the last signed checkpoint: after the folder came
// back from a backup it tells that something is missing. Remembers what this writer read or wrote
// there; one thread.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "transcript/log_writer.h"
#include "transcript/merkle.h"
#include "transcript/signer.h"

namespace keyrite::transcript {

class LastSigned {
 public:
  explicit LastSigned(std::string path) : path_(std::move(path)) {}

  // What was signed last, as the file says; where that is missing, a person. Errors kVerification
  // "last-signed-missing", "last-signed-other"; those of read_head.
  [[nodiscard]] TreeHead head(const TreeHead& published, const Signer& signer,
                              const std::optional<LogPlace::AcceptedLoss>& loss);
  // There is no such file, and a person said what it was.
  [[nodiscard]] bool is_lost() const { return lost_; }

  // Nobody else wrote it since this writer looked. Error kVerification "last-signed-changed".
  void require_unchanged() const;
  // Error kFailed "file-unwritable". What it then has is to be remembered.
  void write(const std::string& checkpoint) const;
  // Whether the file has exactly this; false too where it cannot be read.
  [[nodiscard]] bool has(const std::string& checkpoint) const;
  // It has this now, whoever wrote it.
  void remember(const std::string& checkpoint) {
    content_.assign(checkpoint.begin(), checkpoint.end());
  }
  // Of a file that was lost: the checkpoint that is published takes its place.
  void restore(const std::string& published);

 private:
  std::string path_;
  Bytes content_{};
  bool lost_{false};
};

}  // namespace keyrite::transcript
