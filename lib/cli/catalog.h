// The list of tools, each with its line for people. The dispatcher prints the list; each tool's
// help and man page begin with its line. Constants, any thread.
#pragma once

#include <array>
#include <string_view>

namespace keyrite::cli {

struct ToolInfo {
  std::string_view name{};     // the program's name: "generate-kek"
  std::string_view summary{};  // one line without a full stop
};

inline constexpr ToolInfo kInitSite{"init-site",
                                    "make a site: its folder, log and log-signing key"};
inline constexpr ToolInfo kGenerateKek{"generate-kek", "make a key in the token"};
inline constexpr ToolInfo kWrapForImport{"wrap-for-import",
                                         "wrap a key inside the token for import into a cloud"};
inline constexpr ToolInfo kVerifyImport{"verify-import",
                                        "check a bundle, and prove what the cloud holds, offline"};
inline constexpr ToolInfo kTranscript{"transcript", "verify and read the log of a site, offline"};
inline constexpr ToolInfo kApprove{"approve",
                                   "read what is to be approved, and count who approved it"};
inline constexpr ToolInfo kTenant{"tenant",
                                  "add, show, change, suspend, offboard and hold tenants"};
inline constexpr ToolInfo kKey{"key",
                               "add, show, change, activate and suspend the keys of tenants"};
inline constexpr ToolInfo kDestination{"destination",
                                       "add, show, change and retire what keys serve at providers"};
inline constexpr ToolInfo kDek{"dek", "issue, open and list data keys under the keys of tenants"};
inline constexpr ToolInfo kRotate{"rotate", "make the next version of a key and let it serve"};
inline constexpr ToolInfo kShred{"shred",
                                 "destroy the keys of a tenant, and show that they are gone"};
inline constexpr ToolInfo kCredential{"credential",
                                      "seal, open, rotate and revoke the credentials of tenants"};
inline constexpr ToolInfo kInventory{"inventory",
                                     "list keys and what is due; back up the registry"};
inline constexpr ToolInfo kCampaign{"campaign",
                                    "have a plan of many acts approved once, and close it"};
inline constexpr ToolInfo kVerifyCertificate{"verify-certificate",
                                             "check a certificate of key destruction, offline"};
inline constexpr ToolInfo kCeremony{"ceremony", "check, approve and run a ceremony, step by step"};
inline constexpr ToolInfo kVerifyCeremony{
    "verify-ceremony", "show by the log that a ceremony's file was run, offline"};
inline constexpr ToolInfo kResume{"resume",
                                  "settle what an interrupted command left, and sign the log"};
inline constexpr ToolInfo kTokenCheck{"token-check", "find out what a token can do, by trying it"};
inline constexpr ToolInfo kStatus{"status",
                                  "say where a site stands: its log, what waits, what ends next"};
inline constexpr ToolInfo kList{"list", "list the keys in the token"};
inline constexpr ToolInfo kExplain{"explain", "say what an error code means, and what to do"};

// In the order of a ceremony.
inline constexpr std::array kCatalog{
    kInitSite,          kStatus,        kTokenCheck,     kList,    kTenant,   kKey,
    kDestination,       kCeremony,      kVerifyCeremony, kApprove, kCampaign, kGenerateKek,
    kInventory,         kWrapForImport, kVerifyImport,   kDek,     kRotate,   kShred,
    kVerifyCertificate, kCredential,    kTranscript,     kResume,  kExplain};

}  // namespace keyrite::cli
