#include "dek/import.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "act/closing.h"
#include "approval/operation.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/key_type.h"
#include "base/lower_hex.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "dek/internal/adding.h"
#include "dek/internal/batch.h"
#include "dek/internal/batches.h"
#include "dek/internal/line_pieces.h"
#include "wrap/key_check_value.h"

namespace keyrite::dek {

namespace {

constexpr std::size_t kLongestRecord = 4096;

void require_rsa(const KekOnRecord& record) {
  if (!parse_key_type(record.key.type).is_secret()) return;
  throw Error(Kind::kFailed, "key-not-rsa",
              fmt::format("the key \"{}\" is not an RSA key, and has no public half to wrap under",
                          printable(record.key.name.value_or(record.key.id))),
              "add a key with --type rsa-4096 --usage wrap");
}

[[noreturn]] void invalid_import(const std::string& where, std::string_view why) {
  throw Error(
      Kind::kConfig, "dek-record-invalid",
      fmt::format("{} is not a data key that was wrapped: {}", where, why),
      R"(give lines like {"wrap":"rsa-oaep-sha256","wrapped":"BASE64"}, with "id" or without)");
}

// {"id"?,"wrap","wrapped"}: what keyrite dek unwrap --recipient writes.
Coming parsed_import(std::string_view line, std::uint64_t number, const std::string& where) {
  const Json json = parse_json(as_bytes(line), where);
  if (!json.is_object()) invalid_import(where, "it is not an object");
  for (const auto& [name, value] : json.items()) {
    const bool known = name == "id" || name == "wrap" || name == "wrapped";
    if (!known || !value.is_string())
      invalid_import(where, fmt::format("its field \"{}\"", printable(name)));
  }
  if (!json.contains("wrap") || !json.contains("wrapped"))
    invalid_import(where, "a field is missing");
  Coming one{.line = number};
  if (json.contains("id")) one.id = json.at("id").get<std::string>();
  if (one.id && !is_lower_hex(*one.id, kDekIdBytes))
    invalid_import(where, "its id is not 32 digits of hex");
  one.dek.mechanism = json.at("wrap").get<std::string>();
  one.dek.wrapped = from_base64(json.at("wrapped").get<std::string>(), "wrapped");
  return one;
}

class ImportInput {
 public:
  explicit ImportInput(const ImportDeksRequest& request, act::ReadInputs& inputs) {
    if (request.in.has_value() == request.from.has_value() ||
        request.in.has_value() != request.wrap.has_value()) {
      throw Error(Kind::kUsage, "dek-input-ambiguous",
                  "a wrapped data key comes by --in with --wrap, or many by --from",
                  "give one of the two");
    }
    if (request.from) {
      lines_.emplace(*request.from);
      inputs["from"] = {lines_->sha256()};
      return;
    }
    Coming one{};
    one.dek.wrapped = read_file(*request.in, kLongestRecord);
    one.dek.mechanism = *request.wrap;
    inputs["in"] = {crypto::sha256_hex(one.dek.wrapped)};
    only_ = std::move(one);
  }

  std::vector<Coming> next(std::size_t limit) {
    std::vector<Coming> all;
    if (only_) all.push_back(*std::exchange(only_, {}));
    while (lines_ && all.size() < limit) {
      const auto line = lines_->next();
      if (!line) break;
      all.push_back(parsed_import(*line, lines_->number(), lines_->where()));
    }
    return all;
  }

 private:
  std::optional<LinePieces> lines_{};
  std::optional<Coming> only_{};
};

// That it opens is all that can be known of it: who wrapped it knows what it is.
void open_at_token(KekBench& bench, const KekOnRecord& record, Coming& one) {
  const auto wrap = wrap::parse_key_wrap(one.dek.mechanism);
  if (!wrap || !wrap::rsa_wrap(*wrap)) {
    throw Error(Kind::kVerification, "dek-record-differs",
                fmt::format("a data key is wrapped by \"{}\", which is no wrap under an RSA key",
                            printable(one.dek.mechanism)),
                "keyrite dek wrapping-key lists the wraps that the token opens");
  }
  const auto& open = bench.kek(record);
  try {
    const wrap::SessionObject key(
        bench.session(),
        wrap::unwrap_data_key(bench.session(), open.proven, open.kek, {*wrap, one.dek.wrapped},
                              wrap::OpenedAs::kSecret, wrap::OpenedFor::kToken));
    (void)wrap::key_check_value(bench.session(), key.handle());
  } catch (const Error& error) {
    throw wrap::judged(bench.session(), open.proven, open.kek, open.canary, error);
  }
}

AddingRequest adding_of(const ImportDeksRequest& request) {
  return {.terms = {.tenant = request.tenant,
                    .key = request.key,
                    .ttl = request.ttl,
                    .holder = request.holder,
                    .kept_by_caller = request.kept_by_caller},
          .out = request.out,
          .jobs = request.jobs};
}

act::PreparedAct prepared(const ImportDeksRequest& request, const act::Context& context) {
  (void)jobs_of(request.jobs);
  const auto adding = adding_of(request);
  const auto record = read_new_dek_kek(adding.terms, context);
  require_rsa(record);
  require_writable_new_path(request.out);
  act::ReadInputs inputs;
  const auto input = std::make_shared<ImportInput>(request, inputs);
  return {.intent = {.act = kImportAct,
                     .also = {"dek"},
                     .request = without_jobs(act::record(request, inputs)),
                     .id = to_hex(record.version.cka_id)},
          .need = {.access = pkcs11::Access::kReadOnly, .in_parts = true},
          .perform = [adding, input](act::AtWork& at) {
            return add_deks(adding,
                            {.act = kImportAct,
                             .done = "imported",
                             .next = [&](std::size_t limit) { return input->next(limit); },
                             .work = open_at_token},
                            at);
          }};
}

NewDekTerms terms_of(const WrappingKeyRequest& request) {
  return {.tenant = request.tenant, .key = request.key};
}

std::string closing_of(const WrappingKeyRequest& request, const std::string& sha256,
                       const act::Context& context) {
  return act::closing(
      context, {{"SHA-256 of the public key, to be read aloud to whoever wraps under it", sha256}},
      {{fmt::format("give {} to whoever wraps; take what comes back", request.out),
        act::as_here(
            context, act::NextAt::kToken,
            {"keyrite dek import", act::option("tenant", request.tenant),
             act::option("key", request.key), "--in FILE", "--wrap ALGORITHM", "--out RECORDS"})}});
}

act::Outcome given(const WrappingKeyRequest& request, act::AtWork& at) {
  const auto record = read_new_dek_kek(terms_of(request), at.context());
  const auto key = public_key_of(record);
  const auto open = open_kek(at.token().session(), record);
  Json names = Json::array();
  std::string text;
  std::vector<act::Fact> opens;
  for (const auto& algorithm : open.proven.opens()) {
    names.push_back(algorithm.name());
    text += (text.empty() ? "" : ", ") + algorithm.name();
    opens.emplace_back(act::Words::of(algorithm));
  }
  write_new_file(request.out, as_bytes(key.pem()));
  return {
      .document = {{"key", record.key.id},
                   {"version", record.version.id.number},
                   {"sha256", key.sha256()},
                   {"opens", names},
                   {"out", request.out}},
      .text = {fmt::format("the public half of {} is in {}", record.text(), printable(request.out)),
               fmt::format("the token was found to open: {}", text),
               closing_of(request, key.sha256(), at.context())},
      .facts = {{"key", act::Fact::id(record.key.id)},
                {"version", record.version.id.number},
                {"key_id", act::Fact::id(to_hex(record.version.cka_id))},
                {"public_key_sha256", act::Fact::sha256(key.sha256())},
                {"opens", opens}},
      .when_logged = [](act::Outcome& done, std::optional<std::uint64_t> entry) {
        done.document["entry"] = entry ? Json(*entry) : Json();
      }};
}

}  // namespace

act::Act import_deks(const ImportDeksRequest& request) {
  return {approval::operation_named(kImportAct),
          [request](const act::Context& context) { return prepared(request, context); }};
}

act::Act give_wrapping_key(const WrappingKeyRequest& request) {
  return {approval::operation_named(kWrappingKeyAct), [request](const act::Context& context) {
            const auto record = read_new_dek_kek(terms_of(request), context);
            require_rsa(record);
            require_writable_new_path(request.out);
            return act::PreparedAct{
                .intent = {.act = kWrappingKeyAct,
                           .request = act::record(request),
                           .id = to_hex(record.version.cka_id)},
                .need = {.access = pkcs11::Access::kReadOnly},
                .perform = [request](act::AtWork& at) { return given(request, at); }};
          }};
}

}  // namespace keyrite::dek
