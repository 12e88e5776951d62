#include "provider/wrapping_key_file.h"

#include <algorithm>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "provider/file_form.h"

namespace keyrite::provider {
namespace {

bool begins_as_json(const Bytes& content) {
  const auto first = std::find_if(content.begin(), content.end(), [](std::uint8_t byte) {
    return byte != ' ' && byte != '\t' && byte != '\r' && byte != '\n';
  });
  return first != content.end() && *first == '{';
}

}  // namespace

crypto::PublicKey read_wrapping_key(const InputFile& file) {
  require_no_foreign_form(file, std::nullopt);
  if (!begins_as_json(file.content)) {
    return crypto::PublicKey::from_file_content(file.content, file.name);
  }
  const Json document = parse_json(file.content, file.name);
  const JsonView view(document, file.name);
  if (const auto aws = view.find("PublicKey")) {
    return crypto::PublicKey::from_spki(from_base64(aws->text(), aws->where()), aws->where());
  }
  if (const auto google = view.find("publicKey")) {
    return crypto::PublicKey::from_pem(google->text("pem"), google->at("pem").where());
  }
  // `az keyvault key show --query key` prints the key alone.
  const auto azure = view.find("kty") ? std::optional<JsonView>(view) : view.find("key");
  if (azure) {
    const JsonView n = azure->at("n");
    const JsonView e = azure->at("e");
    return crypto::PublicKey::from_rsa(from_base64_any(n.text(), n.where()),
                                       from_base64_any(e.text(), e.where()), azure->where());
  }
  throw Error(Kind::kConfig, "wrapping-key-missing",
              printable(file.name) + " is JSON without a wrapping key",
              "give the import parameters (params.json, kek.json, job.json), or the key as PEM");
}

}  // namespace keyrite::provider
