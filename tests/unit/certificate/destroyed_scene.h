// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The log of a site in which a version was shredded, as the acts of shred write it; and its
// certificate. openssl signs log, vouches and certificate. In a folder that goes away; one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "certificate/document.h"
#include "certificate/verification.h"
#include "site/site.h"
#include "unit/transcript/log_scene.h"

namespace keyrite::test {

inline constexpr const char* kTenantId = "eb3ec3761f1d21e44f577b4563b13334";
inline constexpr const char* kKeyId = "1345dc6338cb1d203e9242f33940f172";
inline constexpr const char* kCopyId = "8fa866bfc7314e1f9b36e5f160e3d96e";
inline constexpr const char* kDestinationId = "77aa66bfc7314e1f9b36e5f160e3d96e";
inline constexpr const char* kSerial = "2a1d1007eba29520";
inline constexpr const char* kListSha256 =
    "1111111111111111111111111111111111111111111111111111111111111111";
inline constexpr const char* kDekListSha256 =
    "2222222222222222222222222222222222222222222222222222222222222222";
inline constexpr const char* kManifestSha256 =
    "3333333333333333333333333333333333333333333333333333333333333333";

class DestroyedScene {
 public:
  DestroyedScene();

  // An act's intent and its result, whose facts are these. `vouched`: by the log's key.
  void tell(const std::string& act, const Json& facts, bool vouched = true,
            const Json& of_intent = Json::object());
  // The usual story, step by step. A version that is made, condemned, destroyed and closed.
  void add_key(const std::string& type = "aes-256");
  void make_version(const std::string& origin = "logged");
  void condemn(bool vouched = true);
  void destroy(const std::string& outcome = "absent", const std::string& canary = "opens-nowhere",
               const std::string& serial = kSerial, std::size_t found = 0);
  void close(const std::string& dek_list_sha256 = kDekListSha256);
  // All of it.
  void shred();
  // A bundle for a cloud, and where its placement stands afterwards.
  void wrap_for(const std::string& provider, const std::string& until);
  void place(const std::string& state, const std::string& until = {}, bool vouched = true);
  // The decision about the destination; its document.
  std::string decide_destination(const Json& more = Json::object());

  // Signs what was told and gathers it.
  [[nodiscard]] certificate::Document document(const certificate::GivenNames& names = {{}, {}},
                                               const std::vector<std::string>& decisions = {});
  [[nodiscard]] std::string file(const certificate::Document& document) const;
  [[nodiscard]] std::string signed_file(const std::string& body,
                                        const certificate::Document& document) const;
  [[nodiscard]] certificate::Facts facts();
  [[nodiscard]] certificate::Statement statement(const certificate::GivenNames& names = {{}, {}});
  [[nodiscard]] certificate::Verified verified(std::string_view file) const;
  // The code of what verify_certificate throws; "" when it throws nothing.
  [[nodiscard]] std::string refusal(std::string_view file) const;

  [[nodiscard]] const transcript::NoteKey& vkey() const { return log_.ed25519(); }
  [[nodiscard]] const Workshop& shop() const { return log_.shop(); }
  [[nodiscard]] site::Site site() const;
  [[nodiscard]] certificate::Scope& scope() { return scope_; }

 private:
  void add(Json content, bool vouched);
  void write();
  [[nodiscard]] Bytes signature_over(const std::string& text) const;

  LogScene log_{0};
  std::size_t runs_{0};
  std::string serial_{kSerial};
  certificate::Scope scope_{.tenant = kTenantId};
};

}  // namespace keyrite::test
