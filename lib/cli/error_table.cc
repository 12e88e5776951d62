#include "cli/error_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pkcs11/ckr.h"

namespace keyrite::cli {
namespace {

constexpr const char* kDefectRemedy =
    "This is a defect of keyrite. Look at the token if one was in use. Then report the defect, "
    "with the command and what it printed.";

// As the files have it: 500 rows of texts would be much code to construct.
struct Row {
  const char* code{};
  Kind kind{};
  const char* meaning{};
  const char* remedy{};
};

std::vector<ErrorInfo> sorted(std::vector<ErrorInfo> rows) {
  std::ranges::sort(rows, {}, &ErrorInfo::code);
  return rows;
}

std::vector<ErrorInfo> from_rows(const std::vector<Row>& rows) {
  std::vector<ErrorInfo> table;
  for (const Row& row : rows) table.push_back({row.code, row.kind, row.meaning, row.remedy});
  return sorted(std::move(table));
}

// A hint of the CKR table, which stands behind "hint:", as a sentence.
std::string sentence(std::string_view hint) {
  if (hint.empty()) return "Look into the token's own log, and into the documents of its vendor.";
  std::string text(hint);
  if (text.front() >= 'a' && text.front() <= 'z') text.front() -= 'a' - 'A';
  return text + ".";
}

ErrorInfo of_ckr(const pkcs11::CkrInfo& row) {
  return {.code = pkcs11::ckr_code(row.name),
          .kind = row.kind,
          .meaning = fmt::format("The token answered {} (0x{:X}).", row.name, row.value),
          .remedy = sentence(row.hint)};
}

}  // namespace

const std::vector<ErrorInfo>& error_table() {
#define KEYRITE_ERROR(code, kind, meaning, remedy) Row{code, Kind::kind, meaning, remedy},
#define KEYRITE_DEFECT(code, meaning) Row{code, Kind::kInternal, meaning, kDefectRemedy},
  static const std::vector<ErrorInfo> table = from_rows({
#include "act/errors.inc"
#include "approval/errors.inc"
#include "audit/errors.inc"
#include "base/errors.inc"
#include "bundle/errors.inc"
#include "ceremony/errors.inc"
#include "certificate/errors.inc"
#include "cli/errors.inc"
#include "credential/errors.inc"
#include "crypto/errors.inc"
#include "dek/errors.inc"
#include "imports/errors.inc"
#include "inventory/errors.inc"
#include "keys/errors.inc"
#include "opening/errors.inc"
#include "pkcs11/errors.inc"
#include "provider/errors.inc"
#include "registry/errors.inc"
#include "report/errors.inc"
#include "rotation/errors.inc"
#include "shredding/errors.inc"
#include "site/errors.inc"
#include "token_check/errors.inc"
#include "transcript/errors.inc"
#include "wrap/errors.inc"
  });
#undef KEYRITE_ERROR
#undef KEYRITE_DEFECT
  return table;
}

const std::vector<ErrorInfo>& ckr_error_table() {
  static const std::vector<ErrorInfo> table = [] {
    const std::string vendor = "Look the value up in the documents of the token's vendor.";
    std::vector<ErrorInfo> rows{
        {"ckr-unknown", Kind::kToken, "The token answered a value that no standard names.", vendor},
        {"ckr-vendor-defined", Kind::kToken, "The token answered a value of its own vendor.",
         vendor}};
    for (const auto& row : pkcs11::ckr_table()) {
      if (row.value != 0) rows.push_back(of_ckr(row));  // CKR_OK is no error
    }
    return sorted(std::move(rows));
  }();
  return table;
}

}  // namespace keyrite::cli
