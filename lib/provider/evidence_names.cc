// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"
#include "base/text.h"
#include "provider/evidence.h"
#include "provider/name_form.h"

namespace keyrite::provider {

std::string_view result_name(Result result) {
  switch (result) {
    case Result::kEqual:
      return "equal";
    case Result::kConsistent:
      return "consistent";
    case Result::kDifferent:
      return "different";
    case Result::kNotProof:
      return "not proof";
    case Result::kContradicts:
      return "contradicts";
    case Result::kUnreadable:
      break;
  }
  return "unreadable";
}

std::string_view basis_name(Basis basis) {
  return basis == Basis::kCryptographic ? "cryptographic" : "provider statement";
}

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kProven:
      return "proven";
    case Verdict::kDifferent:
      return "different";
    case Verdict::kConsistentNotProven:
      break;
  }
  return "consistent but not proven";
}

Basis parse_basis(std::string_view name) {
  if (name == "cryptographic") return Basis::kCryptographic;
  if (name == "statement") return Basis::kProviderStatement;
  throw Error(Kind::kUsage, "basis-unknown", "keyrite does not know the basis " + in_quotes(name),
              "give cryptographic or statement");
}

bool satisfies(const Judgement& judgement, Basis required) {
  return judgement.verdict == Verdict::kProven &&
         (required == Basis::kProviderStatement || judgement.basis == Basis::kCryptographic);
}

}  // namespace keyrite::provider
