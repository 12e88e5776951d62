#include <fmt/format.h>

#include "acts/generate_kek.h"
#include "acts/logged_act.h"
#include "acts/run_needs.h"
#include "base/deferred_signals.h"
#include "base/text.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/run_tool.h"
#include "cli/token_access.h"
#include "crypto/random.h"

namespace keyrite {
namespace {

constexpr std::size_t kIdBytes = 16;

void show_plan(const acts::GenerateKekPlan& plan, const cli::Run& run) {
  run.show(fmt::format(
      "would make {} \"{}\" (id {}) by {}, usage {}, {}extractable{}; the label is free",
      plan.type.name(), printable(plan.traits.label),
      plan.random_id ? std::string("random") : to_hex(plan.traits.id), plan.mechanism,
      wrap::usage_name(plan.traits.usage), plan.traits.extractable ? "" : "not ",
      plan.traits.wrap_with_trusted ? ", to be wrapped by trusted keys only" : ""));
}

void show_key(const acts::GeneratedKey& key, const cli::Run& run) {
  run.show(fmt::format("made {} \"{}\" in token \"{}\"", key.plan.type.name(),
                       printable(key.plan.traits.label), printable(key.token.label)));
  std::vector<std::vector<std::string>> rows{{"id", to_hex(key.plan.traits.id)}};
  for (const auto& [name, value] : key.attributes) {
    if (name != "CKA_ID" && name != "CKA_LABEL") rows.push_back({name, value});
  }
  rows.push_back({"tried", key.used_by.text()});
  for (const auto& value : key.check_values)
    rows.push_back({"check value " + value.alg, value.value});
  if (key.check_values.empty()) rows.push_back({"check value", "none: " + key.no_check_value});
  if (key.trusted_only)
    rows.push_back({"wrap-with-trusted", std::string(wrap::enforcement_name(*key.trusted_only))});
  if (key.public_key) rows.push_back({"public key SHA-256", key.public_key->sha256()});
  run.show(format_table(rows));
}

// What is known of the key when something failed after it was made and found right.
Error made_but(const acts::GenerateKekPlan& plan, const Error& cause) {
  const std::string name =
      fmt::format("\"{}\", id {}", printable(plan.traits.label), to_hex(plan.traits.id));
  std::string message =
      fmt::format("{}; the key {} was made and is in the token", cause.message(), name);
  // The log has an intent then, and resume looks for the key.
  if (cause.code() == "result-not-logged")
    return {Kind::kUnknownOutcome, "result-not-logged", std::move(message), cause.hint()};
  return {Kind::kUnknownOutcome, "key-made-unreported", std::move(message),
          fmt::format("the key {} is complete: keep it, or remove it before running again", name)};
}

// The result must arrive: a key that nobody was told of is worse than none.
void report(const acts::GeneratedKey& key, cli::Run& run) {
  show_key(key, run);
  if (run.json) {
    *run.env->out << dump_json(run.envelope(cli::kGenerateKek.name, "result", key.to_json()));
  }
  cli::flush_output(*run.env);
  if (!*run.env->err) {
    throw Error(Kind::kFailed, "output-unwritable",
                "the result cannot be written to standard error");
  }
}

int dry_run(const acts::GenerateKekPlan& plan, const acts::Intent& intent, cli::Run& run) {
  const auto needs = acts::needs_of(run.context, intent, false);
  acts::TokenSession token(run.context.token, pkcs11::Access::kReadOnly);
  acts::check(plan, token);
  token.close(run.context);
  show_plan(plan, run);
  for (const auto& line : needs.lines()) run.show(line);
  Json document = plan.to_json();
  document["needs"] = needs.to_json();
  run.plan(std::move(document));
  return 0;
}

int generate(const acts::GenerateKekRequest& request, cli::Run& run) {
  const auto plan = acts::plan(request, crypto::random_bytes(kIdBytes));
  if (run.context.dry_run) return dry_run(plan, acts::intent_of(plan, request), run);
  // A signal ends the process after the report, not between the key and the report.
  std::optional<DeferredSignals> whole;
  std::optional<acts::GeneratedKey> key;
  try {
    acts::run_at_token(run.context, acts::intent_of(plan, request), {},
                       [&](acts::TokenSession& token) {
                         whole.emplace();
                         key = acts::perform(plan, token);
                         return key->log_facts();
                       });
    report(key.value(), run);
  } catch (const Error& error) {
    if (key) throw made_but(plan, error);
    throw;
  }
  return 0;
}

cli::Tool tool() {
  return {
      cli::kGenerateKek,
      {{.summary = cli::kGenerateKek.summary,
        .description =
            "Makes a key inside a PKCS#11 token: sensitive, private, with one usage, under a label "
            "and an id "
            "that must be free. What the token stored is read back and compared, and the key is "
            "used once "
            "before it is reported; a key that does not come out as planned is destroyed again.\n\n"
            "A key that is to be imported into a cloud must be extractable: --for makes it so and "
            "checks its "
            "type against that cloud's rules first.",
        .examples =
            {{"make an AES-256 key for AWS KMS",
              "keyrite generate-kek --token 'pkcs11:token=Ceremony' \\\n    --type aes-256 --label "
              "acme-payments-v3 --for aws"}},
        .token = cli::user_token_access,
        .site = cli::SiteAccess::kApproved,
        .dry_run = cli::DryRun::kOffered,
        .prepare = cli::prepare_with(generate)}}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
