// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/internal/cloud_acts.h"

#include <filesystem>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "act/chosen_destination.h"
#include "act/registry_replay.h"
#include "act/tenant_key.h"
#include "base/error.h"
#include "base/text.h"
#include "imports/verify_import.h"
#include "imports/wrap_for_import.h"
#include "rotation/ask.h"
#include "rotation/internal/judged_bundle.h"
#include "rotation/wrapping_basis.h"

namespace keyrite::rotation {

namespace {

using registry::PlacementState;
namespace fs = std::filesystem;

constexpr const char* kAgainSuffix = "-again";
constexpr const char* kSwitchSuffix = "-switch";

std::string path_in(const std::string& folder, const std::string& name) {
  return (fs::path(folder) / name).string();
}

// Whether what the cloud answers to a bundle can change the placement.
bool is_open(const Place& place, std::string_view suffix) {
  // It is wrapped anew, for a KMS key that opens nothing that is compromised.
  if (place.opens_compromised && place.state() == PlacementState::kWrapped) return false;
  switch (place.state()) {
    case PlacementState::kWrapped:
    case PlacementState::kImported:
      return suffix != kSwitchSuffix;
    case PlacementState::kAccepted:
      return true;
    case PlacementState::kProven:
      return suffix == kSwitchSuffix;
    default:
      return false;
  }
}

// The same act, of which `list` is told when it was done.
act::Act told_of(act::Act act, const std::shared_ptr<Json>& list,
                 const std::function<Json(const act::Outcome&)>& what) {
  auto prepare = std::move(act.prepare);
  act.prepare = [=](const act::Context& context) {
    auto prepared = prepare(context);
    prepared.perform = [=, perform = prepared.perform](act::AtWork& at) {
      auto outcome = perform(at);
      for (const auto& one : what(outcome)) list->push_back(one);
      return outcome;
    };
    return prepared;
  };
  return act;
}

std::optional<act::Act> judge_next(const RotateRequest& request, KeyRun& run) {
  for (const auto& place : run.standing.places) {
    if (!place.placement) continue;
    const auto name = folder_of(place.destination, place.placement->id.number);
    for (const auto* suffix : {"", kAgainSuffix, kSwitchSuffix}) {
      const auto bundle = path_in(*request.answers, name + suffix);
      const auto answers = bundle + ".answers";
      if (!is_open(place, suffix)) continue;
      if (!fs::is_directory(bundle) || !fs::is_directory(answers)) continue;
      if (!run.tried.insert(answers).second) continue;
      if (fs::is_empty(answers)) {
        run.remarks.push_back(fmt::format(
            "{} is empty: import.sh saved nothing there, run it again", printable(answers)));
        continue;
      }
      return told_of(imports::verify_import_answers({.folder = bundle, .evidence = {answers}}),
                     run.judged, [bundle, place](const act::Outcome& outcome) {
                       return judged_bundle(outcome, place, bundle);
                     });
    }
  }
  return std::nullopt;
}

// Azure: the import under the name that consumers use.
bool is_switch(const Standing& standing, const Place& place) {
  return !standing.waiting && needs_own_name(place);
}

// Of the version that waits, and of the active one that is catching up, its import; of the active
// one, what Azure needs for the switch.
bool wants_parameters(const Standing& standing, const Place& place, registry::Time now) {
  const bool goes_there = standing.waiting || standing.catching_up;
  return is_switch(standing, place) ||
         (goes_there && needs_parameters(place, now) && !waits_for_primary(standing.key, place));
}

std::string fetched_folder(const std::string& folder, const Standing& standing,
                           const Place& place) {
  return path_in(folder, ask_folder(place.destination, standing.meant()->id.number)) +
         std::string(provider::kFetchedSuffix);
}

// The request that was fetched for, made anew: what came back says that it is this one.
Ask ask_of(const Standing& standing, const Place& place, const std::string& fetched) {
  const auto found = read_file(path_in(fetched, std::string(provider::kAskFile)));
  std::optional<Error> refused;
  for (const auto wanted : {CloudKey::kSame, CloudKey::kNew}) {
    try {
      auto ask = ask_for(standing, place, wanted);
      if (as_text(found) == ask.document) return ask;
    } catch (const Error& error) {
      if (!refused) refused = error;
    }
  }
  if (refused) throw Error(std::as_const(*refused));
  throw Error(
      Kind::kConfig, "ask-differs",
      fmt::format("{} was fetched for something else than version {} at {}", printable(fetched),
                  standing.meant()->id.number, act::place_text(place.destination)),
      "write the folder anew with --output, and run its fetch.sh");
}

// One set of parameters, and what is expected of its wrapping key.
struct Fetched {
  std::string file{};
  std::optional<std::string> expected{};
};

Fetched read_fetched(const std::string& file, const Ask& ask, const RotateRequest& request,
                     TimePoint now) {
  const auto parameters =
      provider::read_parameters({.parameters = provider::InputFile{file, read_file(file)}},
                                provider::import_options(ask.order.place));
  provider::check_time(parameters, now);
  return {file, expected_of(parameters, request.expect_wrapping_key)};
}

struct ToWrap {
  const RotateRequest& asked;
  const Standing& standing;
  const Place& place;
  const Ask& ask;
  std::int64_t number{};  // of the version
  Fetched parameters{};
  std::optional<Fetched> verification{};
  std::string out{};
};

template <class Request>
Request wrap_request(const ToWrap& wrap) {
  Request request;
  request.tenant = wrap.standing.tenant.name;
  request.key = wrap.standing.key.name;
  request.destination = wrap.place.destination.id;
  request.parameters = wrap.parameters.file;
  request.expect_wrapping_key = wrap.parameters.expected;
  request.out = wrap.out;
  request.accept_padded_pkcs8 = wrap.asked.accept_padded_pkcs8;
  request.allow_host_ephemeral = wrap.asked.allow_host_ephemeral;
  return request;
}

act::Act wrap_at_aws(const ToWrap& wrap) {
  auto request = wrap_request<imports::AwsWrapRequest>(wrap);
  request.key_version = static_cast<std::uint32_t>(wrap.number);
  request.key_id = wrap.ask.order.cloud_key;
  request.vouched = wrap.asked.vouched;
  request.vouched_signature = wrap.asked.vouched_signature;
  if (wrap.ask.in_place) request.import_type = "NEW_KEY_MATERIAL";
  if (wrap.ask.material_id) {
    request.import_type = "EXISTING_KEY_MATERIAL";
    request.key_material_id = wrap.ask.material_id;
  }
  if (wrap.verification) {
    request.verification_parameters = wrap.verification->file;
    request.expect_verification_key = wrap.verification->expected;
    request.verification_out = wrap.out + kAgainSuffix;
  }
  return imports::wrap_for_import(request);
}

// Consumers follow the newest version under the destination's name: it is proven under another one
// first. What was proven there is wrapped anew for its own name, and that import is the switch.
act::Act wrap_at_azure(const ToWrap& wrap) {
  auto request = wrap_request<imports::AzureWrapRequest>(wrap);
  request.key_version = static_cast<std::uint32_t>(wrap.number);
  if (!is_switch(wrap.standing, wrap.place) && wrap.place.before)
    request.check_name = check_name(wrap.place.destination, wrap.number);
  return imports::wrap_for_import(request);
}

// The version before stays the primary one until the switch.
act::Act wrap_at_google(const ToWrap& wrap) {
  auto request = wrap_request<imports::GoogleWrapRequest>(wrap);
  request.version = std::to_string(wrap.number);
  request.keep_primary = wrap.place.before.has_value();
  return imports::wrap_for_import(request);
}

act::Act wrap_act(const ToWrap& wrap) {
  switch (provider::parse_provider(wrap.place.destination.provider)) {
    case provider::Provider::kAws:
      return wrap_at_aws(wrap);
    case provider::Provider::kAzure:
      return wrap_at_azure(wrap);
    case provider::Provider::kGoogle:
      return wrap_at_google(wrap);
  }
  throw Error(Kind::kInternal, "value-outside-table", "a destination at no provider");
}

// What a run left that was killed before it was recorded, or what has expired, is not the bundle
// that is made now: it gets another name, and nobody should import it.
void set_aside(const std::string& folder, KeyRun& run) {
  if (!fs::exists(fs::symlink_status(folder))) return;
  std::string aside;
  for (int n = 1; aside.empty() || fs::exists(fs::symlink_status(aside)); ++n)
    aside = fmt::format("{}.not-imported-{}", folder, n);
  std::error_code failure;
  fs::rename(folder, aside, failure);
  if (failure) {
    throw Error(Kind::kFailed, "file-unwritable",
                fmt::format("cannot rename {}: {}", printable(folder), failure.message()),
                "give another folder with --output");
  }
  run.remarks.push_back(
      fmt::format("{} was there and is not on record as a bundle that waits for "
                  "its import; it is {} now: do not import it",
                  printable(folder), printable(aside)));
}

// nullopt: they have expired, and are asked for anew.
std::optional<act::Act> wrap_fetched(const RotateRequest& request, const act::Context& context,
                                     const Place& place, const std::string& fetched, KeyRun& run) {
  const auto ask = ask_of(run.standing, place, fetched);
  const auto files = provider::fetched_files(ask.order);
  ToWrap wrap{.asked = request,
              .standing = run.standing,
              .place = place,
              .ask = ask,
              .number = run.standing.meant()->id.number,
              .out = path_in(*request.output, ask.folder)};
  const bool switches = is_switch(run.standing, place);
  if (switches) wrap.out += kSwitchSuffix;
  try {
    wrap.parameters = read_fetched(path_in(fetched, files.parameters), ask, request, context.now());
    if (files.verification)
      wrap.verification =
          read_fetched(path_in(fetched, *files.verification), ask, request, context.now());
  } catch (const Error& error) {
    if (error.code() != "parameters-expired") throw;
    run.remarks.push_back(fmt::format("{}: {}", printable(fetched), error.message()));
    return std::nullopt;
  }
  // The switch has no state of its own in the registry: the folder says that it was made.
  if (switches && fs::exists(fs::symlink_status(wrap.out))) {
    run.remarks.push_back(fmt::format("{} is there already", printable(wrap.out)));
    return std::nullopt;
  }
  set_aside(wrap.out, run);
  if (wrap.verification) set_aside(wrap.out + kAgainSuffix, run);
  if (switches) {
    run.remarks.push_back(fmt::format(
        "consumers at {} follow its import.sh within a day: disable the earlier version 24 hours "
        "later at the earliest, and delete the key {} there when this one is proven",
        act::place_text(place.destination), check_name(place.destination, wrap.number)));
  }
  return told_of(wrap_act(wrap), run.made, [](const act::Outcome& outcome) {
    Json folders = Json::array();
    for (const auto& bundle : outcome.document.at("bundles"))
      folders.push_back(bundle.at("folder"));
    return folders;
  });
}

std::optional<act::Act> wrap_next(const RotateRequest& request, const act::Context& context,
                                  KeyRun& run) {
  for (const auto& place : run.standing.places) {
    if (!wants_parameters(run.standing, place, act::time_of(context))) continue;
    const auto fetched = fetched_folder(*request.parameters, run.standing, place);
    if (!fs::is_directory(fetched) || !run.tried.insert(fetched).second) continue;
    try {
      if (auto act = wrap_fetched(request, context, place, fetched, run)) return act;
    } catch (const Error& error) {
      // Of this destination; the others go on.
      add_cloud_error(run, error);
    }
  }
  return std::nullopt;
}

// A folder of an earlier run is as good as a new one, when it asks the same.
void write_ask(const Ask& ask, const std::string& folder) {
  const auto document = path_in(folder, std::string(provider::kAskFile));
  if (fs::exists(document) && as_text(read_file(document)) == ask.document) return;
  write_new_folder(folder, files_of(ask));
}

}  // namespace

std::optional<act::Act> next_cloud_act(const RotateRequest& request, const act::Context& context,
                                       KeyRun& run) {
  if (run.suspended) return std::nullopt;
  if (request.answers) {
    if (auto act = judge_next(request, run)) return act;
  }
  if (!request.parameters || !run.standing.meant()) return std::nullopt;
  return wrap_next(request, context, run);
}

void write_asks(const RotateRequest& request, const act::Context& context, KeyRun& run) {
  if (!request.output || !run.standing.meant() || run.suspended) return;
  const auto wanted = request.new_cloud_key ? CloudKey::kNew : CloudKey::kSame;
  for (const auto& place : run.standing.places) {
    if (!wants_parameters(run.standing, place, act::time_of(context))) continue;
    const bool wrapped_now =
        is_switch(run.standing, place) && request.parameters &&
        run.tried.contains(fetched_folder(*request.parameters, run.standing, place));
    if (wrapped_now) continue;
    const auto ask = ask_for(run.standing, place, wanted);
    const auto folder =
        path_in(*request.output, ask_folder(place.destination, run.standing.meant()->id.number));
    require_folder(*request.output);
    write_ask(ask, folder);
    run.asked.push_back(folder);
    run.remarks.insert(run.remarks.end(), ask.remarks.begin(), ask.remarks.end());
  }
}

}  // namespace keyrite::rotation
