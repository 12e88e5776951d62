#include "provider/cloud_name.h"

#include "provider/cloud_table.h"

namespace keyrite::provider {
namespace {

bool is_within(std::string_view inner, std::string_view outer) {
  return inner.size() > outer.size() && inner.starts_with(outer) && inner[outer.size()] == '/';
}

}  // namespace

bool names_bundle_key(const Expected& expected, std::string_view name) {
  return cloud_of(expected.provider).is_bundle_key(expected, name);
}

std::string normal_name(Provider provider, std::string_view name) {
  return cloud_of(provider).normal_name(name);
}

bool may_be_same(std::string_view one, std::string_view other) {
  return one == other || is_within(one, other) || is_within(other, one);
}

}  // namespace keyrite::provider
