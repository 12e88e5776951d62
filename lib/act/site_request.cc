#include "act/site_request.h"

#include "act/option_words.h"

namespace keyrite::act {

const std::vector<Field<SiteRequest>>& SiteRequest::table_without_approval() {
  using R = SiteRequest;
  static const std::vector<Field<R>> fields{
      {{.name = "site",
        .value = "FOLDER",
        .help = "the site in whose transcript this is logged; token, PIN source and policy are "
                "those of its site.toml",
        .default_text = "KEYRITE_SITE, else none: nothing is logged",
        .binds = Binds::name()},
       &R::site},
      {{.name = "operator",
        .value = "NAME",
        .help = "who runs this, as the roster names people",
        .default_text = "the person to whom the roster gives the user's name on this machine",
        .binds = Binds::plain()},
       &R::operator_name},
      {{.name = "wait",
        .value = "SECONDS",
        .help = "how long to wait while another act writes the log; 0: not at all",
        .default_text = "30",
        .binds = Binds::plain()},
       &R::wait},
  };
  return fields;
}

const std::vector<Field<SiteRequest>>& SiteRequest::table() {
  using R = SiteRequest;
  static const std::vector<Field<R>> fields = [] {
    auto all = table_without_approval();
    all.push_back({{.name = "approval",
                    .value = "FILE",
                    .help = "approvals of this act, as each approver signed its statement; or the "
                            "folder of the statement with them in it",
                    .binds = Binds::input()},
                   &R::approval});
    all.push_back({{.name = "campaign",
                    .value = "ID",
                    .help = "act under this campaign, which was approved once for many acts, and "
                            "ask nobody",
                    .binds = Binds::word(is_id_word)},
                   &R::campaign});
    return all;
  }();
  return fields;
}

}  // namespace keyrite::act
