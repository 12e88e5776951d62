#include "provider/cloud_name.h"

#include "provider/aws/key_material.h"
#include "provider/azure/judge.h"
#include "provider/google/judge.h"
#include "provider/name_form.h"

namespace keyrite::provider {
namespace {

bool is_within(std::string_view inner, std::string_view outer) {
  return inner.size() > outer.size() && inner.starts_with(outer) && inner[outer.size()] == '/';
}

}  // namespace

bool names_bundle_key(const Expected& expected, std::string_view name) {
  switch (expected.provider) {
    case Provider::kAws:
      return aws::is_bundle_key(expected, name);
    case Provider::kAzure:
      return azure::is_bundle_key(expected, name);
    case Provider::kGoogle:
      return google::is_bundle_key(expected, name);
  }
  return false;
}

std::string normal_name(Provider provider, std::string_view name) {
  switch (provider) {
    case Provider::kAws:
      return std::string(aws::bare_id(name));
    case Provider::kAzure:
      return lower_case(name);
    case Provider::kGoogle:
      break;
  }
  return std::string(name);
}

bool may_be_same(std::string_view one, std::string_view other) {
  return one == other || is_within(one, other) || is_within(other, one);
}

}  // namespace keyrite::provider
