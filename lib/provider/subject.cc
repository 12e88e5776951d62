// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"
#include "provider/answer_check.h"

namespace keyrite::provider {

Finding Subject::equal(Basis basis, std::string reason) const {
  return {file, what, Result::kEqual, basis, std::move(reason), {}, named};
}
Finding Subject::different(Basis basis, std::string reason) const {
  return {file, what, Result::kDifferent, basis, std::move(reason), {}, named};
}
Finding Subject::consistent(std::string reason) const {
  return {file, what, Result::kConsistent, Basis::kProviderStatement, std::move(reason), {}, named};
}
Finding Subject::not_proof(std::string reason) const {
  return {file, what, Result::kNotProof, Basis::kProviderStatement, std::move(reason), {}, named};
}
Finding Subject::contradicts(std::string reason) const {
  return {file, what, Result::kContradicts, Basis::kProviderStatement, std::move(reason),
          {},   named};
}
Finding Subject::unreadable(std::string reason) const {
  return {file, what, Result::kUnreadable, Basis::kProviderStatement, std::move(reason)};
}
Finding Subject::unreadable(const Error& error) const {
  Finding finding = unreadable(error.message());
  finding.code = error.code();
  return finding;
}

Finding Subject::unreadable(const ForeignForm& form) const {
  Finding finding = unreadable(form.what + "; " + form.remedy);
  finding.code = form.code;
  return finding;
}

std::string Subject::with_name(std::string text) const {
  if (named.empty()) {
    text += "; the file does not name a cloud key, so it does not say where the key is";
  } else if (expected->cloud_key.empty()) {
    text +=
        "; the bundle does not name the cloud key, so keyrite could not check that the right key "
        "answered";
  }
  return text;
}

Finding Subject::only_text() const {
  Finding finding =
      unreadable("it has the length of an answer but contains only text, which no answer does");
  finding.code = "file-text";
  return finding;
}

}  // namespace keyrite::provider
