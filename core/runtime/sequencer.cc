#include "core/runtime/sequencer.h"

#include <algorithm>
#include <bit>

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
  for (size_t row = 0; row < events.size; row += kTimesAtOnce) StampSome(row, events);
  events.time_range = {EarliestOf(events.times(), events.size), max_time_.ns};
  watermark_ = events.watermarks.last();
  if (watermark_ >= next_tick_ && !windowed_.empty()) AddTicks(batch);
}

void Sequencer::StampSome(size_t first, EventBatch& events) {
  const int64_t* const times = events.times() + first;
  const uint8_t* const bad = events.bad.data() + first;
  const size_t count = std::min(events.size - first, kTimesAtOnce);
  EventTime latest = max_time_;
  for (uint64_t later = TimesAfter(times, count, latest.ns); later != 0; later &= later - 1) {
    const auto i = static_cast<size_t>(std::countr_zero(later));
    const EventTime time{times[i]};
    // Those before may have been later still. Which rows move it cannot be guessed: no branch.
    const bool moves = (time > latest) & (bad[i] == 0);
    events.watermarks.MoveIf(moves, static_cast<uint32_t>(first + i),
                             SaturatingSubtract(time, bound_));
    latest = moves ? time : latest;
  }
  max_time_ = latest;
}

void Sequencer::AddTicks(PreparedBatch& batch) {
  for (const RowWatermarks::Moved& move : batch.events.watermarks.moves()) {
    if (move.watermark < next_tick_) continue;
    batch.ticks.push_back({move.row, move.watermark});
    next_tick_ = NextTick(move.watermark);
  }
}

EventTime Sequencer::NextTick(EventTime watermark) {
  WideTime next = kMaxEventTime.ns;
  for (WindowedQuery& query : windowed_) {
    WindowAssigner& assigner = query.assigner;
    const WideTime fires = assigner.Boundary(assigner.PaneOf(watermark) + 1);
    const EventTime closing = SaturatingSubtract(watermark, query.allowed_lateness);
    const WideTime closes =
        assigner.Boundary(assigner.PaneOf(closing) + 1) + query.allowed_lateness.ns;
    next = std::min({next, fires, closes});
  }
  return ClampToEventTime(next);
}

}  // namespace onrush
