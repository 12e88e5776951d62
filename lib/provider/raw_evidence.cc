// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "provider/raw_evidence.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/public_key.h"
#include "provider/answer_check.h"
#include "provider/aws/judge.h"
#include "provider/cloud_name.h"
#include "provider/cloud_table.h"
#include "provider/file_form.h"
#include "provider/name_form.h"

namespace keyrite::provider {

namespace {

std::string_view text_of(const Bytes& content) {
  return {reinterpret_cast<const char*>(content.data()), content.size()};
}

// Raw answers are random bytes, which may begin like JSON; but no JSON holds control characters,
// and none so short as a raw answer has any business with other scripts.
bool is_text(const Bytes& content) {
  constexpr std::size_t kLongestRaw = 144;  // an ECDSA signature of P-521
  return std::none_of(content.begin(), content.end(), [&](std::uint8_t byte) {
    const bool control = byte < 0x20 && byte != '\t' && byte != '\r' && byte != '\n';
    return control || byte == 0x7f || (byte >= 0x80 && content.size() <= kLongestRaw);
  });
}

// The bytes of one word of hex or base64, as people bring raw answers; empty when it is none.
Bytes decoded_text(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  const auto last = text.find_last_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  const std::string word(text.substr(first, last + 1 - first));
  for (const bool hex : {true, false}) {
    try {
      return hex ? from_hex(word) : from_base64_any(word, "text");
    } catch (const Error&) {
      continue;
    }
  }
  return {};
}

// One PEM public key. An attestation's certificates are PEM too.
Finding judge_pem(Subject subject, const Bytes& content) {
  subject.what = "public key (PEM)";
  if (text_of(content).find("-----BEGIN CERTIFICATE-----") != std::string_view::npos) {
    subject.what = "certificates";
    return subject.not_proof(
        "certificates belong to an attestation, and this version of keyrite does not judge "
        "attestations");
  }
  try {
    return check_public_key(subject, crypto::PublicKey::from_pem(text_of(content), subject.file));
  } catch (const Error& error) {
    return subject.unreadable(error);
  }
}

std::optional<crypto::PublicKey> der_public_key(const Subject& subject, const Bytes& content) {
  try {
    return crypto::PublicKey::from_spki(content, subject.file);
  } catch (const Error&) {
    return std::nullopt;  // a raw answer may begin with any byte
  }
}

// Raw bytes that are text are an answer only when they are the right one.
Finding judge_text(Subject subject, const Bytes& content) {
  const Provider provider = subject.expected->provider;
  if (provider == Provider::kAws) {
    const auto finding = aws::judge_error_text(*subject.expected, subject.file, as_text(content));
    if (finding) return *finding;
  }
  subject.what = "raw answer";
  for (const Bytes& bytes : {content, decoded_text(text_of(content))}) {
    Finding raw = check_raw(subject, bytes);
    if (raw.result == Result::kEqual) return raw;
  }
  subject.what = "text";
  if (const auto form = foreign_form(content, provider)) {
    return subject.unreadable(*form);
  }
  return subject.unreadable(ForeignForm{"file-text", "it contains only text, which no answer does",
                                        "give the file exactly as the client wrote it"});
}

Finding judge_binary(Subject subject, const Bytes& content) {
  const Expected& expected = *subject.expected;
  const auto form = foreign_form(content, expected.provider);
  if (form || is_text_throughout(content)) return judge_text(subject, content);
  if (auto finding = cloud_of(expected.provider).judge_binary(expected, subject.file, content)) {
    return *std::move(finding);
  }
  if (const auto key = der_public_key(subject, content)) {
    subject.what = "public key (DER)";
    return check_public_key(subject, *key);
  }
  subject.what = "raw answer";
  return check_raw(subject, content);
}

}  // namespace

bool looks_like_json(const Bytes& content) {
  if (!is_text(content)) {
    return false;
  }
  const auto first = std::find_if(content.begin(), content.end(), [](std::uint8_t byte) {
    return byte != ' ' && byte != '\t' && byte != '\r' && byte != '\n';
  });
  return first != content.end() && (*first == '{' || *first == '[');
}

Finding judge_raw(const Expected& expected, const InputFile& file, const Origins& origins) {
  Subject subject{&expected, file.name, "file"};
  if (const auto origin = origins.find(crypto::sha256_hex(file.content)); origin != origins.end()) {
    if (!names_bundle_key(expected, origin->second)) return other_key(subject, origin->second);
    subject.named = normal_name(expected.provider, origin->second);
  }
  return is_pem(text_of(file.content)) ? judge_pem(subject, file.content)
                                       : judge_binary(subject, file.content);
}

}  // namespace keyrite::provider
