#include "pkcs11/question.h"

#include <fmt/format.h>

#include <string>

namespace keyrite::pkcs11 {

Error not_found_out(std::string_view question, const Error& first, const Error& again) {
  std::string message =
      fmt::format("keyrite could not find out {}: {}", question, without_answer(first));
  message += first.message() == again.message()
                 ? std::string(", twice")
                 : fmt::format("; asked again, {} ({}); the first answer", without_answer(again),
                               again.ckr()->name);
  const std::string remedy = first.hint().empty() ? "" : first.hint() + "; ";
  return Error(Kind::kToken, std::string(kNotFoundOut), std::move(message),
               remedy +
                   "keyrite draws no conclusion from this: run the command again when the token "
                   "works")
      .with_ckr(*first.ckr());
}

}  // namespace keyrite::pkcs11
