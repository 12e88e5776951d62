#include "act/token_request.h"

namespace keyrite::act {

const std::vector<Field<TokenRequest>>& TokenRequest::table() {
  using R = TokenRequest;
  static const std::vector<Field<R>> table{
      {{.name = "token",
        .value = "URI",
        .help = "RFC 7512 URI of the token, such as pkcs11:token=ceremony; exactly one must match. "
                "pin-source=file:/path is honoured, pin-value is refused; required without a site",
        .binds = Binds::name()},
       &R::token},
      {{.name = "module",
        .value = "PATH",
        .help = "the PKCS#11 module, by its absolute path",
        .default_text = "module-path of the URI, else the modules registered with p11-kit",
        .binds = Binds::input()},
       &R::module},
      {{.name = "module-init-args",
        .value = "TEXT",
        .help = "text for C_Initialize, for a module named with --module or module-path that needs "
                "one; a registered module gets its x-init-reserved",
        .binds = Binds::name()},
       &R::module_init_args},
      {{.name = "pin-fd",
        .value = "N",
        .help = "read the PIN from open descriptor N",
        .binds = Binds::plain()},
       &R::pin_fd},
      {{.name = "pin-file",
        .value = "FILE",
        .help = "read the PIN from a file that only its owner may use",
        .default_text = "the systemd credential keyrite-pin, else the token's PIN pad, else the "
                        "terminal",
        .binds = Binds::name()},
       &R::pin_file},
  };
  return table;
}

}  // namespace keyrite::act
