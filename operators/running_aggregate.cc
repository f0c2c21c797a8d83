#include "operators/running_aggregate.h"

#include <algorithm>
#include <numeric>

#include "core/int128.h"
#include "core/json_text.h"
#include "core/time.h"

namespace onrush {
namespace {

constexpr size_t kPrefetchDistance = 16;

}  // namespace

RunningAggregate::RunningAggregate(const Plan& plan, uint32_t query)
    : query_(query),
      plan_(std::get<AggregatePlan>(plan.queries[query].kind)),
      codec_(plan.streams[plan.queries[query].stream], plan.queries[query].key),
      measure_text_(plan_.compute),
      prefix_("{\"query\":") {
  if (plan.queries[query].max_keys) keys_.SetLimit(*plan.queries[query].max_keys);
  AppendJsonString(plan.queries[query].name, prefix_);
  prefix_ += ",\"seq\":";
  for (const MeasurePlan& measure : plan_.compute) {
    measures_.push_back(MakeAccumulators(plan.streams[plan.queries[query].stream], measure));
  }
}

void RunningAggregate::Process(const EventBatch& batch, const KeyColumn& keys,
                               std::span<const uint32_t> rows, const OperatorOutput& output) {
  ids_.resize(std::max(ids_.size(), rows.size()));
  rows = keys_.Intern(keys, rows, ids_.data());
  for (const auto& measure : measures_) measure->Resize(keys_.id_limit());
  if (plan_.emit == AggregatePlan::Emit::kChange) {
    AddAndEmitEach(batch, rows, output.lines);
  } else {
    AddAll(batch, rows);
  }
}

void RunningAggregate::AddAll(const EventBatch& batch, std::span<const uint32_t> rows) {
  for (const auto& measure : measures_) measure->Add(batch, rows, ids_.data());
  GrowMaxTimes();
  int64_t* const max_times = max_times_.data();
  const int64_t* const times = batch.times();
  const KeyTable::Id* const ids = ids_.data();
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i + kPrefetchDistance < rows.size())
      __builtin_prefetch(&max_times[ids[i + kPrefetchDistance]]);
    max_times[ids[i]] = std::max(max_times[ids[i]], times[rows[i]]);
  }
}

void RunningAggregate::GrowMaxTimes() {
  const size_t known = max_times_.size();
  max_times_.GrowTo(keys_.id_limit());
  int64_t* const max_times = max_times_.data();
  std::fill(max_times + known, max_times + max_times_.size(), kMinEventTime.ns);
}

void RunningAggregate::AddPart(const AggregatePart& part,
                               const std::vector<std::unique_ptr<Accumulators>>& measures,
                               const OperatorOutput&) {
  const KeyTable::Id id = keys_.FindOrInsert({}, 0);
  GrowMaxTimes();
  max_times_[id] = std::max(max_times_[id], part.max_time.ns);
  for (size_t i = 0; i < measures_.size(); ++i) {
    measures_[i]->Resize(keys_.id_limit());
    measures_[i]->Combine(id, *measures[i], part.slot);
  }
}

void RunningAggregate::AddAndEmitEach(const EventBatch& batch, std::span<const uint32_t> rows,
                                      ResultLines& results) {
  for (size_t i = 0; i < rows.size(); ++i) {
    for (const auto& measure : measures_) measure->Add(batch, rows.subspan(i, 1), &ids_[i]);
    const uint64_t seq = batch.first_seq + rows[i];
    EmitLine(seq, EventTime{batch.times()[rows[i]]}, seq, ids_[i], results);
  }
}

void RunningAggregate::OnEnd(uint64_t events_read, const OperatorOutput& output) {
  if (plan_.emit != AggregatePlan::Emit::kFinal) return;
  std::vector<KeyTable::Id> order(keys_.size());  // no key of a running aggregate is forgotten
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [this](KeyTable::Id a, KeyTable::Id b) {
    if (max_times_[a] != max_times_[b]) return max_times_[a] < max_times_[b];
    return keys_.key(a) < keys_.key(b);
  });
  for (const KeyTable::Id id : order) {
    EmitLine(events_read, EventTime{max_times_[id]}, 0, id, output.lines);
  }
}

void RunningAggregate::EmitLine(uint64_t seq, EventTime time, uint64_t event_seq, KeyTable::Id id,
                                ResultLines& results) {
  results.Begin(LinePlace::ForEvent(seq, query_, time, event_seq), keys_.key(id));
  std::string& text = results.text();
  text += prefix_;
  AppendInt128(seq, text);
  text += ",\"time\":\"";
  AppendInstant(time.ns, text);
  text += "\",";
  codec_.AppendJsonMembers(keys_.key(id), text);
  if (!codec_.empty()) text.push_back(',');
  sum_overflows_ += measure_text_.Append(measures_, id, text);
  text.push_back('}');
  results.End();
}

size_t RunningAggregate::memory_bytes() const {
  size_t bytes = keys_.memory_bytes() + max_times_.memory_bytes();
  for (const auto& measure : measures_) bytes += measure->memory_bytes();
  return bytes;
}

}  // namespace onrush
