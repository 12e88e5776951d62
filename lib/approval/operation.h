// The one table of what policy, statements and logs can name: every act, and what an act may do in
// addition. A row says where an act works, what policy asks for it, and what is searched for if it
// has no result. A name that is not in the table is misspelt. Constants; pure, any thread.
#pragma once

#include <array>
#include <string_view>

#include "approval/statement.h"

namespace keyrite::approval {

enum class Place { kToken, kFiles };

// What a site's policy has to do with an operation.
enum class Policy {
  kNotAsked,  // nothing checks approvals before it, so a line for it would protect nothing
  kMayName,   // it needs whom policy names; nobody where it names nobody
  kMustName,  // policy says whom it needs, or by name that it needs nobody
};

// What resume searches for if an act began and has no result (act/internal/settle_unfinished.cc).
enum class Settle {
  kNothing,            // it makes nothing that lasts, or has no intent
  kObjects,            // at the token, by each CKA_ID of its intent
  kObjectsAndOutputs,  // and on the disk, by the name of each output
};

struct Operation {
  std::string_view name{};
  Place place{};
  Policy policy{};
  Settle settle{};
  unsigned officers{0};  // security officers whom the policy that init-site writes needs
  // Its verdict follows from the files it was given and is worth as much without an entry: whoever
  // waits for it does not fail because another act writes the log.
  bool stands_without_entry{false};
};

// shred is the decision, and rotate --abandon, shred-waive and shred-forget need its approvals too;
// the other acts of that tool do what it decided. dek stands for every act at the token that is
// about data keys, and credential for those about credentials.
inline constexpr std::array kOperations{
    Operation{"init-site", Place::kToken, Policy::kNotAsked, Settle::kNothing},
    Operation{"resume", Place::kToken, Policy::kNotAsked, Settle::kNothing},
    Operation{"token-check", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"generate-kek", Place::kToken, Policy::kMayName, Settle::kObjectsAndOutputs},
    Operation{"wrap-for-import", Place::kToken, Policy::kMayName, Settle::kObjectsAndOutputs},
    Operation{"trust-wrapping-key", Place::kToken, Policy::kMustName, Settle::kNothing, 2},
    Operation{"verify-import", Place::kFiles, Policy::kNotAsked, Settle::kNothing, 0, true},
    Operation{"tenant-add", Place::kFiles, Policy::kNotAsked, Settle::kNothing},
    Operation{"tenant-change", Place::kFiles, Policy::kNotAsked, Settle::kNothing},
    Operation{"tenant-suspend", Place::kFiles, Policy::kNotAsked, Settle::kNothing},
    Operation{"tenant-offboard", Place::kFiles, Policy::kNotAsked, Settle::kNothing},
    Operation{"tenant-hold", Place::kFiles, Policy::kNotAsked, Settle::kNothing},
    Operation{"tenant-release", Place::kFiles, Policy::kNotAsked, Settle::kNothing},
    Operation{"key-add", Place::kFiles, Policy::kNotAsked, Settle::kNothing},
    Operation{"key-change", Place::kFiles, Policy::kNotAsked, Settle::kNothing},
    Operation{"key-activate", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"key-suspend", Place::kFiles, Policy::kNotAsked, Settle::kNothing},
    Operation{"key-resume", Place::kFiles, Policy::kNotAsked, Settle::kNothing},
    Operation{"key-set-deactivation", Place::kFiles, Policy::kNotAsked, Settle::kNothing},
    Operation{"key-mark-compromised", Place::kFiles, Policy::kNotAsked, Settle::kNothing},
    Operation{"inventory-accept", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"destination-add", Place::kFiles, Policy::kNotAsked, Settle::kNothing},
    Operation{"destination-change", Place::kFiles, Policy::kNotAsked, Settle::kNothing},
    Operation{"destination-retire", Place::kFiles, Policy::kNotAsked, Settle::kNothing},
    Operation{"destination-pin", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"destination-unpin", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"campaign-open", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"campaign-close", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"ceremony-open", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"ceremony-step", Place::kToken, Policy::kNotAsked, Settle::kNothing},
    Operation{"ceremony-deviation", Place::kToken, Policy::kNotAsked, Settle::kNothing},
    Operation{"ceremony-close", Place::kToken, Policy::kNotAsked, Settle::kNothing},
    Operation{"inventory-restore", Place::kFiles, Policy::kNotAsked, Settle::kNothing},
    Operation{"inventory-sign-off", Place::kFiles, Policy::kNotAsked, Settle::kNothing},
    Operation{"inventory-adopt", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"inventory-reconcile", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"rotate", Place::kToken, Policy::kMayName, Settle::kObjectsAndOutputs},
    Operation{"rotate-compromised", Place::kToken, Policy::kMustName, Settle::kNothing, 2},
    Operation{"shred-freeze", Place::kFiles, Policy::kNotAsked, Settle::kNothing},
    Operation{"shred-unfreeze", Place::kFiles, Policy::kNotAsked, Settle::kNothing},
    Operation{"shred", Place::kToken, Policy::kMustName, Settle::kNothing, 2},
    Operation{"shred-destroy", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"shred-records", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"shred-close", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"shred-deletion", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"shred-waive", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"shred-forget", Place::kToken, Policy::kMayName, Settle::kObjectsAndOutputs},
    Operation{"shred-names", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"shred-certificate", Place::kToken, Policy::kMayName, Settle::kObjectsAndOutputs},
    Operation{"dek-issue", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"dek-wrap", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"dek-import", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"dek-wrapping-key", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"dek-unwrap", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"dek-rewrap", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"dek-prune", Place::kFiles, Policy::kNotAsked, Settle::kNothing},
    Operation{"dek", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"credential-seal", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"credential-open", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"credential-rotate", Place::kToken, Policy::kMayName, Settle::kNothing},
    Operation{"credential-change", Place::kFiles, Policy::kNotAsked, Settle::kNothing},
    Operation{"credential-revoke", Place::kFiles, Policy::kNotAsked, Settle::kNothing},
    Operation{"credential", Place::kToken, Policy::kMayName, Settle::kNothing},
};

// nullptr: there is no such operation.
[[nodiscard]] const Operation* find_operation(std::string_view name);
// Of an act that this program does. Error kInternal "operation-unknown": the table has no such row,
// and no policy could name it.
[[nodiscard]] const Operation& operation_named(std::string_view name);

// The row's officers as a threshold; empty where it needs nobody.
[[nodiscard]] Threshold default_threshold(const Operation& operation);

}  // namespace keyrite::approval
