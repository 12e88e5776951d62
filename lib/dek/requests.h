// What the commands of keyrite dek are asked for: their tables make options, log and man page.
// Plain values; any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "act/request.h"

namespace keyrite::dek {

// A part of an act, and so an entry of the log and a batch of rows, has no more data keys than
// this.
inline constexpr std::uint32_t kLargestBatch = 1000;
inline constexpr std::size_t kDekIdBytes = 16;
inline constexpr std::uint32_t kLargestIssue = 10'000'000;

struct IssueRequest {
  std::string tenant{};
  std::string key{};
  std::string out{};
  std::optional<std::uint32_t> count{};
  std::optional<std::uint32_t> bytes{};
  std::optional<std::string> ttl{};
  std::optional<std::string> holder{};
  bool kept_by_caller{false};
  std::optional<std::uint32_t> jobs{};
  [[nodiscard]] static const std::vector<act::Field<IssueRequest>>& table();
};

struct WrapDeksRequest {
  std::string tenant{};
  std::string key{};
  std::string out{};
  std::optional<std::string> in{};
  std::optional<std::uint32_t> fd{};
  std::optional<std::string> from{};
  std::optional<std::string> encoding{};
  std::optional<std::string> ttl{};
  std::optional<std::string> holder{};
  bool kept_by_caller{false};
  std::optional<std::uint32_t> jobs{};
  [[nodiscard]] static const std::vector<act::Field<WrapDeksRequest>>& table();
};

struct ImportDeksRequest {
  std::string tenant{};
  std::string key{};
  std::string out{};
  std::optional<std::string> in{};
  std::optional<std::string> wrap{};
  std::optional<std::string> from{};
  std::optional<std::string> ttl{};
  std::optional<std::string> holder{};
  bool kept_by_caller{false};
  std::optional<std::uint32_t> jobs{};
  [[nodiscard]] static const std::vector<act::Field<ImportDeksRequest>>& table();
};

struct WrappingKeyRequest {
  std::string tenant{};
  std::string key{};
  std::string out{};
  [[nodiscard]] static const std::vector<act::Field<WrappingKeyRequest>>& table();
};

struct UnwrapRequest {
  std::string tenant{};
  std::string reason{};
  std::vector<std::string> id{};
  std::optional<std::string> from{};
  std::optional<std::string> out{};
  std::optional<std::string> recipient{};
  std::optional<std::uint32_t> jobs{};
  [[nodiscard]] static const std::vector<act::Field<UnwrapRequest>>& table();
};

struct RewrapRequest {
  std::string tenant{};
  std::string key{};
  std::optional<std::uint32_t> version{};
  std::optional<std::string> from{};
  std::optional<std::string> out{};
  std::optional<std::uint32_t> jobs{};
  [[nodiscard]] static const std::vector<act::Field<RewrapRequest>>& table();
};

struct ShowDekRequest {
  std::string id{};
  [[nodiscard]] static const std::vector<act::Field<ShowDekRequest>>& table();
};

struct ListDeksRequest {
  std::string tenant{};
  std::string key{};
  std::optional<std::uint32_t> version{};
  std::optional<std::string> after{};
  std::optional<std::uint32_t> limit{};
  [[nodiscard]] static const std::vector<act::Field<ListDeksRequest>>& table();
};

struct PruneDeksRequest {
  [[nodiscard]] static const std::vector<act::Field<PruneDeksRequest>>& table();
};

// "90d", "12h", "30min", "45s"; at least a second, at most 100 years. nullopt: none of these.
[[nodiscard]] std::optional<std::chrono::seconds> parse_ttl(std::string_view text);

}  // namespace keyrite::dek
