#include "operators/running_aggregate.h"

#include "core/int128.h"
#include "core/json_text.h"

namespace onrush {
namespace {

constexpr size_t kPrefetchDistance = 8;

}  // namespace

RunningAggregate::RunningAggregate(const Plan& plan, uint32_t query)
    : query_(query),
      plan_(std::get<AggregatePlan>(plan.queries[query].kind)),
      codec_(plan.streams[plan.queries[query].stream], plan.queries[query].key),
      prefix_("{\"query\":"),
      states_(plan.streams[plan.queries[query].stream], plan_.compute) {
  if (plan.queries[query].max_keys) states_.SetKeyLimit(*plan.queries[query].max_keys);
  AppendJsonString(plan.queries[query].name, prefix_);
  prefix_ += ",\"seq\":";
}

void RunningAggregate::Process(const EventBatch& batch, const KeyColumn& keys,
                               std::span<const uint32_t> rows, const OperatorOutput& output) {
  if (plan_.emit == AggregatePlan::Emit::kFinal) return states_.InternAndAdd(batch, keys, rows);
  rows = states_.Intern(keys, rows);
  for (size_t i = 0; i < rows.size(); ++i) {
    const Id id = states_.ids()[i];
    states_.Add(batch, rows[i], id);
    const uint64_t seq = batch.first_seq + rows[i];
    EmitLine(seq, EventTime{batch.times()[rows[i]]}, seq, id, output.lines);
  }
}

void RunningAggregate::AddPart(const AggregatePart& part,
                               const std::vector<std::unique_ptr<Accumulators>>& measures,
                               const OperatorOutput&) {
  states_.Combine(measures, part.slot, part.max_time);
}

void RunningAggregate::OnEnd(uint64_t events_read, const OperatorOutput& output) {
  if (plan_.emit != AggregatePlan::Emit::kFinal) return;
  const std::vector<Id> order = states_.InOrder();
  for (size_t i = 0; i < order.size(); ++i) {
    if (i + kPrefetchDistance < order.size()) states_.Prefetch(order[i + kPrefetchDistance]);
    EmitLine(events_read, states_.latest(order[i]), 0, order[i], output.lines);
    if (i == 0) output.lines.ExpectMore(order.size() - 1);
  }
}

void RunningAggregate::EmitLine(uint64_t seq, EventTime time, uint64_t event_seq, Id id,
                                ResultLines& results) {
  results.Begin(LinePlace::ForEvent(seq, query_, time, event_seq), states_.key(id));
  std::string& text = results.text();
  text += prefix_;
  AppendInt128(seq, text);
  text += ",\"time\":\"";
  text += instant_text_.Format(time.ns);
  text += "\",";
  codec_.AppendJsonMembers(states_.key(id), text);
  if (!codec_.empty()) text.push_back(',');
  sum_overflows_ += states_.AppendMeasures(id, text);
  text.push_back('}');
  results.End();
}

}  // namespace onrush
