// The options of init-site.
#include <utility>

#include "opening/init_site.h"

namespace keyrite::opening {

namespace {

// What site.toml says from the beginning.
std::vector<act::Field<InitSiteRequest>> settings_fields() {
  using R = InitSiteRequest;
  return {
      {{.name = "site-pin-file",
        .value = "FILE",
        .help = "the PIN file that later commands use",
        .default_text = "none: each command is given a PIN source, or asks",
        .binds = act::Binds::name()},
       &R::pin_file},
      {{.name = "site-so-pin-file",
        .value = "FILE",
        .help = "the same for the security officer's PIN",
        .binds = act::Binds::name()},
       &R::so_pin_file},
      {{.name = "approval-hours",
        .value = "N",
        .help = "hours for which an approval statement is valid",
        .default_text = "72",
        .binds = act::Binds::plain()},
       &R::approval_hours},
      {{.name = "initiator-counts",
        .help = "let the person who asks for an act also approve it",
        .binds = act::Binds::plain()},
       &R::initiator_counts},
      {{.name = "user-verification",
        .help = "count approvals by an authenticator only if it asked for its PIN or a finger",
        .binds = act::Binds::plain()},
       &R::user_verification},
  };
}

}  // namespace

const std::vector<act::Field<InitSiteRequest>>& InitSiteRequest::table() {
  using R = InitSiteRequest;
  static const std::vector<act::Field<R>> fields = [] {
    std::vector<act::Field<R>> all{
        {{.name = "folder",
          .value = "FOLDER",
          .help = "the site to make; must not exist",
          .need = act::Need::kRequired,
          .shape = act::Shape::kPositional,
          .binds = act::Binds::output()},
         &R::folder},
        {{.name = "origin",
          .value = "NAME",
          .help = "permanent, globally unique name of the log: keyrite.example/hsm1",
          .need = act::Need::kRequired,
          .binds = act::Binds::name()},
         &R::origin},
        {{.name = "same-origin",
          .help = "make the site although the token holds the key of a log of this name, which an "
                  "interrupted init-site left",
          .binds = act::Binds::plain()},
         &R::same_origin},
        {{.name = "roster",
          .value = "FILE",
          .help = "who may approve (docs/formats/approval.md); copied into the site",
          .default_text = "none: site.toml then says of each operation that it needs nobody",
          .binds = act::Binds::input()},
         &R::roster},
        {{.name = "key-type",
          .value = "TYPE",
          .help = "of the log-signing key",
          .default_text = "ed25519 where the token makes one that works, else ec-p256",
          .choices = {"ed25519", "ec-p256"},
          .binds = act::Binds::plain()},
         &R::key_type},
        {{.name = "last-signed",
          .value = "FILE",
          .help = "the file that keeps the last signed checkpoint, best on another disk: with it "
                  "keyrite detects a site that was copied or restored from a backup; \"in-site\" "
                  "keeps it in the site, and then keyrite detects neither",
          .default_text = "a file named after the log in the first of these folders that can be "
                          "written: $STATE_DIRECTORY, /var/lib/keyrite, $XDG_STATE_HOME/keyrite, "
                          "~/.local/state/keyrite",
          .binds = act::Binds::output()},
         &R::last_signed},
    };
    for (auto& field : settings_fields()) all.push_back(std::move(field));
    return all;
  }();
  return fields;
}

}  // namespace keyrite::opening
