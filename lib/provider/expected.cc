#include "provider/expected.h"

#include <algorithm>
#include <set>

#include "base/document.h"
#include "base/error.h"
#include "crypto/digest.h"
#include "crypto/public_key.h"

namespace keyrite::provider {
namespace {

constexpr DocumentKind kDocument{kExpectedFormat, kExpectedVersion, "expected"};

Json answers_json(const std::vector<ExpectedAnswer>& answers) {
  Json list = Json::array();
  for (const ExpectedAnswer& answer : answers) {
    list.push_back({{"id", answer.id},
                    {"algorithm", answer.algorithm},
                    {"iv", text_or_null(answer.iv)},
                    {"bytes", answer.answer_bytes},
                    {"sha256", answer.answer_sha256}});
  }
  return list;
}

// An id is a slug of our own, unique among answers, signatures and what was not asked.
std::string read_id(const JsonView& item, std::set<std::string>& seen) {
  const JsonView field = item.at("id");
  std::string id = field.text();
  const auto is_slug = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  if (id.empty() || !std::all_of(id.begin(), id.end(), is_slug)) {
    refuse_value(field, kDocument, "it must have only a-z, 0-9 and '-'");
  }
  if (!seen.insert(id).second) {
    refuse_value(field, kDocument, "\"" + id + "\" occurs twice");
  }
  return id;
}

ExpectedAnswer read_answer(const JsonView& item, std::set<std::string>& seen) {
  require_only(item, kDocument, {"id", "algorithm", "iv", "bytes", "sha256"});
  ExpectedAnswer answer;
  answer.id = read_id(item, seen);
  answer.algorithm = one_line_text(item.at("algorithm"), kDocument);
  if (const auto iv = item.find("iv")) {
    answer.iv = hex_text(*iv, kDocument);
  }
  answer.answer_bytes = count_of(item.at("bytes"), kDocument);
  // Shorter answers could be guessed from their digest.
  if (answer.answer_bytes < 16) {
    refuse_value(item.at("bytes"), kDocument, "an answer has 16 bytes or more");
  }
  answer.answer_sha256 = sha256_text(item.at("sha256"), kDocument);
  return answer;
}

void read_lists(const JsonView& document, Expected& expected) {
  std::set<std::string> seen;
  for (const JsonView& item : document.at("answers").items()) {
    expected.answers.push_back(read_answer(item, seen));
  }
  for (const JsonView& item : document.at("signatures").items()) {
    require_only(item, kDocument, {"id", "algorithm"});
    ExpectedSignature signature;
    signature.id = read_id(item, seen);
    signature.algorithm = one_line_text(item.at("algorithm"), kDocument);
    expected.signatures.push_back(std::move(signature));
  }
  for (const JsonView& item : document.at("not_asked").items()) {
    require_only(item, kDocument, {"id", "reason"});
    NotAsked row;
    row.id = read_id(item, seen);
    row.reason = one_line_text(item.at("reason"), kDocument);
    expected.not_asked.push_back(std::move(row));
  }
  for (const JsonView& item : document.at("check_values").items()) {
    require_only(item, kDocument, {"alg", "value"});
    expected.check_values.push_back(
        {one_line_text(item.at("alg"), kDocument), hex_text(item.at("value"), kDocument)});
  }
}

void read_key(const JsonView& document, Expected& expected) {
  const JsonView key = document.at("key");
  require_only(key, kDocument, {"label", "type"});
  expected.key_label = key.text("label");
  try {
    expected.key_type = parse_key_type(key.text("type"));
  } catch (const Error& error) {
    refuse_value(key.at("type"), kDocument, error.message());
  }
  const JsonView cloud = document.at("cloud");
  require_only(cloud, kDocument, {"key", "algorithm", "key_material_id"});
  expected.cloud_key = text_or_empty(cloud, "key", kDocument);
  expected.cloud_algorithm = text_or_empty(cloud, "algorithm", kDocument);
  if (const auto id = cloud.find("key_material_id")) {
    expected.key_material_id = sha256_text(*id, kDocument);
  }
}

void read_public_key(const JsonView& document, Expected& expected) {
  const auto field = document.find("public_key");
  if (field.has_value() == expected.key_type.is_secret()) {
    refuse_value(
        document, kDocument,
        field ? "a secret key has no public_key" : "the public_key of the key pair is missing");
  }
  if (!field) {
    if (!document.at("signatures").items().empty()) {
      refuse_value(document.at("signatures"), kDocument, "signatures need a public_key");
    }
    return;
  }
  const Bytes der = from_base64(field->text(), field->where());
  const auto key = crypto::PublicKey::from_spki(der, field->where());
  if (!(key.type() == expected.key_type)) {
    refuse_value(
        *field, kDocument,
        "it is of type " + key.type().name() + ", but the key is " + expected.key_type.name());
  }
  if (key.spki() != der) {
    refuse_value(*field, kDocument, "it is not in canonical DER");
  }
  expected.public_key = der;
}

void read_challenge(const JsonView& document, Expected& expected) {
  const JsonView challenge = document.at("challenge");
  require_only(challenge, kDocument, {"base64", "sha256"});
  expected.challenge = from_base64(challenge.text("base64"), challenge.at("base64").where());
  if (crypto::sha256_hex(expected.challenge) != sha256_text(challenge.at("sha256"), kDocument)) {
    throw Error(Kind::kConfig, "challenge-mismatch",
                challenge.where() + ": the challenge does not match its digest",
                "somebody edited the file; verify the bundle");
  }
}

}  // namespace

std::string_view purpose_name(Purpose purpose) {
  return purpose == Purpose::kImport ? "import" : "verification";
}

Purpose parse_purpose(std::string_view name) {
  for (const Purpose purpose : {Purpose::kImport, Purpose::kVerification}) {
    if (purpose_name(purpose) == name) {
      return purpose;
    }
  }
  throw Error(Kind::kConfig, "purpose-unknown",
              "keyrite does not know the purpose \"" + std::string(name) + "\"",
              "give import or verification");
}

Json to_json(const Expected& expected) {
  Json document;
  document["format"] = kExpectedFormat;
  document["version"] = kExpectedVersion;
  document["provider"] = provider_name(expected.provider);
  document["purpose"] = purpose_name(expected.purpose);
  document["key"] = {{"label", expected.key_label}, {"type", expected.key_type.name()}};
  document["cloud"] = {{"key", text_or_null(expected.cloud_key)},
                       {"algorithm", text_or_null(expected.cloud_algorithm)},
                       {"key_material_id", text_or_null(expected.key_material_id.value_or(""))}};
  document["public_key"] =
      expected.public_key.empty() ? Json(nullptr) : Json(to_base64(expected.public_key));
  document["challenge"] = {{"base64", to_base64(expected.challenge)},
                           {"sha256", crypto::sha256_hex(expected.challenge)}};
  document["answers"] = answers_json(expected.answers);
  document["signatures"] = Json::array();
  for (const ExpectedSignature& signature : expected.signatures) {
    document["signatures"].push_back({{"id", signature.id}, {"algorithm", signature.algorithm}});
  }
  document["not_asked"] = Json::array();
  for (const NotAsked& row : expected.not_asked) {
    document["not_asked"].push_back({{"id", row.id}, {"reason", row.reason}});
  }
  document["check_values"] = crypto::to_json(expected.check_values);
  return document;
}

Expected expected_from_json(const Json& document, std::string_view origin) {
  const JsonView view(document, std::string(origin));
  require_kind(view, kDocument);
  require_only(view, kDocument,
               {"format", "version", "provider", "purpose", "key", "cloud", "public_key",
                "challenge", "answers", "signatures", "not_asked", "check_values"});
  Expected expected;
  try {
    expected.provider = parse_provider(view.text("provider"));
  } catch (const Error& error) {
    if (error.code() != "provider-unknown") {
      throw;
    }
    refuse_value(view.at("provider"), kDocument, error.message());
  }
  expected.purpose = parse_purpose(view.text("purpose"));
  read_key(view, expected);
  read_public_key(view, expected);
  read_challenge(view, expected);
  read_lists(view, expected);
  return expected;
}

}  // namespace keyrite::provider
