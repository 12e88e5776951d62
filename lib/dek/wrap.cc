#include "dek/wrap.h"

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "approval/operation.h"
#include "base/error.h"
#include "base/file.h"
#include "base/lower_hex.h"
#include "crypto/secret_text.h"
#include "dek/internal/adding.h"
#include "dek/internal/batch.h"
#include "dek/internal/batches.h"
#include "dek/secret_input.h"

namespace keyrite::dek {

namespace {

// In hex, with a newline.
constexpr std::size_t kLongestText = 2 * wrap::kLargestDataKey + 1;

[[noreturn]] void invalid_key(const std::string& where, std::string_view why) {
  throw Error(Kind::kConfig, "dek-key-invalid", fmt::format("{}: {}", where, why),
              R"(give lines like {"key":"BASE64"}, as keyrite dek unwrap writes them)");
}

// What stands between `before` and the rest of `text`; both are cut off.
bool take(ByteView& text, std::string_view before) {
  const auto bytes = as_bytes(before);
  if (text.size() < bytes.size() || !std::ranges::equal(text.first(bytes.size()), bytes))
    return false;
  text = text.subspan(bytes.size());
  return true;
}

// {"key":BASE64} or {"id":ID,"key":BASE64}, in these bytes: no parser keeps a copy of the key.
Coming parsed_key(ByteView line, std::uint64_t number, const std::string& where) {
  Coming one{.line = number};
  if (!take(line, "{\"")) invalid_key(where, "it is not a line with a data key");
  if (take(line, "id\":\"")) {
    const ByteView id = line.first(std::min(line.size(), 2 * kDekIdBytes));
    one.id = std::string(id.begin(), id.end());
    line = line.subspan(id.size());
    if (!is_lower_hex(*one.id, kDekIdBytes) || !take(line, "\",\""))
      invalid_key(where, "its id is not 32 digits of hex");
  }
  constexpr std::string_view kEnd = "\"}";
  if (!take(line, "key\":\"") || line.size() < kEnd.size()) invalid_key(where, "it has no key");
  ByteView end = line.last(kEnd.size());
  if (!take(end, kEnd)) invalid_key(where, "it has something after the key");
  auto value = crypto::secret_from_base64(line.first(line.size() - kEnd.size()));
  if (!value) invalid_key(where, "its key is not base64");
  one.value = *std::move(value);
  return one;
}

std::optional<crypto::SecretBytes> decoded(const crypto::SecretBytes& given,
                                           std::string_view encoding) {
  ByteView text = given.reveal();
  if (encoding == "binary") return crypto::SecretBytes(text);
  if (!text.empty() && text.back() == '\n') text = text.first(text.size() - 1);
  return encoding == "hex" ? crypto::secret_from_hex(text) : crypto::secret_from_base64(text);
}

void require_length(Coming& one) {
  if (!one.value.empty() && one.value.size() <= wrap::kLargestDataKey) return;
  one.refusal = Error(Kind::kUsage, "dek-length",
                      fmt::format("a data key of {} bytes is not wrapped", one.value.size()),
                      fmt::format("data keys have 1 to {} bytes", wrap::kLargestDataKey));
}

class WrapInput {
 public:
  explicit WrapInput(const WrapDeksRequest& request)
      : encoding_(request.encoding.value_or("binary")) {
    const auto given = static_cast<int>(request.in.has_value()) +
                       static_cast<int>(request.fd.has_value()) +
                       static_cast<int>(request.from.has_value());
    if (given > 1 || (request.from && request.encoding)) {
      throw Error(
          Kind::kUsage, "dek-input-ambiguous",
          "the data key comes from one place: --in, --fd, standard input, or --from without "
          "--encoding",
          "give one of them");
    }
    lines_ = request.from.has_value();
    if (request.in || request.from)
      input_ = std::make_unique<SecretInput>(request.in ? *request.in : *request.from);
    else if (request.fd)
      input_ = std::make_unique<SecretInput>(static_cast<int>(*request.fd),
                                             fmt::format("descriptor {}", *request.fd));
    else
      input_ = std::make_unique<SecretInput>(STDIN_FILENO, "standard input");
    if (!lines_) only_ = read_only();
  }

  std::vector<Coming> next(std::size_t limit) {
    std::vector<Coming> all;
    if (!lines_) {
      if (only_) all.push_back(*std::exchange(only_, {}));
      return all;
    }
    while (all.size() < limit) {
      const auto line = input_->line();
      if (!line) break;
      const auto where = fmt::format("line {} of {}", input_->lines(), input_->name());
      all.push_back(parsed_key(line->reveal(), input_->lines(), where));
      require_length(all.back());
    }
    return all;
  }

 private:
  [[nodiscard]] Coming read_only() {
    const auto given = input_->whole(kLongestText);
    if (!given) {
      throw Error(
          Kind::kUsage, "dek-length",
          fmt::format("{} has more than any data key: {} bytes", input_->name(), kLongestText),
          "give one data key, or a file of them with --from");
    }
    auto value = decoded(*given, encoding_);
    if (!value) invalid_key(input_->name(), fmt::format("what it has is not {}", encoding_));
    Coming one{};
    one.value = *std::move(value);
    require_length(one);
    if (one.refusal) throw Error(std::as_const(*one.refusal));
    return one;
  }
  std::string encoding_;
  bool lines_{false};
  std::unique_ptr<SecretInput> input_{};
  std::optional<Coming> only_{};
};

void wrap_at_token(KekBench& bench, const KekOnRecord& record, Coming& one) {
  const auto& open = bench.kek(record);
  auto wrapped = bench.in_of(record).wrap(open.kek, one.value);
  one.dek.wrapped = std::move(wrapped.content);
  one.dek.mechanism = wrap::key_wrap_name(wrapped.wrap);
}

AddingRequest adding_of(const WrapDeksRequest& request) {
  return {.terms = {.tenant = request.tenant,
                    .key = request.key,
                    .ttl = request.ttl,
                    .holder = request.holder,
                    .kept_by_caller = request.kept_by_caller},
          .out = request.out,
          .jobs = request.jobs};
}

act::PreparedAct prepared(const WrapDeksRequest& request, const act::Context& context) {
  (void)jobs_of(request.jobs);
  const auto adding = adding_of(request);
  const auto record = read_new_dek_kek(adding.terms, context);
  require_wraps_inside(record);
  require_writable_new_path(request.out);
  const auto input = std::make_shared<WrapInput>(request);
  return {.intent = {.act = kWrapAct,
                     .also = {"dek"},
                     .request = without_jobs(act::record(request)),
                     .id = to_hex(record.version.cka_id)},
          .need = {.access = pkcs11::Access::kReadOnly, .in_parts = true},
          .perform = [adding, input](act::AtWork& at) {
            return add_deks(adding,
                            {.act = kWrapAct,
                             .done = "wrapped",
                             .next = [&](std::size_t limit) { return input->next(limit); },
                             .work = wrap_at_token},
                            at);
          }};
}

}  // namespace

act::Act wrap_deks(const WrapDeksRequest& request) {
  return {approval::operation_named(kWrapAct),
          [request](const act::Context& context) { return prepared(request, context); }};
}

}  // namespace keyrite::dek
