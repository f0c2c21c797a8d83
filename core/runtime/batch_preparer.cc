#include "core/runtime/batch_preparer.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "fmt/format.h"

namespace onrush {

BatchPreparer::BatchPreparer(const Plan& plan, size_t stream, uint64_t hash_seed)
    : plan_(plan),
      stream_(stream),
      hash_seed_(hash_seed),
      where_(plan.queries.size()),
      key_slots_(plan.queries.size()) {
  for (size_t i = 0; i < plan.streams[stream].derived.size(); ++i) {
    derivations_.emplace_back(plan.streams[stream], i);
  }
  for (size_t query = 0; query < plan.queries.size(); ++query) {
    const QueryPlan& query_plan = plan.queries[query];
    if (query_plan.stream == stream && query_plan.where) {
      where_[query].emplace(query_plan.where->root);
    }
  }
  MakeKeySlots();
}

// Queries with the same key share its encoding and hashes.
void BatchPreparer::MakeKeySlots() {
  std::map<std::vector<size_t>, size_t> slots;
  for (size_t query = 0; query < plan_.queries.size(); ++query) {
    const QueryPlan& query_plan = plan_.queries[query];
    if (query_plan.stream != stream_) continue;
    const auto [slot, inserted] = slots.try_emplace(query_plan.key, codecs_.size());
    if (inserted) codecs_.emplace_back(plan_.streams[stream_], query_plan.key);
    key_slots_[query] = slot->second;
  }
  known_hashes_.resize(codecs_.size());
  conditional_.resize(codecs_.size());
  std::vector<bool> all_wanted(codecs_.size());
  for (size_t query = 0; query < plan_.queries.size(); ++query) {
    if (plan_.queries[query].stream != stream_) continue;
    conditional_[key_slots_[query]].push_back(query);
    if (!where_[query]) all_wanted[key_slots_[query]] = true;
  }
  for (size_t slot = 0; slot < codecs_.size(); ++slot) {
    if (all_wanted[slot]) conditional_[slot].clear();
  }
}

PreparedBatch BatchPreparer::NewBatch(size_t rows, size_t shards) const {
  PreparedBatch batch(EventBatch(plan_.streams[stream_], stream_, rows));
  for (size_t i = 0; i < codecs_.size(); ++i) batch.keys.emplace_back(rows);
  batch.where.resize(plan_.queries.size());
  batch.all_rows.resize(rows);
  std::iota(batch.all_rows.begin(), batch.all_rows.end(), 0u);
  batch.lanes.resize(shards);
  for (Lane& lane : batch.lanes) lane.selected.resize(plan_.queries.size());
  for (size_t query = 0; query < plan_.queries.size(); ++query) {
    if (plan_.queries[query].stream != stream_) continue;
    if (where_[query]) batch.where[query].resize(rows);
    for (Lane& lane : batch.lanes) lane.selected[query].own.reserve(rows);
  }
  return batch;
}

void BatchPreparer::Prepare(PreparedBatch& batch) {
  EventBatch& events = batch.events;
  ApplyGuards(events);
  for (Derivation& derivation : derivations_) derivation.Apply(events);
  events.SortBadRows();
  for (size_t query = 0; query < where_.size(); ++query) {
    if (where_[query]) where_[query]->Evaluate(events, batch.where[query]);
  }
  for (size_t i = 0; i < codecs_.size(); ++i) {
    codecs_[i].Encode(events, hash_seed_, batch.keys[i], &known_hashes_[i], WantedKeys(i, batch));
  }
}

const uint8_t* BatchPreparer::WantedKeys(size_t slot, const PreparedBatch& batch) {
  const std::vector<size_t>& queries = conditional_[slot];
  if (queries.empty()) return nullptr;
  if (queries.size() == 1) return batch.where[queries[0]].data();
  wanted_ = batch.where[queries[0]];
  for (size_t i = 1; i < queries.size(); ++i) {
    const std::vector<uint8_t>& where = batch.where[queries[i]];
    for (size_t row = 0; row < batch.events.size; ++row) wanted_[row] |= where[row];
  }
  return wanted_.data();
}

void BatchPreparer::ApplyGuards(EventBatch& events) const {
  const StreamPlan& stream = plan_.streams[stream_];
  if (stream.max_ahead && !events.arrivals.empty()) RefuseAhead(*stream.max_ahead, events);
  if (!stream.valid_from && !stream.valid_until) return;
  const EventTime from = stream.valid_from.value_or(kMinEventTime);
  const int64_t* const times = events.times();
  const std::string& field = stream.column_name(stream.time_column);
  for (size_t row = 0; row < events.size; ++row) {
    if (events.bad[row] != 0) continue;
    if (times[row] < from.ns) {
      events.MarkBad(row, fmt::format("{}: {} is before valid_from {}", field,
                                      FormatInstant(times[row]), FormatInstant(from.ns)));
    } else if (stream.valid_until && times[row] >= stream.valid_until->ns) {
      events.MarkBad(
          row, fmt::format("{}: {} is not before valid_until {}", field, FormatInstant(times[row]),
                           FormatInstant(stream.valid_until->ns)));
    }
  }
}

void BatchPreparer::RefuseAhead(Duration max_ahead, EventBatch& events) const {
  const int64_t* const times = events.times();
  for (size_t row = 0; row < events.size; ++row) {
    const EventTime arrived{events.arrivals[events.arrival[row]].arrived_ns};
    if (events.bad[row] != 0 || times[row] <= SaturatingAdd(arrived, max_ahead).ns) continue;
    events.MarkBad(row, fmt::format("{}: {} is more than max_ahead after the arrival at {}",
                                    plan_.streams[stream_].column_name(events.time_column),
                                    FormatInstant(times[row]), FormatInstant(arrived.ns)));
  }
}

}  // namespace onrush
