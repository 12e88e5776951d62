#include "audit/internal/approval_commands.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

#include <fmt/format.h>

#include "approval/quorum.h"
#include "base/text.h"
#include "base/text_file.h"
#include "crypto/certificate.h"

namespace keyrite::audit {

namespace {

std::string ssh_time(TimePoint when) {
  std::string digits;
  for (const char c : format_rfc3339(when)) {
    if (c >= '0' && c <= '9') digits += c;
  }
  return digits;
}

// ssh-keygen(1), ALLOWED SIGNERS. Its valid-before is the last moment, ours the first one after.
std::string allowed_signers(const approval::Roster& roster) {
  std::string lines;
  for (const auto& approver : roster.approvers) {
    std::string options = fmt::format("namespaces=\"{}\"", approval::kApprovalNamespace);
    if (approver.valid_from)
      options += fmt::format(",valid-after=\"{}\"", ssh_time(*approver.valid_from));
    if (approver.valid_until) {
      options += fmt::format(",valid-before=\"{}\"",
                             ssh_time(*approver.valid_until - std::chrono::seconds(1)));
    }
    for (const auto& key : approver.keys) {
      lines += fmt::format("{} {} {} {}\n", approver.identity, options, ssh_name(key.type),
                           to_base64(key.blob));
    }
  }
  return lines;
}

// RFC 7468: lines of 64 characters.
std::string certificates_pem(const std::vector<crypto::Certificate>& certificates) {
  constexpr std::size_t kLine = 64;
  std::string text;
  for (const auto& certificate : certificates) {
    text += "-----BEGIN CERTIFICATE-----\n";
    const std::string coded = to_base64(certificate.der());
    for (std::size_t at = 0; at < coded.size(); at += kLine) text += coded.substr(at, kLine) + "\n";
    text += "-----END CERTIFICATE-----\n";
  }
  return text;
}

}  // namespace

void add_roster_files(ExportPart& part, const std::string& name, const Bytes& bytes,
                      const approval::Roster& roster) {
  const bool there = std::any_of(part.files.begin(), part.files.end(),
                                 [&](const auto& file) { return file.name == name + ".toml"; });
  if (there) return;
  part.files.push_back({.name = name + ".toml", .content = bytes});
  part.files.push_back(text_file(name + ".allowed_signers", allowed_signers(roster)));
  if (roster.authorities.empty()) return;
  part.files.push_back(text_file(name + ".ca.pem", certificates_pem(roster.authorities)));
  for (const auto& approver : roster.approvers) {
    if (approver.certificates.empty()) continue;
    part.files.push_back(text_file(fmt::format("{}.{}.pem", name, approver.identity),
                                   certificates_pem(approver.certificates)));
  }
}

// ssh-keygen reads the times in allowed_signers as local ones.
ShellWords ssh_command(const SignedBy& by) {
  return {ShellWord::syntax("TZ=UTC"),
          "ssh-keygen",
          "-Y",
          "verify",
          "-f",
          by.roster + ".allowed_signers",
          "-I",
          by.identity,
          "-n",
          approval::kApprovalNamespace,
          "-Overify-time=" + ssh_time(by.time),
          "-s",
          by.signature,
          ShellWord::syntax("<"),
          by.statement};
}

// Of the certificates none but this person's count, whatever the signature carries.
ShellWords cms_command(const SignedBy& by) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(by.time).time_since_epoch().count();
  return {"openssl",
          "cms",
          "-verify",
          "-binary",
          "-inform",
          "DER",
          "-in",
          by.signature,
          "-content",
          by.statement,
          "-CAfile",
          by.roster + ".ca.pem",
          "-nointern",
          "-certfile",
          fmt::format("{}.{}.pem", by.roster, by.identity),
          "-purpose",
          "any",
          "-attime",
          std::to_string(seconds),
          "-out",
          "/dev/null"};
}

}  // namespace keyrite::audit
