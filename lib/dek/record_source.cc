#include "dek/record_source.h"

#include <utility>

#include "base/error.h"

namespace keyrite::dek {

RecordSource::RecordSource(std::vector<std::string> ids, const std::optional<std::string>& file)
    : ids_(std::move(ids)) {
  if (ids_.empty() == !file.has_value()) {
    throw Error(Kind::kUsage, "dek-none-given",
                "give data keys by --id, or their records by --from", "give one of the two");
  }
  if (file) lines_.emplace(*file);
}

std::vector<WantedDek> RecordSource::next(std::size_t limit) {
  std::vector<WantedDek> wanted;
  if (!lines_) {
    while (wanted.size() < limit && given_ < ids_.size()) wanted.push_back({.id = ids_[given_++]});
    return wanted;
  }
  while (wanted.size() < limit) {
    const auto text = lines_->next();
    if (!text) break;
    auto record = parse_record(*text, lines_->where());
    std::string id = record.id;
    wanted.push_back({.id = std::move(id), .record = std::move(record)});
  }
  return wanted;
}

}  // namespace keyrite::dek
