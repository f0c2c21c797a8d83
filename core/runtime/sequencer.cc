#include "core/runtime/sequencer.h"

#include <algorithm>

#include "core/runtime/time_scan.h"
#include "core/status_macros.h"

namespace onrush {

absl::StatusOr<Sequencer> Sequencer::Create(const Plan& plan, size_t stream) {
  Sequencer sequencer(plan.streams[stream].max_out_of_orderness);
  for (const QueryPlan& query : plan.queries) {
    if (query.stream != stream || query.window() == nullptr) continue;
    ONRUSH_ASSIGN_OR_RETURN(WindowAssigner assigner, WindowAssigner::Create(*query.window()));
    sequencer.windowed_.push_back({std::move(assigner), query.allowed_lateness});
  }
  return sequencer;
}

void Sequencer::Stamp(PreparedBatch& batch) {
  EventBatch& events = batch.events;
  events.first_seq = next_seq_;
  next_seq_ += events.size;
  events.watermarks.Start(watermark_, events.capacity());
  batch.ticks.clear();
  const int64_t* const times = events.times();
  for (size_t row = 0; row < events.size;) {
    if (seen_any_) row += CountNotAfter(times + row, events.size - row, max_time_.ns);
    row = StampRun(row, batch);
  }
  events.time_range = {EarliestOf(times, events.size), max_time_.ns};
}

size_t Sequencer::StampRun(size_t first, PreparedBatch& batch) {
  constexpr size_t kStillRows = 4;
  const int64_t* const times = batch.events.times();
  const uint8_t* const bad = batch.events.bad.data();
  const size_t size = batch.events.size;
  size_t row = first;
  for (size_t still = 0; row < size && still < kStillRows; ++row) {
    ++still;
    if (bad[row] != 0 || (times[row] <= max_time_.ns && seen_any_)) continue;
    still = 0;
    seen_any_ = true;
    max_time_ = EventTime{times[row]};
    watermark_ = SaturatingSubtract(max_time_, bound_);
    batch.events.watermarks.Move(static_cast<uint32_t>(row), watermark_);
    if (watermark_ < next_tick_ || windowed_.empty()) continue;
    batch.ticks.push_back({static_cast<uint32_t>(row), watermark_});
    next_tick_ = NextTick();
  }
  return row;
}

EventTime Sequencer::NextTick() {
  WideTime next = kMaxEventTime.ns;
  for (WindowedQuery& query : windowed_) {
    WindowAssigner& assigner = query.assigner;
    const WideTime fires = assigner.Boundary(assigner.PaneOf(watermark_) + 1);
    const EventTime closing = SaturatingSubtract(watermark_, query.allowed_lateness);
    const WideTime closes =
        assigner.Boundary(assigner.PaneOf(closing) + 1) + query.allowed_lateness.ns;
    next = std::min({next, fires, closes});
  }
  return ClampToEventTime(next);
}

}  // namespace onrush
