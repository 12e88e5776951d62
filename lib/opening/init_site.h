// init-site makes a site: the log-signing key in the token (Ed25519 if the token makes one that
// works, otherwise EC P-256; never extractable), and the folder with its configuration, its public
// keys and an empty signed log, whole or not at all. If the folder cannot be written, init-site
// removes the key again. One session, one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/context.h"
#include "act/request.h"
#include "approval/roster.h"
#include "site/last_signed.h"
#include "site/layout.h"
#include "site/site.h"

namespace keyrite::act {
struct Act;
class TokenSession;
}  // namespace keyrite::act

namespace keyrite::opening {

struct InitSiteRequest {
  std::string folder{};
  std::string origin{};
  bool same_origin{false};              // although the token holds the key of a log of that name
  std::optional<std::string> roster{};  // file
  std::optional<std::string> key_type{};
  std::optional<std::string> last_signed{};  // file outside of the folder; or site::kInSite
  std::optional<std::string> pin_file{};     // for the acts to come
  std::optional<std::string> so_pin_file{};
  std::optional<std::uint32_t> approval_hours{};
  bool initiator_counts{false};
  bool user_verification{false};
  [[nodiscard]] static const std::vector<act::Field<InitSiteRequest>>& table();
};

struct InitSitePlan {
  InitSiteRequest request{};
  site::Settings settings{};
  Bytes key_id{};
  std::vector<std::string> key_types{};  // in the order in which they are tried
  std::optional<Bytes> roster{};         // the file's bytes, which were read as a roster
  std::size_t approvers{};               // in it
  [[nodiscard]] bool in_site() const { return settings.log.last_signed == site::kInSite; }
  [[nodiscard]] Json to_json() const;
};

struct MadeSite {
  site::Site site;
  std::string key_type{};
  std::string why_not_first{};  // why the first key type was not taken; empty when it was
  std::size_t approvers{};      // in the roster
  [[nodiscard]] Json to_json() const;
};

// What ends init-site: what is written down and kept outside of this machine (the vkey, also as a
// SHA-256, as words and as a QR code), who may approve, by which keys, and what the policy of the
// site needs for which act; and what comes next.
[[nodiscard]] std::string closing_of(const MadeSite& made,
                                     const std::optional<approval::Roster>& roster,
                                     const act::Context& context);

// `id` is the random CKA_ID of the log-signing key; `state` where the last signed checkpoint may be
// kept when the request does not say. Without a roster policy says that it needs nobody. Errors:
// kUsage "output-exists", "last-signed-option-in-site" (a file in the folder that is to be made);
// kConfig "config-writable-by-others" (of the folder around it), those of
// site::choose_last_signed, site::require_origin, site::require_readable and read_roster; kFailed
// "file-unwritable".
[[nodiscard]] InitSitePlan plan(const InitSiteRequest& request, const act::Context& context,
                                ByteView id, const std::vector<site::StateFolder>& state);

// Errors: kToken "origin-taken" (the token holds the key of a log of this name; version 0.1.0 gave
// its keys no such label); those of generate-kek's perform(), write_new_folder; kUnknownOutcome
// "key-remains" when the folder could not be written and the key not be removed.
[[nodiscard]] MadeSite perform(const InitSitePlan& plan, const act::Context& context,
                               act::TokenSession& token);

// All of it as an act: act/act.h. No site is there whose log could tell of it beforehand.
[[nodiscard]] act::Act init_site(const InitSiteRequest& request,
                                 const std::vector<site::StateFolder>& state);

}  // namespace keyrite::opening
