#include "core/runtime/stream_stage.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "core/status_macros.h"
#include "fmt/format.h"

namespace onrush {

absl::StatusOr<std::unique_ptr<StreamStage>> StreamStage::Create(const Plan& plan, size_t stream,
                                                                 uint64_t hash_seed) {
  ONRUSH_ASSIGN_OR_RETURN(Sequencer sequencer, Sequencer::Create(plan, stream));
  std::unique_ptr<StreamStage> stage(
      new StreamStage(plan, stream, hash_seed, std::move(sequencer)));
  for (size_t query = 0; query < plan.queries.size(); ++query) {
    if (plan.queries[query].stream != stream) continue;
    ONRUSH_ASSIGN_OR_RETURN(QueryGate gate,
                            QueryGate::Create(plan, query, stage->key_slots_[query]));
    stage->gates_.emplace_back(query, std::move(gate));
  }
  return stage;
}

StreamStage::StreamStage(const Plan& plan, size_t stream, uint64_t hash_seed, Sequencer sequencer)
    : plan_(plan),
      stream_(stream),
      hash_seed_(hash_seed),
      sequencer_(std::move(sequencer)),
      key_slots_(plan.queries.size()) {
  for (size_t i = 0; i < plan.streams[stream].derived.size(); ++i) {
    derivations_.emplace_back(plan.streams[stream], i);
  }
  MakeKeySlots();
}

// Queries with the same key share its encoding and hashes.
void StreamStage::MakeKeySlots() {
  std::map<std::vector<size_t>, size_t> slots;
  for (size_t query = 0; query < plan_.queries.size(); ++query) {
    const QueryPlan& query_plan = plan_.queries[query];
    if (query_plan.stream != stream_) continue;
    const auto [slot, inserted] = slots.try_emplace(query_plan.key, codecs_.size());
    if (inserted) codecs_.emplace_back(plan_.streams[stream_], query_plan.key);
    key_slots_[query] = slot->second;
  }
}

PreparedBatch StreamStage::NewBatch(size_t rows) const {
  PreparedBatch batch(EventBatch(plan_.streams[stream_], stream_, rows));
  for (size_t i = 0; i < codecs_.size(); ++i) batch.keys.emplace_back(rows);
  batch.selected.resize(plan_.queries.size());
  for (const auto& [query, gate] : gates_) batch.selected[query].reserve(rows);
  return batch;
}

void StreamStage::Prepare(PreparedBatch& batch) {
  EventBatch& events = batch.events;
  ApplyGuards(events);
  for (Derivation& derivation : derivations_) derivation.Apply(events);
  std::stable_sort(events.bad_rows.begin(), events.bad_rows.end(),
                   [](const auto& a, const auto& b) { return a.row < b.row; });
  sequencer_.Stamp(batch);
  ledger_.read += events.size;
  ledger_.bad += events.bad_rows.size();
  for (size_t i = 0; i < codecs_.size(); ++i) codecs_[i].Encode(events, hash_seed_, batch.keys[i]);
  batch.late.clear();
  batch.rejected.clear();
  for (auto& [query, gate] : gates_) gate.Admit(batch);
  const auto by_row = [](const auto& a, const auto& b) {
    return std::tie(a.row, a.query) < std::tie(b.row, b.query);
  };
  std::sort(batch.late.begin(), batch.late.end(), by_row);
  std::sort(batch.rejected.begin(), batch.rejected.end(), by_row);
}

void StreamStage::ApplyGuards(EventBatch& events) const {
  const StreamPlan& stream = plan_.streams[stream_];
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

void StreamStage::AddQueryLedgers(std::vector<QueryLedger>& queries) const {
  for (const auto& [query, gate] : gates_) {
    QueryLedger& sum = queries[query];
    const QueryLedger& part = gate.ledger();
    sum.filtered += part.filtered;
    sum.skipped_null_key += part.skipped_null_key;
    sum.late += part.late;
    sum.rejected += part.rejected;
    sum.counted += part.counted;
    sum.partly_late += part.partly_late;
  }
}

}  // namespace onrush
