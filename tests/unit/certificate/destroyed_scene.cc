// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "unit/certificate/destroyed_scene.h"

#include <doctest/doctest.h>

#include <filesystem>

#include <fmt/format.h>

#include "base/canonical_json.h"
#include "base/error.h"
#include "certificate/gathering.h"
#include "crypto/digest.h"
#include "transcript/entry.h"

namespace keyrite::test {

namespace {

constexpr const char* kDecision =
    R"({"content":{"account":"111122223333","algorithm":"SYMMETRIC_DEFAULT","container":"","name":"alias/acme","options":"{}","provider":"aws","region":"eu-west-1","region_declared":true,"retired_ms":null,"retired_reason":null},"kind":"destination","number":0,"revision":1,"salt":"00112233445566778899aabbccddeeff","subject":"77aa66bfc7314e1f9b36e5f160e3d96e"})";

Json version_ref() { return {{"key", kKeyId}, {"number", 1}}; }

Json with(Json object, const Json& more) {
  object.update(more);
  return object;
}

Json change(const char* name, const Json& what) { return Json{{name, what}}; }

Json changes(const std::vector<Json>& list) { return {{"changes", list}}; }

}  // namespace

DestroyedScene::DestroyedScene() {
  std::filesystem::create_directories(shop().folder() / "site/transcript/evidence");
}

Bytes DestroyedScene::signature_over(const std::string& text) const {
  return transcript::parse_note(log_.signed_by(vkey(), text), "signed").signatures.front().value;
}

void DestroyedScene::add(Json content, bool vouched) {
  auto& lines = log_.lines();
  transcript::Place place{.seq = lines.size()};
  transcript::Hasher hasher;
  if (!lines.empty()) place.prev = hasher.leaf(as_bytes(lines.back()));
  transcript::Voucher voucher;
  if (vouched) {
    voucher = [this](std::string_view bare) {
      return to_base64(signature_over(transcript::vouch_text(kOrigin, bare)));
    };
  }
  content["time"] = fmt::format("2026-11-29T12:{:02}:{:02}Z", lines.size() / 60, lines.size() % 60);
  content["operator"] = "olga@example.org";
  lines.push_back(transcript::entry_bytes(content, place, voucher));
}

void DestroyedScene::tell(const std::string& act, const Json& facts, bool vouched,
                          const Json& of_intent) {
  const std::string run = fmt::format("{:032x}", ++runs_);
  Json intent{{"act", act},
              {"event", "intent"},
              {"run", run},
              {"request", Json::object()},
              {"module", {{"path", "/opt/hsm.so"}, {"sha256", std::string(64, 'a')}}},
              {"tool", {{"sha256", std::string(64, 'b')}, {"version", "keyrite 0.1.0"}}},
              {"token",
               {{"firmware", "7.4"},
                {"label", "Ceremony"},
                {"manufacturer", "Example"},
                {"model", "HSM 5"},
                {"serial", serial_}}}};
  intent.update(of_intent);
  add(std::move(intent), vouched);
  Json told = facts;
  const std::string text = canonical_json(facts);
  if (text.size() > 4096) {
    const std::string sha256 = crypto::sha256_hex(as_bytes(text));
    (void)shop().put("site/transcript/evidence/" + sha256, as_bytes(text));
    told = {{"evidence_sha256", sha256}, {"evidence_bytes", text.size()}};
  }
  add({{"act", act}, {"event", "result"}, {"outcome", "done"}, {"run", run}, {"facts", told}},
      vouched);
}

void DestroyedScene::add_key(const std::string& type) {
  tell("key-add",
       changes({{{"key", kKeyId}, {"tenant", kTenantId}, {"type", type}, {"usage", "wrap"}}}),
       false);
}

void DestroyedScene::make_version(const std::string& origin) {
  tell("generate-kek",
       changes({change("version",
                       with(version_ref(),
                            {{"state", "pre-activation"},
                             {"cka_id", "62b0c1cbaf53438ff671f34993743eb8"},
                             {"origin", origin},
                             {"check_values", Json::array({{{"alg", "cka-check-value-aes-ecb-zero"},
                                                            {"value", "2289e6"}}})}})),
                change("copy",
                       with(version_ref(), {{"id", kCopyId},
                                            {"form", "token"},
                                            {"state", "present"},
                                            {"token_serial", kSerial},
                                            {"cka_id", "62b0c1cbaf53438ff671f34993743eb8"}}))}));
}

void DestroyedScene::condemn(bool vouched) {
  Json approved = Json::object();
  approved["approval"] = {{"statement_sha256", std::string(64, 'c')},
                          {"roster_sha256", std::string(64, 'd')},
                          {"by", Json::array({{{"identity", "alice@example.org"}},
                                              {{"identity", "bob@example.org"}}})}};
  tell("shred-freeze", changes({change("frozen", with(version_ref(), {{"becomes", "frozen"}}))}));
  tell("shred",
       with(changes({change("condemned", version_ref()),
                     change("version", with(version_ref(), {{"state", "deactivated"}})),
                     change("copy", {{"id", kCopyId}, {"state", "destruction-pending"}})}),
            {{"list_sha256", kListSha256},
             {"versions", 1},
             {"deks", 12},
             {"dek_list_sha256", kDekListSha256},
             {"requested_at", "2026-11-01T08:00:00Z"}}),
       vouched, approved);
}

void DestroyedScene::destroy(const std::string& outcome, const std::string& canary,
                             const std::string& serial, std::size_t found) {
  Json objects = Json::array();
  for (std::size_t i = 0; i < found; ++i) objects.push_back("0a0b");
  Json facts{{"objects_seen", 3},
             {"versions", Json::array({with(version_ref(), {{"cka_id", "62b0"},
                                                            {"destroyed", 1},
                                                            {"outcome", outcome},
                                                            {"canary", canary},
                                                            {"found", objects}})})}};
  if (outcome == "absent")
    facts.update(changes({change("copy", {{"id", kCopyId}, {"state", "destroyed"}})}));
  serial_ = serial;
  tell("shred-destroy", facts);
  serial_ = kSerial;
}

void DestroyedScene::close(const std::string& dek_list_sha256) {
  tell("shred-close",
       with(changes({change("version", with(version_ref(), {{"state", "destroyed"}}))}),
            {{"deks", 12}, {"dek_list_sha256", dek_list_sha256}}));
}

void DestroyedScene::shred() {
  add_key();
  make_version();
  condemn();
  destroy();
  close();
}

void DestroyedScene::wrap_for(const std::string& provider, const std::string& until) {
  tell("wrap-for-import",
       with(changes({change("copy", with(version_ref(), {{"id", std::string(32, 'e')},
                                                         {"form", "bundle"},
                                                         {"state", "given-away"},
                                                         {"sha256", kManifestSha256}})),
                     change("placement", with(version_ref(), {{"destination", kDestinationId},
                                                              {"state", "wrapped"}}))}),
            {{"bundles", Json::array({{{"manifest_sha256", kManifestSha256},
                                       {"provider", provider},
                                       {"valid_until", until}}})}}));
}

void DestroyedScene::place(const std::string& state, const std::string& until, bool vouched) {
  Json placement = with(version_ref(), {{"destination", kDestinationId}, {"state", state}});
  if (!until.empty()) placement["until"] = until;
  tell("shred-deletion", changes({change("placement", placement)}), vouched);
}

std::string DestroyedScene::decide_destination(const Json& more) {
  Json document = parse_json(as_bytes(std::string_view(kDecision)), "a decision");
  document["content"].update(more);
  const std::string text = canonical_json(document);
  tell("destination-add",
       changes({change("decision", {{"kind", "destination"},
                                    {"subject", kDestinationId},
                                    {"number", 0},
                                    {"revision", 1},
                                    {"sha256", crypto::sha256_hex(as_bytes(text))}})}),
       false);
  return text;
}

void DestroyedScene::write() {
  const std::string checkpoint = log_.checkpoint(log_.lines().size());
  std::string log;
  for (const auto& line : log_.lines()) log += line + "\n";
  (void)shop().put("site/transcript/log.jsonl", as_bytes(log));
  (void)shop().put("site/transcript/checkpoint", as_bytes(checkpoint));
}

site::Site DestroyedScene::site() const {
  return {.folder = (shop().folder() / "site").native(), .log_key = vkey()};
}

certificate::Document DestroyedScene::document(const certificate::GivenNames& names,
                                               const std::vector<std::string>& decisions) {
  write();
  auto gathered = certificate::gather(site(), scope_);
  return {.origin = kOrigin,
          .issued = "2026-11-29T13:00:00Z",
          .tool = "keyrite 0.1.0",
          .scope = scope_,
          .names = names,
          .entries = std::move(gathered.entries),
          .decisions = decisions,
          .checkpoint = std::move(gathered.checkpoint)};
}

std::string DestroyedScene::file(const certificate::Document& document) const {
  const auto told = certificate::told_by(
      document, [&](const Json& entry) { return transcript::is_vouched(entry, vkey()); });
  const auto facts =
      certificate::facts_of(document.scope, told, certificate::documents_of(document));
  return signed_file(
      certificate::body_of(
          document, facts,
          certificate::statement_of(facts, document.names, certificate::words_of(document))),
      document);
}

std::string DestroyedScene::signed_file(const std::string& body,
                                        const certificate::Document& document) const {
  const auto note =
      transcript::parse_note(log_.signed_by(vkey(), certificate::text_to_sign(document, body)), "");
  std::string line = note.signatures.front().line();
  line.pop_back();
  return certificate::file_of(body, {line});
}

certificate::Verified DestroyedScene::verified(std::string_view file) const {
  return certificate::verify_certificate(file, {vkey()}, "certificate.json");
}

certificate::Facts DestroyedScene::facts() { return verified(file(document())).facts; }

certificate::Statement DestroyedScene::statement(const certificate::GivenNames& names) {
  return verified(file(document(names))).statement;
}

std::string DestroyedScene::refusal(std::string_view file) const {
  try {
    (void)verified(file);
    return "";
  } catch (const Error& error) {
    return error.code();
  }
}

}  // namespace keyrite::test
