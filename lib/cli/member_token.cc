#include "cli/member_token.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "pkcs11/token.h"

namespace keyrite::cli {

namespace {

act::TokenBinding binding_of(const std::string& uri, const act::TokenBinding& of_site) {
  const auto parsed = pkcs11::TokenUri::parse(uri);
  if (parsed.pin_source()) {
    throw Error(Kind::kUsage, "pin-sources-conflict",
                fmt::format("{} names a source of PINs, and the site has its own", printable(uri)),
                "leave pin-source out: the PIN of each member comes from where the site's does");
  }
  act::TokenBinding binding = of_site;
  binding.uri = uri;
  return binding;
}

}  // namespace

const std::vector<act::Field<MemberRequest>>& MemberRequest::table() {
  using R = MemberRequest;
  static const std::vector<act::Field<R>> fields{
      {{.name = "member",
        .value = "URI",
        .help = "another token of the site's cluster, by its own RFC 7512 URI: it has the key that "
                "signs the site's log, too; once for each",
        .binds = act::Binds::name()},
       &R::member}};
  return fields;
}

std::vector<act::TokenBinding> tokens_of(const MemberRequest& members, const Run& run) {
  std::vector<act::TokenBinding> tokens{run.context.token};
  if (members.member.empty()) return tokens;
  if (!run.context.site) {
    throw Error(Kind::kUsage, "member-without-site",
                "--member names another token of a site, and there is no site",
                "give --site, or set KEYRITE_SITE; without a site --token names the token");
  }
  for (const auto& uri : members.member) tokens.push_back(binding_of(uri, tokens.front()));
  return tokens;
}

}  // namespace keyrite::cli
