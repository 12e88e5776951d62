// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// A request becomes an order: files read, parameters checked, and what leaves and whither in words.
#include "approval/approval_file.h"
#include "base/error.h"
#include "base/file.h"
#include "crypto/digest.h"
#include "imports/wrap_for_import.h"
#include "provider/import_target.h"

namespace keyrite::imports {

namespace {

// Reads an input once: what is hashed for the approvers is what is parsed.
std::optional<provider::InputFile> read_input(std::string_view field,
                                              const std::optional<std::string>& path,
                                              act::ReadInputs& inputs) {
  if (!path) return std::nullopt;
  provider::InputFile file{.name = *path, .content = read_file(*path)};
  inputs[std::string(field)] = {crypto::sha256_hex(file.content)};
  return file;
}

void check_outputs(const WrapRequest& request) {
  require_writable_new_path(request.out);
  if (request.expect_verification_key && !request.verification_parameters) {
    throw Error(Kind::kUsage, "verification-incomplete",
                "--expect-verification-key is given without --verification-parameters",
                "give both, or neither");
  }
  if (request.verification_parameters.has_value() != request.verification_out.has_value()) {
    throw Error(Kind::kUsage, "verification-incomplete",
                "--verification-parameters and --verification-out go together, and one is missing",
                "give both, or neither");
  }
  if (!request.verification_out) return;
  if (*request.verification_out == request.out) {
    throw Error(Kind::kUsage, "same-output", "--out and --verification-out name the same folder",
                "name two folders: the verification bundle is a separate bundle");
  }
  require_writable_new_path(*request.verification_out);
}

std::optional<BroughtVouching> read_vouching(const WrapRequest& request, act::ReadInputs& inputs) {
  if (request.vouched.has_value() == request.vouched_signature.empty()) {
    throw Error(Kind::kUsage, "vouching-incomplete",
                "--vouched and --vouched-signature go together, and one is missing",
                "a list that nobody signed says nothing: give both, or neither");
  }
  auto list = read_input("vouched", request.vouched, inputs);
  if (!list) return std::nullopt;
  BroughtVouching brought{.name = list->name, .list = std::move(list->content)};
  auto& hashes = inputs["vouched-signature"];
  for (const auto& path : request.vouched_signature) {
    const Bytes content = read_file(path);
    hashes.push_back(crypto::sha256_hex(content));
    brought.signatures.push_back(approval::approval_file(path, content));
  }
  return brought;
}

// What leaves, and whither.
act::RecordedRequest inputs_of(const WrapOrder& order) {
  act::RecordedRequest inputs;
  for (auto& word : provider::import_target(order.parameters, order.options, order.request.label)) {
    inputs.push_back({.name = std::move(word.name),
                      .value = std::move(word.value),
                      .is_name = word.tells_whose});
  }
  Json keys = Json::array({provider::wrapping_key(order.parameters).sha256()});
  if (order.verification) keys.push_back(provider::wrapping_key(*order.verification).sha256());
  inputs.push_back({.name = "wrapping_keys", .value = std::move(keys)});
  if (!order.verification) return inputs;
  if (const auto until = provider::valid_until(*order.verification)) {
    inputs.push_back({.name = "verification_parameters_valid_to", .value = format_rfc3339(*until)});
  }
  return inputs;
}

}  // namespace

act::Intent intent_of(const WrapOrder& order, act::RecordedRequest recorded) {
  const auto& request = order.request;
  act::Intent intent{.act = "wrap-for-import",
                     .request = std::move(recorded),
                     .label = request.label,
                     .id = request.id,
                     .outputs = {request.out}};
  if (request.trust_wrapping_key) intent.also.emplace_back("trust-wrapping-key");
  if (request.verification_out) intent.outputs.push_back(*request.verification_out);
  intent.inputs = inputs_of(order);
  intent.valid_until = provider::valid_until(order.parameters);
  if (order.verification) {
    const auto other = provider::valid_until(*order.verification);
    if (other && (!intent.valid_until || *other < *intent.valid_until)) intent.valid_until = other;
  }
  return intent;
}

WrapOrder read(const WrapRequest& request, const provider::ImportOptions& options, TimePoint now) {
  check_outputs(request);
  act::ReadInputs inputs;
  const provider::ParameterFiles files{
      .parameters = read_input("parameters", request.parameters, inputs),
      .public_key = read_input("wrapping-key", request.wrapping_key, inputs),
      .import_token = read_input("import-token", request.import_token, inputs)};
  WrapOrder order{.request = request,
                  .options = options,
                  .parameters = provider::read_parameters(files, options)};
  provider::check_time(order.parameters, now);
  if (request.verification_parameters) {
    order.verification = provider::read_parameters(
        {.parameters =
             read_input("verification-parameters", request.verification_parameters, inputs)},
        options);
    provider::check_time(*order.verification, now);
    provider::check_verification_parameters(order.parameters, *order.verification);
  }
  order.vouching = read_vouching(request, inputs);
  order.inputs = std::move(inputs);
  keys::require_named(request.label, request.id);
  return order;
}

}  // namespace keyrite::imports
