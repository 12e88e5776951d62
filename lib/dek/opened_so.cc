// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "dek/internal/opened_so.h"

#include "act/closing.h"

namespace keyrite::dek {

std::string opened_so(const NewDekTerms& terms, const std::string& out,
                      const act::Context& context) {
  const char* what = terms.kept_by_caller
                         ? "keep the records: this site has only their SHA-256; they are opened so"
                         : "give the records to whoever uses the data keys; they are opened so";
  return act::closing(
      context, {},
      {{what, act::as_here(context, act::NextAt::kToken,
                           {"keyrite dek unwrap", act::option("tenant", terms.tenant),
                            act::option("from", out), "--reason REASON", "--out FILE"})}});
}

}  // namespace keyrite::dek
