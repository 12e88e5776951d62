#include "cli/pin_source.h"

#include <fmt/format.h>

#include <limits>
#include <memory>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "cli/pin_reader.h"

namespace keyrite::cli {
namespace {

// What differs between the two users of a token.
struct UserWords {
  std::string_view option_prefix{};  // "--pin" or "--so-pin"
  std::string_view credential{};
  std::string_view prompt{};
};
constexpr UserWords kUserWords{"--pin", "keyrite-pin", "PIN"};
constexpr UserWords kSoWords{"--so-pin", "keyrite-so-pin", "SO PIN (security officer)"};

// "file:/path", "file:///path", "file://localhost/path" or "/path" (RFC 7512 section 2.4, RFC
// 8089).
std::string path_of_pin_source(std::string_view source) {
  std::string_view path = source;
  constexpr std::string_view kScheme = "file:";
  if (path.starts_with(kScheme)) path.remove_prefix(kScheme.size());
  for (const std::string_view authority : {"//localhost/", "///"}) {
    if (path.starts_with(authority)) path.remove_prefix(authority.size() - 1);
  }
  if (!path.starts_with('/') || path.starts_with("//")) {
    throw Error(Kind::kUsage, "pin-source-unsupported",
                fmt::format("pin-source \"{}\" in the URI is not a file", printable(source)),
                "use pin-source=file:/absolute/path; keyrite runs no program for a PIN");
  }
  return std::string(path);
}

[[noreturn]] void refuse_conflict(const std::string& message) {
  throw Error(Kind::kUsage, "pin-sources-conflict", message,
              "give exactly one source for each PIN");
}

// A word typed at the wrong prompt would cost a try. Some tokens say of the longest that it is
// shorter than the shortest: then nothing is known.
void require_possible_length(const crypto::SecretBytes& pin, const pkcs11::TokenInfo& token) {
  const std::size_t length = pin.reveal().size();
  const bool known = token.longest_pin != 0 && token.longest_pin >= token.shortest_pin;
  if (!known || (length >= token.shortest_pin && length <= token.longest_pin)) return;
  throw Error(Kind::kPin, "pin-length",
              fmt::format("this cannot be a PIN of token \"{}\": its PINs have {} to {} "
                          "bytes",
                          printable(token.label), token.shortest_pin, token.longest_pin),
              "give the PIN of this token; keyrite sent nothing to it");
}

// One user type's source: what was chosen, and whether its descriptor has been read.
class ChosenSource {
 public:
  ChosenSource(PinChoice choice, const UserWords& words)
      : choice_(std::move(choice)), words_(words) {
    if (choice_.uri_source) {
      if (choice_.file) refuse_both("file", "pin-source in the URI");
      if (choice_.descriptor) refuse_both("fd", "pin-source in the URI");
      choice_.file = path_of_pin_source(*choice_.uri_source);
    } else if (choice_.file && choice_.descriptor) {
      refuse_both("fd", fmt::format("{}-file", words_.option_prefix));
    }
  }

  [[nodiscard]] std::optional<crypto::SecretBytes> read(const PinSettings& settings,
                                                        const pkcs11::TokenInfo& token) {
    if (choice_.descriptor) return read_descriptor(*choice_.descriptor);
    if (choice_.file) return read_pin_file(*choice_.file);
    if (settings.credentials_folder) {
      auto pin = read_pin_credential(*settings.credentials_folder, words_.credential);
      if (pin) return pin;
    }
    if (token.flags.protected_authentication_path) return std::nullopt;
    return ask(settings.terminal, token);
  }

 private:
  [[noreturn]] void refuse_both(std::string_view suffix, std::string_view other) const {
    refuse_conflict(
        fmt::format("both {}-{} and {} are given", words_.option_prefix, suffix, other));
  }

  crypto::SecretBytes read_descriptor(std::uint32_t descriptor) {
    // Its number may be another file's by now, which must not be sent to the token as a PIN.
    if (std::exchange(spent_, true)) {
      throw Error(Kind::kConfig, "pin-fd-unreadable",
                  fmt::format("descriptor {} has already given its PIN, and is closed", descriptor),
                  "run the command again; keyrite sent nothing to the token");
    }
    // A number beyond int is never an open descriptor; -1 gets the same answer from the system.
    const bool possible = descriptor <= std::uint32_t{std::numeric_limits<int>::max()};
    return read_pin_fd(possible ? static_cast<int>(descriptor) : -1);
  }

  [[nodiscard]] crypto::SecretBytes ask(const Terminal& terminal,
                                        const pkcs11::TokenInfo& token) const {
    auto pin = terminal.read_secret(
        fmt::format("{} of token \"{}\" ({}, serial {}): ", words_.prompt, printable(token.label),
                    printable(token.model), printable(token.serial)));
    if (pin) return std::move(*pin);
    throw Error(Kind::kUsage, "pin-no-source",
                fmt::format("the {} of token \"{}\" is needed, and there is no terminal to ask at",
                            words_.prompt, printable(token.label)),
                fmt::format("use {0}-fd, {0}-file or the systemd credential {1}",
                            words_.option_prefix, words_.credential));
  }

  PinChoice choice_;
  UserWords words_;
  bool spent_{false};
};

}  // namespace

act::PinSource make_pin_source(const PinSettings& settings) {
  const auto user = std::make_shared<ChosenSource>(settings.user, kUserWords);
  const auto so = std::make_shared<ChosenSource>(settings.so, kSoWords);
  if (settings.user.descriptor && settings.user.descriptor == settings.so.descriptor) {
    refuse_conflict(fmt::format("descriptor {} is given for both PINs", *settings.user.descriptor));
  }
  return [settings, user, so](const pkcs11::TokenInfo& token, pkcs11::UserType type) {
    auto pin = (type == pkcs11::UserType::kSo ? so : user)->read(settings, token);
    if (pin) require_possible_length(*pin, token);
    return pin;
  };
}

}  // namespace keyrite::cli
