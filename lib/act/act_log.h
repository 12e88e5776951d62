// One act's entries in the transcript of its site: intent, result, and the refusal of an act before
// its intent. Names become pseudonyms here and nowhere else, so an entry cannot contain a name.
// Holds the transcript's lock and the registry for its life; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "act/asked_request.h"
#include "act/context.h"
#include "act/intent.h"
#include "act/internal/approval_gate.h"
#include "act/internal/registry_standing.h"
#include "act/log_facts.h"
#include "act/pins.h"
#include "act/registry_rows.h"
#include "act/typed_text.h"
#include "registry/registry.h"
#include "transcript/history.h"
#include "transcript/log_writer.h"

namespace keyrite::act {

// The act that a log begins with.
inline constexpr const char* kOpeningAct = "init-site";

// What resume, and it alone, opens a log with. The log says itself who decided, and when.
struct LogOpening {
  std::function<Bytes(std::string_view note_text)> sign{};  // as sign_with, for what is cut off
  transcript::TailDecision tail{};
  // If the last signed checkpoint is missing: what it was, as a person states it. The log records
  // it.
  std::optional<transcript::TreeHead> lost{};
  bool clock_may_be_behind{false};     // it is to be confirmed
  std::optional<KeptText> reason{};    // why a person decided so: named by each of these entries
  bool registry_may_be_behind{false};  // it is to be levelled
  bool registry_apart{false};          // it is to be replaced, and may be damaged: not opened
  // Called once nobody else writes the log, before anything of it is read.
  std::function<void()> locked{};
};

// The same context, but a note is told once alone: of an act that opens its log before the login
// and again after it.
[[nodiscard]] Context noting_once(const Context& given);

class ActLog {
 public:
  // Opens the log of context.site and notes what was mended. `run`: of an act that opens it again;
  // else a new one. Errors: those of site::require_sole_folder, LogWriter, Registry, require_level
  // and require_clock.
  ActLog(const Context& context, std::string act, std::string run = new_run(),
         LogOpening opening = {});
  [[nodiscard]] static std::string new_run();

  using Sign = std::function<Bytes(std::string_view note_text)>;
  // Before it, nothing can be signed: Error kToken "log-key-absent". From here on the log's key
  // vouches for every entry; an entry "unvouched" names what anybody added
  // before. Errors: those of LogWriter::append.
  void sign_with(Sign sign);
  // The token and its module, for the entries to come. The first entry of a site's log is written
  // here: which log, key, configuration and roster it begins with. Errors: those of
  // LogWriter::append.
  void at_token(const pkcs11::TokenInfo& token, const pkcs11::ModuleInfo& module);
  // Whose PINs were asked for, and what came of it, for the result: the entries from that place on,
  // since others may be of an earlier act. `pins` outlives this.
  void log_pin_entries_of(const Pins& pins, std::size_t from) {
    pins_ = &pins;
    pins_from_ = from;
  }

  // The entries of this act. Each is on disk when these return. Errors: those of LogWriter::append;
  // kFailed "log-not-opened" where the log has no first entry and this act is at no token.
  void intend(const Intent& intent, const std::optional<Approval>& approval);
  std::uint64_t done(const LogFacts& facts);  // its index
  // The same of an act that writes rows into the registry, in the order of registry/in_order.h.
  // What `rows` throws is a result in the log before it is thrown on: nothing is left of them then.
  // Error kUnknownOutcome "registry-not-written": the entry is there, and what follows from it is
  // not; "result-not-logged": the rows are there, and their entry is not.
  std::uint64_t done(const LogFacts& facts, const RegistryRows& rows);
  // The same of a part of an act, whose intent stays open; parts are counted from 1.
  std::uint64_t part(std::uint64_t number, const LogFacts& facts, const RegistryRows& rows);
  // This log was opened again, and the intent of its run is in it: what follows is of that act.
  // Error kVerification "act-settled": another act ended it meanwhile, since it took this one for
  // killed.
  void go_on();
  // A result, or "refused" when nothing was intended; `found`: what was seen before.
  void failed(const Error& error, const LogFacts& found = {});
  // An intent of an earlier run that has no result, and what is found of it now.
  void settled(const transcript::OpenIntent& intent, const LogFacts& found);
  // An officer says that this machine's clock is right, although the log's latest entry is later.
  void confirm_clock();
  // Errors: those of LogWriter::append and LogWriter::sign.
  void sign();
  // After an act that failed, which is in the log: where it cannot be signed, a note says so.
  void sign_what_failed();

  [[nodiscard]] bool intended() const { return intended_; }
  [[nodiscard]] const transcript::History& history() const { return writer_.history(); }
  [[nodiscard]] const transcript::LogWriter& writer() const { return writer_; }
  [[nodiscard]] registry::Registry& registry() { return *registry_; }
  [[nodiscard]] const site::Site& site() const { return context_.site.value().site; }
  // For resume. Errors: those of level (act/internal/registry_standing.h).
  [[nodiscard]] Levelled level_registry();
  // For require_approval.
  [[nodiscard]] ApprovalContext approval_context(const Intent& intent);
  [[nodiscard]] std::string pseudonym(const std::string& name);

 private:
  [[nodiscard]] transcript::LogPlace place(const LogOpening& opening) const;
  [[nodiscard]] transcript::Turn turn(const LogOpening& opening) const;
  [[nodiscard]] transcript::Signer signer();
  void remove_leftovers() const;
  void tell_recovery();
  void open();
  void name_unvouched();
  [[nodiscard]] Json entry(std::string_view event, Json content) const;
  std::uint64_t append(std::string_view event, Json content);
  std::uint64_t write(std::string_view event, Json given);
  std::uint64_t write_entry(std::string_view event, Json given);
  void note_position();
  [[nodiscard]] Json result_of(const LogFacts& facts) const;
  // What an entry with these facts has besides.
  using Content = std::function<Json(const LogFacts& facts)>;
  // `part`: 0 of a result.
  std::uint64_t with_rows(std::uint64_t part, const LogFacts& facts, const RegistryRows& rows,
                          const Content& content);
  [[nodiscard]] transcript::TailDecision headed(transcript::TailDecision tail) const;
  [[nodiscard]] AskedRequest asked(const Intent& intent);
  [[nodiscard]] Json pin_entries() const;
  // Into a side file named by its SHA-256, which is returned.
  std::string keep_evidence(ByteView content) const;
  // site.toml as evidence. Error kConfig "policy-changed".
  [[nodiscard]] std::string keep_policy() const;
  [[nodiscard]] Json evidence_of(const Intent& intent,
                                 const std::optional<Approval>& approval) const;
  [[nodiscard]] Json in_side_file(const LogFacts& facts) const;

  const Context& context_;
  std::string act_;
  std::string run_;
  std::optional<KeptText> reason_;
  Sign sign_{};
  transcript::LogWriter writer_;
  // Opened when the log is locked: a file that is replaced meanwhile would be written to no more.
  // nullptr: opening.registry_apart.
  std::unique_ptr<registry::Registry> registry_{};
  pkcs11::TokenInfo token_info_{};
  Json token_ = Json::object();
  Json module_ = Json::object();
  const Pins* pins_{nullptr};
  std::size_t pins_from_{0};
  bool intended_{false};
  std::string last_time_{};  // of the entry that was written last
  bool registry_is_level_{false};
  bool opening_due_{false};
};

}  // namespace keyrite::act
