#include "core/runtime/collector.h"

#include <string>

#include "core/check.h"
#include "core/status_macros.h"
#include "xxhash.h"

namespace onrush {

Collector::Collector(LineSink* sink, size_t query_count)
    : sink_(sink), lines_by_query_(query_count), digest_(XXH3_createState()) {
  ONRUSH_CHECK(digest_ != nullptr);
  XXH3_64bits_reset(static_cast<XXH3_state_t*>(digest_));
}

Collector::~Collector() { XXH3_freeState(static_cast<XXH3_state_t*>(digest_)); }

absl::Status Collector::Collect(PreparedBatch& batch) {
  rests_.clear();
  for (Lane& lane : batch.lanes) {
    const ResultLines& results = lane.results;
    if (results.empty()) continue;
    lines_ += results.size();
    for (size_t i = 0; i < results.size(); ++i) ++lines_by_query_[results.query(i)];
    rests_.push_back({&lane.results, 0});
  }
  if (rests_.empty()) return absl::OkStatus();
  const absl::Status status = rests_.size() == 1 ? CollectOne(*rests_[0].results) : Merge();
  for (Lane& lane : batch.lanes) lane.results.Clear();
  return status;
}

absl::Status Collector::CollectOne(ResultLines& results) {
  if (results.sorted()) return Write(results.all());
  reordered_.clear();
  for (const uint32_t line : results.SortedOrder()) reordered_ += results.line(line);
  return Write(reordered_);
}

// Shards are few: looking at all of them for the next line beats a heap.
absl::Status Collector::Merge() {
  reordered_.clear();
  for (const Rest& rest : rests_) rest.results->SortedOrder();
  while (!rests_.empty()) {
    size_t first = 0;
    for (size_t i = 1; i < rests_.size(); ++i) {
      if (ResultLines::Less(*rests_[i].results, rests_[i].next, *rests_[first].results,
                            rests_[first].next)) {
        first = i;
      }
    }
    Rest& rest = rests_[first];
    reordered_ += rest.results->line(rest.results->order()[rest.next]);
    if (++rest.next == rest.results->size()) {
      rests_.erase(rests_.begin() + static_cast<std::ptrdiff_t>(first));
    }
  }
  return Write(reordered_);
}

absl::Status Collector::Write(std::string_view text) {
  XXH3_64bits_update(static_cast<XXH3_state_t*>(digest_), text.data(), text.size());
  return sink_ == nullptr ? absl::OkStatus() : sink_->Write(text);
}

uint64_t Collector::digest() const {
  return XXH3_64bits_digest(static_cast<const XXH3_state_t*>(digest_));
}

}  // namespace onrush
