// wrap-for-import as an act: what is shown before the fingerprint is compared, what a dry run
// tells, and how the bundles that were made are shown.
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "act/act.h"
#include "act/closing.h"
#include "base/text.h"
#include "imports/placement_rows.h"
#include "imports/tenant_target.h"
#include "imports/wrap_for_import.h"

namespace keyrite::imports {

namespace {

void show_parameters(const provider::ImportParameters& parameters, TimePoint now,
                     std::vector<std::string>& text) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, value] : provider::describe(parameters))
    rows.push_back({name, printable(value)});
  rows.push_back({"this machine's clock", format_rfc3339(now)});
  if (const auto until = provider::valid_until(parameters)) {
    rows.push_back({"valid for", format_duration(std::chrono::duration_cast<std::chrono::seconds>(
                                     *until - now))});
  }
  text.push_back(format_table(rows));
}

void show_plan(const WrapPlan& plan, std::vector<std::string>& text) {
  for (const auto& bundle : plan.bundles) {
    const auto& recipe = bundle.recipe.recipe();
    const std::string wrapped =
        bundle.purpose == provider::Purpose::kImport
            ? fmt::format("would wrap {} \"{}\" for {}", plan.target.type.name(),
                          printable(plan.target.label),
                          provider::provider_title(bundle.destination.provider()))
            : std::string("would wrap it a second time for the verification bundle");
    text.push_back(fmt::format("{}, method {}, custody {}:", wrapped, method_name(recipe.method),
                               custody_name(custody_of(recipe.method))));
    for (const auto& step : recipe.steps()) text.push_back("  " + step);
    text.push_back("self-test: " + bundle.recipe.evidence().detail);
    for (const auto& remark : bundle.destination.remarks) text.push_back("note: " + remark);
    for (const auto& point : bundle.destination.unverified) text.push_back("unverified: " + point);
    text.push_back(bundle.why_not_provable.empty()
                       ? "verify-import can prove this import by the cloud's answers to the "
                         "challenges in the bundle"
                       : "verify-import cannot prove this import: " + bundle.why_not_provable);
  }
  text.push_back("origin of the key: " + plan.origin.text());
  for (const auto& [name, value] : plan.origin.judged_by)
    text.push_back(fmt::format("  {}: {}", name, printable(value)));
  for (const auto& remark : plan.remarks) text.push_back("note: " + printable(remark));
  if (plan.trusting) {
    text.emplace_back(
        "not tried: whether the security officer can put a trusted wrapping key into this token; "
        "token-check --trusted tries that");
  }
}

void show_bundle(const MadeBundle& made, std::vector<std::string>& text) {
  const auto& manifest = made.manifest;
  text.push_back(fmt::format("made {} bundle {}", provider::purpose_name(manifest.purpose),
                             printable(made.folder)));
  std::vector<std::vector<std::string>> rows{
      {"key", fmt::format("{} \"{}\", id {}", manifest.key.type.name(),
                          printable(manifest.key.label), manifest.key.id)},
      {"for", printable(manifest.cloud.key)},
      {"as", manifest.cloud.algorithm},
      {"wrapped by", fmt::format("{}, method {}, {} bytes", manifest.algorithm.name(),
                                 method_name(manifest.method), made.blob_bytes)},
      {"custody of this wrap", std::string(custody_name(manifest.custody))},
      {"origin of the key", keys::OriginFinding::of(manifest.origin).text()}};
  for (const auto& [name, value] : manifest.origin.judged_by) {
    if (name == "log" && manifest.origin.origin != KeyOrigin::kLogged)
      rows.push_back({"why not logged", printable(value)});
  }
  if (manifest.valid_until)
    rows.push_back({"import before", format_rfc3339(*manifest.valid_until)});
  for (const auto& value : manifest.check_values)
    rows.push_back({"check value " + value.alg, value.value});
  for (const auto& [name, value] : manifest.protections) rows.push_back({name, value});
  for (const auto& exception : manifest.exceptions)
    rows.push_back({"accepted exception", exception});
  for (const auto& point : manifest.unverified) rows.push_back({"unverified", point});
  for (const auto& challenge : made.expected.not_asked) {
    rows.push_back(
        {"challenge not asked", fmt::format("{}: {}", challenge.id, printable(challenge.reason))});
  }
  if (manifest.wrapping_key.basis)
    rows.push_back(
        {"wrapping key is", std::string(wrapping_key_basis_name(*manifest.wrapping_key.basis))});
  rows.push_back({"verified", fmt::format("{} checks of the files passed", made.checks.size())});
  text.push_back(format_table(rows));
  // A line of their own each: they are compared, and must not be broken.
  text.push_back(fmt::format("wrapping key SHA-256\n  {}\ncore SHA-256 (also in import.sh)\n  {}",
                             manifest.wrapping_key.sha256, manifest.core_sha256));
  if (!made.why_not_provable.empty())
    text.push_back("verify-import cannot prove this import: " + made.why_not_provable);
}

// Of a tenant's key: what was asked for, and what the registry says of it.
struct ForTenant {
  TargetWords words{};
  TenantTarget target{};
};

act::Outcome previewed(const WrapOrder& order, const std::optional<ForTenant>& tenant,
                       act::AtWork& at) {
  if (tenant) require_recorded(tenant->target, at.context(), at.token());
  const WrapPlan plan = plan_wrap(order, at.context(), at.token());
  act::Outcome outcome{.document = plan.to_json()};
  show_plan(plan, outcome.text);
  if (!tenant) return outcome;
  outcome.document["placement"] = to_json(tenant->target, order.parameters);
  outcome.text.push_back("it would be " + text_of(tenant->target, order.parameters));
  return outcome;
}

// import.sh writes the answers beside the bundle.
std::string answers_of(const MadeBundle& made) { return made.folder + ".answers"; }

std::vector<std::string> import_parts(const MadeBundle& made,
                                      const std::optional<std::string>& first_answers) {
  const std::string script = made.folder + "/import.sh";
  // A name without a slash is looked for in PATH; a folder's has one.
  std::vector<std::string> parts{shell_quote(script)};
  if (first_answers) parts.push_back(act::option("first-answers", *first_answers));
  return parts;
}

std::string closing_of(const std::vector<MadeBundle>& bundles, const act::Context& context) {
  std::vector<act::Noted> noted;
  std::vector<act::NextStep> next;
  std::optional<std::string> first_answers;
  for (const auto& made : bundles) {
    const bool again = made.manifest.purpose != provider::Purpose::kImport;
    noted.push_back(
        {fmt::format("{} bundle", provider::purpose_name(made.manifest.purpose)), made.folder});
    noted.push_back({"SHA-256 of its manifest", made.manifest_sha256});
    next.push_back({again
                        ? "import the same key again, on the connected machine"
                        : "carry what was made to the connected machine, and import the key there",
                    import_parts(made, again ? first_answers : std::nullopt)});
    if (!again) first_answers = answers_of(made);
  }
  for (const auto& made : bundles) {
    next.push_back({bundles.size() == 1
                        ? "bring the answers back, and judge them"
                        : fmt::format("judge the answers of the {} bundle",
                                      provider::purpose_name(made.manifest.purpose)),
                    act::as_here(context, act::NextAt::kFiles,
                                 {"keyrite verify-import answers", shell_quote(made.folder),
                                  act::option("evidence", answers_of(made)), "--expect-manifest",
                                  made.manifest_sha256})});
  }
  return act::closing(context, noted, next);
}

act::Lasting lasting_of(const std::vector<MadeBundle>& bundles) {
  std::string folders;
  for (const auto& made : bundles)
    folders += fmt::format("{}{}", folders.empty() ? "" : " and ", printable(made.folder));
  return {.made = fmt::format("the bundle {} was made", folders),
          .code = "bundle-made-unreported",
          .hint = fmt::format("the bundle {} is complete: check it with keyrite verify-import "
                              "bundle, or remove it before you run the command again",
                              folders)};
}

// The bundles of a tenant's key in the registry, and the version at its destination.
void record_placement(act::Outcome& outcome, const ForTenant& tenant, const WrapOrder& order,
                      const std::vector<MadeBundle>& made) {
  outcome.registry = rows_of(tenant.target, order, made);
  const auto states = states_to_wrapped(tenant.target.placement);
  auto& placement = outcome.document["placement"] = to_json(tenant.target, order.parameters);
  placement["state"] =
      registry::word(states.empty() ? tenant.target.placement->state : states.back());
  outcome.text.push_back("it is " + text_of(tenant.target, order.parameters) + ": " +
                         placement["state"].get<std::string>());
}

// Without an id nothing would find the key again.
void record_unowned(act::Outcome& outcome, const std::vector<MadeBundle>& made,
                    const pkcs11::TokenInfo& token) {
  const auto key = unowned_key(made.front());
  if (!key.cka_id.empty()) outcome.registry = rows_of(made, key, token);
}

act::Outcome performed(const ComparedOrder& compared, const std::optional<ForTenant>& tenant,
                       WrapWork& work, act::AtWork& at) {
  if (tenant) {
    require_still(at.context(), tenant->words, tenant->target);
    require_recorded(tenant->target, at.context(), at.token());
  }
  require_still_believed(compared, at.context());
  auto waiting = act::busy(at.context(), "the token wraps the key");
  const auto made = work.perform(compared, at.context(), at.token());
  waiting.reset();
  act::Outcome outcome{.facts = log_facts(made), .lasting = lasting_of(made)};
  outcome.facts.join(log_facts(compared.keys()));
  Json bundles = Json::array();
  for (const auto& bundle : made) {
    show_bundle(bundle, outcome.text);
    bundles.push_back(bundle.to_json());
  }
  outcome.document = {{"bundles", bundles}};
  if (tenant) {
    record_placement(outcome, *tenant, compared.order(), made);
  } else if (at.context().site) {
    record_unowned(outcome, made, at.token().info());
  }
  outcome.text.push_back(closing_of(made, at.context()));
  return outcome;
}

void show_orders(const WrapOrder& order, const act::Context& context) {
  std::vector<std::string> text;
  show_parameters(order.parameters, context.now(), text);
  if (order.verification) {
    text.emplace_back("for the verification bundle");
    show_parameters(*order.verification, context.now(), text);
  }
  if (!context.show) return;
  for (const auto& one : text) context.show(one);
}

// A tenant's key is the version's object in the token, and the options are the destination's.
template <class Request>
WrapOrder read_for(const std::optional<ForTenant>& tenant, const Request& request, TimePoint now) {
  if (!tenant) return read(request, request, now);
  Request completed = request;
  completed.id = to_hex(tenant->target.version.cka_id);
  if constexpr (std::is_same_v<Request, GoogleWrapRequest>) {
    completed.key.reset();
    completed.version.reset();
  }
  auto options = provider::import_options(tenant->target.place, completed);
  if constexpr (std::is_same_v<Request, AzureWrapRequest>) {
    if (completed.check_name)
      std::get<provider::azure::ImportOptions>(options).name = completed.check_name;
  }
  WrapOrder order = read(completed, options, now);
  require_place(tenant->target, order.parameters);
  if (order.verification) require_place(tenant->target, *order.verification);
  require_same_cloud_key(tenant->target, order.parameters);
  return order;
}

template <class Request>
std::optional<ForTenant> for_tenant(const Request& request, const act::Context& context) {
  const auto words = target_words(request);
  if (!words) return std::nullopt;
  return ForTenant{*words, tenant_target(context, *words)};
}

act::Intent intent_for(const std::optional<ForTenant>& tenant, const WrapOrder& order,
                       act::RecordedRequest recorded) {
  auto intent = intent_of(order, std::move(recorded));
  if (!tenant) return intent;
  auto more = inputs_of(tenant->target);
  intent.inputs.insert(intent.inputs.end(), more.begin(), more.end());
  intent.covers = {.keys = {tenant->target.key.id},
                   .destinations = {tenant->target.destination.id}};
  return intent;
}

Json words_of(const std::vector<BelievedKey>& keys) {
  Json words = Json::array();
  for (const auto& key : keys) words.push_back(wrapping_key_basis_name(key.basis));
  return words;
}

template <class Request>
act::PreparedAct prepared(const Request& request, const act::Context& context) {
  const auto tenant = for_tenant(request, context);
  const WrapOrder order = read_for(tenant, request, context.now());
  show_orders(order, context);
  const auto work = std::make_shared<WrapWork>(order);
  if (context.dry_run) {
    show_wrapping_keys(order, context);
    return {.intent = intent_for(tenant, order, {}),
            .need = {.officer = work->officer_work()},
            .preview = [order, tenant](act::AtWork& at) { return previewed(order, tenant, at); }};
  }
  const ComparedOrder compared = compare_wrapping_key(order, context);
  auto intent = intent_for(tenant, order, act::record(request, order.inputs));
  intent.inputs.push_back({.name = "wrapping_key_bases", .value = words_of(compared.keys())});
  for (const auto& key : compared.keys()) {
    intent.covers.bases.push_back(key.basis);
    intent.evidence.insert(intent.evidence.end(), key.evidence.begin(), key.evidence.end());
  }
  return {.intent = std::move(intent),
          .need = {.officer = work->officer_work()},
          .perform = [compared, tenant, work](act::AtWork& at) {
            return performed(compared, tenant, *work, at);
          }};
}

template <class Request>
act::Act act_of(const Request& request) {
  return {approval::operation_named("wrap-for-import"),
          [request](const act::Context& context) { return prepared(request, context); }};
}

}  // namespace

act::Act wrap_for_import(const AwsWrapRequest& request) { return act_of(request); }
act::Act wrap_for_import(const AzureWrapRequest& request) { return act_of(request); }
act::Act wrap_for_import(const GoogleWrapRequest& request) { return act_of(request); }

}  // namespace keyrite::imports
