#include "core/runtime/shard.h"

#include <span>

#include "core/metrics/stage_probe.h"

namespace onrush {
namespace {

OperatorOutput OutputOf(Lane& lane, size_t query) {
  return {lane.results, lane.partials[query].get()};
}

}  // namespace

Shard::Shard(const Plan& plan, size_t index, std::vector<std::unique_ptr<Operator>> operators,
             std::vector<size_t> key_slots)
    : plan_(plan),
      index_(index),
      operators_(std::move(operators)),
      key_slots_(std::move(key_slots)) {}

void Shard::Process(PreparedBatch& batch, StageTimer* timer) {
  Lane& lane = batch.lanes[index_];
  for (size_t query = 0; query < operators_.size(); ++query) {
    if (plan_.queries[query].stream != batch.events.stream_index) continue;
    if (plan_.queries[query].window() != nullptr) {
      ProcessWindowed(query, batch, lane, timer);
    } else if (!lane.selected[query].rows.empty()) {
      operators_[query]->Process(batch.events, batch.keys[key_slots_[query]],
                                 lane.selected[query].rows, OutputOf(lane, query));
      Done(timer, Stage::kProcess, query, lane.selected[query].rows.size());
    }
  }
}

void Shard::ProcessWindowed(size_t query, const PreparedBatch& batch, Lane& lane,
                            StageTimer* timer) {
  Operator& state = *operators_[query];
  const OperatorOutput output = OutputOf(lane, query);
  const KeyColumn& keys = batch.keys[key_slots_[query]];
  std::span<const uint32_t> rest = lane.selected[query].rows;
  for (const Tick& tick : batch.ticks) {
    size_t count = 0;
    while (count < rest.size() && rest[count] <= tick.row) ++count;
    if (count > 0) {
      state.Process(batch.events, keys, rest.first(count), output);
      Done(timer, Stage::kProcess, query, count);
    }
    rest = rest.subspan(count);
    state.OnWatermark(tick.watermark, batch.events.first_seq + tick.row, output);
    Done(timer, Stage::kFire, query, 0);
  }
  if (rest.empty()) return;
  state.Process(batch.events, keys, rest, output);
  Done(timer, Stage::kProcess, query, rest.size());
}

void Shard::Finish(uint64_t events_read, PreparedBatch& batch, StageTimer* timer) {
  Lane& lane = batch.lanes[index_];
  for (const auto& state : operators_) {
    sizes_at_end_.push_back({state->key_count(), state->memory_bytes()});
  }
  for (size_t query = 0; query < operators_.size(); ++query) {
    operators_[query]->OnEnd(events_read, OutputOf(lane, query));
    Done(timer, Stage::kFire, query, 0);
  }
}

void Shard::Done(StageTimer* timer, Stage stage, size_t query, size_t events) const {
  StageDone(timer, stage, {events}, query, plan_.queries[query].name.c_str());
}

}  // namespace onrush
