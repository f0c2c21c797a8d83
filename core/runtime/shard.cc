#include "core/runtime/shard.h"

#include <span>

namespace onrush {

Shard::Shard(const Plan& plan, std::vector<std::unique_ptr<Operator>> operators,
             std::vector<size_t> key_slots)
    : plan_(plan), operators_(std::move(operators)), key_slots_(std::move(key_slots)) {}

void Shard::Process(const PreparedBatch& batch, ResultLines& results) {
  for (size_t query = 0; query < operators_.size(); ++query) {
    if (plan_.queries[query].stream != batch.events.stream_index) continue;
    if (plan_.queries[query].window() != nullptr) {
      ProcessWindowed(query, batch, results);
    } else if (!batch.selected[query].empty()) {
      operators_[query]->Process(batch.events, batch.keys[key_slots_[query]], batch.selected[query],
                                 results);
    }
  }
}

void Shard::ProcessWindowed(size_t query, const PreparedBatch& batch, ResultLines& results) {
  Operator& state = *operators_[query];
  const KeyColumn& keys = batch.keys[key_slots_[query]];
  const std::vector<uint32_t>& selected = batch.selected[query];
  std::span<const uint32_t> rest(selected);
  for (const Tick& tick : batch.ticks) {
    size_t count = 0;
    while (count < rest.size() && rest[count] <= tick.row) ++count;
    if (count > 0) state.Process(batch.events, keys, rest.first(count), results);
    rest = rest.subspan(count);
    state.OnWatermark(tick.watermark, batch.events.first_seq + tick.row, results);
  }
  if (!rest.empty()) state.Process(batch.events, keys, rest, results);
}

void Shard::Finish(uint64_t events_read, ResultLines& results) {
  for (const auto& state : operators_) state->OnEnd(events_read, results);
}

}  // namespace onrush
