#include "core/runtime/collector.h"

#include <string>

#include "core/check.h"
#include "core/metrics/stage_probe.h"
#include "core/status_macros.h"
#include "xxhash.h"

namespace onrush {

Collector::Collector(LineSink* sink, std::vector<std::unique_ptr<Merger>> mergers)
    : sink_(sink),
      mergers_(std::move(mergers)),
      lines_by_query_(mergers_.size()),
      digest_(XXH3_createState()) {
  ONRUSH_CHECK(digest_ != nullptr);
  XXH3_64bits_reset(static_cast<XXH3_state_t*>(digest_));
}

Collector::~Collector() { XXH3_freeState(static_cast<XXH3_state_t*>(digest_)); }

void Collector::Equip(PreparedBatch& batch) const {
  for (Lane& lane : batch.lanes) {
    lane.partials.resize(mergers_.size());
    for (size_t query = 0; query < mergers_.size(); ++query) {
      if (mergers_[query] != nullptr) lane.partials[query] = mergers_[query]->NewPartial();
    }
  }
}

absl::Status Collector::Collect(PreparedBatch& batch, StageTimer* timer) {
  rests_.clear();
  MergePartials(batch);
  Take(merged_);
  for (Lane& lane : batch.lanes) Take(lane.results);
  std::string_view text;
  if (!rests_.empty()) text = rests_.size() == 1 ? InOrder(*rests_[0].results) : Merge();
  if (!text.empty()) {
    XXH3_64bits_update(static_cast<XXH3_state_t*>(digest_), text.data(), text.size());
    bytes_ += text.size();
  }
  StageDone(timer, Stage::kCollect, {batch.events.size, text.size()});
  if (text.empty()) return absl::OkStatus();
  const absl::Status status = sink_ == nullptr ? absl::OkStatus() : sink_->Write(text);
  merged_.Clear();
  for (Lane& lane : batch.lanes) lane.results.Clear();
  return status;
}

void Collector::MergePartials(PreparedBatch& batch) {
  for (size_t query = 0; query < mergers_.size(); ++query) {
    if (mergers_[query] == nullptr) continue;
    parts_.clear();
    bool any = false;
    for (Lane& lane : batch.lanes) {
      parts_.push_back(lane.partials[query].get());
      any = any || !lane.partials[query]->empty();
    }
    if (any) mergers_[query]->Merge(parts_, merged_);
    for (PartialResults* part : parts_) part->Clear();
    if (!batch.ticks.empty()) mergers_[query]->Forget(batch.ticks.back().watermark);
  }
}

void Collector::Take(ResultLines& results) {
  if (results.empty()) return;
  lines_ += results.size();
  for (size_t i = 0; i < results.size(); ++i) ++lines_by_query_[results.query(i)];
  rests_.push_back({&results, 0});
  if (observer_ != nullptr) TellFlags(results);
}

void Collector::Observe(FlagObserver* observer, std::vector<bool> flags_events) {
  observer_ = observer;
  flags_events_ = std::move(flags_events);
}

void Collector::TellFlags(const ResultLines& results) {
  for (size_t i = 0; i < results.size(); ++i) {
    if (flags_events_[results.query(i)]) observer_->OnFlag(results.place(i), results.line(i));
  }
}

std::string_view Collector::InOrder(ResultLines& results) {
  if (results.sorted()) return results.all();
  reordered_.clear();
  for (const uint32_t line : results.SortedOrder()) reordered_ += results.line(line);
  return reordered_;
}

// Shards are few: looking at all of them for the next line beats a heap.
std::string_view Collector::Merge() {
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
  return reordered_;
}

uint64_t Collector::digest() const {
  return XXH3_64bits_digest(static_cast<const XXH3_state_t*>(digest_));
}

}  // namespace onrush
