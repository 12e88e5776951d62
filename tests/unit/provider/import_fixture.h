// Import parameters as the clouds' command lines write them (samples/, made with openssl), and ways
// to spoil them. One thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "provider/destination.h"
#include "provider/payload.h"
#include "provider/script.h"

namespace keyrite::test {

// A time at which the samples are valid: 2026-02-13T12:00:00Z.
[[nodiscard]] TimePoint noon();

[[nodiscard]] provider::InputFile sample(const std::string& name);
[[nodiscard]] provider::InputFile edited(const std::string& name,
                                         const std::function<void(Json&)>& edit);
[[nodiscard]] provider::ParameterFiles json_file(provider::InputFile file);
// base64 of the DER of a PEM sample, as AWS writes it.
[[nodiscard]] std::string base64_der(const std::string& pem_sample);
[[nodiscard]] Bytes der(const std::string& pem_sample);

// provider::read_parameters, not the provider's own function of that name.
[[nodiscard]] provider::ImportParameters read(const provider::ParameterFiles& files,
                                              const provider::ImportOptions& options);

struct Refusal {
  std::string code{};
  Kind kind{Kind::kInternal};
  std::string message{};
  std::string hint{};
  friend bool operator==(const Refusal& a, const Refusal& b) {
    return a.code == b.code && a.kind == b.kind;
  }
};
// What the call throws; code "" when it throws nothing.
[[nodiscard]] Refusal refusal_of(const std::function<void()>& call);
[[nodiscard]] Refusal usage(std::string code);
[[nodiscard]] Refusal config(std::string code);
[[nodiscard]] Refusal verification(std::string code);
std::ostream& operator<<(std::ostream& out, const Refusal& refusal);

// Valid options for the samples.
[[nodiscard]] provider::aws::ImportOptions aws_options(
    std::string algorithm = "RSAES_OAEP_SHA_256");
[[nodiscard]] provider::Destination aws_destination(
    const provider::aws::ImportOptions& options = aws_options(),
    const std::string& key_type = "aes-256");
// Of azure-az.json (Managed HSM) or azure-rest.json (vault).
[[nodiscard]] provider::Destination azure_destination(
    const provider::azure::ImportOptions& options = {}, const std::string& key_type = "aes-256",
    const std::string& file = "azure-az.json");
[[nodiscard]] provider::Destination google_destination(
    const provider::google::ImportOptions& options = {}, const std::string& key_type = "aes-256");

// A blob of the right size for a destination; its bytes count.
[[nodiscard]] Bytes blob_for(const provider::Destination& destination);
// The challenges of a destination with values of the right length, as a wrap would leave them.
[[nodiscard]] provider::ChallengeSet challenges_of(const provider::Destination& destination);
// Payload and challenges.
[[nodiscard]] provider::ScriptInput script_input(
    const provider::Destination& destination,
    provider::Purpose purpose = provider::Purpose::kImport);

}  // namespace keyrite::test
