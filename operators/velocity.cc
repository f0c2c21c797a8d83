#include "operators/velocity.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/int128.h"
#include "core/json_text.h"
#include "core/time.h"

namespace onrush {
namespace {

constexpr size_t kPrefetchDistance = 6;

std::string MemberName(std::string_view prefix, std::string_view field) {
  std::string text = ",";
  AppendJsonString(std::string(prefix) + std::string(field), text);
  return text + ":";
}

bool IsFloatSum(const StreamPlan& stream, const VelocityPlan& plan) {
  return plan.sum && stream.column_type(plan.sum->column).kind == TypeKind::kFloat;
}

}  // namespace

Velocity::Velocity(const Plan& plan, uint32_t query, uint64_t hash_seed)
    : query_(query),
      query_plan_(plan.queries[query]),
      plan_(std::get<VelocityPlan>(query_plan_.kind)),
      stream_(plan.streams[query_plan_.stream]),
      codec_(stream_, query_plan_.key),
      float_sum_(IsFloatSum(stream_, plan_)),
      prefix_("{\"query\":") {
  AppendJsonString(query_plan_.name, prefix_);
  prefix_ += ",\"seq\":";
  if (plan_.distinct) {
    values_.emplace(stream_, plan_.distinct->column, hash_seed);
    distinct_name_ = MemberName("distinct_", stream_.column_name(plan_.distinct->column));
  }
  if (plan_.sum) sum_name_ = MemberName("sum_", stream_.column_name(plan_.sum->column));
}

void Velocity::Process(const EventBatch& batch, const KeyColumn& keys,
                       std::span<const uint32_t> rows, const OperatorOutput& output) {
  if (rows.empty()) return;
  ids_.resize(std::max(ids_.size(), rows.size()));
  keys_.Intern(keys, rows, ids_.data());
  if (logs_.size() < keys_.id_limit()) logs_.resize(keys_.id_limit());
  if (values_) values_->Encode(batch);
  for (size_t i = 0; i < rows.size(); ++i) {
    // Most keys are cold: first the log's head, then what it points to.
    if (i + 2 * kPrefetchDistance < rows.size()) {
      __builtin_prefetch(&logs_[ids_[i + 2 * kPrefetchDistance]]);
    }
    if (i + kPrefetchDistance < rows.size()) logs_[ids_[i + kPrefetchDistance]].PrefetchNewest();
    const uint64_t seq = batch.first_seq + rows[i];
    VelocityLog& log = logs_[ids_[i]];
    const size_t position = log.Insert(EntryOf(batch, rows[i]), plan_.within.ns);
    if (position + 1 == log.end()) {
      JudgeNewest(ids_[i], seq, output.lines);
    } else {
      JudgeFrom(ids_[i], position, seq, output.lines);
    }
    ForgetEntries(log, EventTime{batch.watermark[rows[i]]});
  }
  Sweep(rows.size(), EventTime{batch.watermark[rows.back()]});
}

VelocityEntry Velocity::EntryOf(const EventBatch& batch, uint32_t row) {
  VelocityEntry entry;
  entry.time = batch.times()[row];
  entry.seq = batch.first_seq + row;
  if (values_) entry.value = values_->Acquire(row);
  if (plan_.sum) {
    const Column& column = batch.columns[plan_.sum->column];
    if (column.nulls[row] == 0) {
      entry.amount = float_sum_ ? std::bit_cast<int64_t>(column.floats[row]) : column.ints[row];
    }
  }
  return entry;
}

void Velocity::JudgeNewest(Id id, uint64_t seq, ResultLines& results) {
  const VelocityLog& log = logs_[id];
  Measures measures;
  measures.count = static_cast<int64_t>(log.end() - log.newest_window());
  if (plan_.count_over && measures.count <= *plan_.count_over) return;
  if (plan_.distinct) measures.distinct = static_cast<int64_t>(log.NewestDistinct());
  if (float_sum_) {
    measures.sum_float = FloatSum(log, log.newest_window(), log.end());
  } else {
    measures.sum = log.newest_sum();
  }
  if (!Meets(measures)) return;
  size_t first = log.end() - 1;
  while (first > log.begin() && log.at(first - 1).time == log.at(first).time) --first;
  Flag(id, {first, log.end(), log.newest_window()}, measures, seq, results);
}

// Two edges slide over the log: `window` leaves events behind, `end` takes events in, one instant
// at a time.
void Velocity::JudgeFrom(Id id, size_t position, uint64_t seq, ResultLines& results) {
  const VelocityLog& log = logs_[id];
  const int64_t time = log.at(position).time;
  const int64_t last = SaturatingAdd(EventTime{time}, plan_.within).ns;
  const auto window_start = [&](int64_t t) {
    return SaturatingSubtract(EventTime{t}, plan_.within).ns;
  };
  size_t window = log.LowerBound(window_start(time));
  size_t end = window;
  Measures measures;
  sliding_values_.Clear();
  for (size_t first = log.LowerBound(time); first < log.end() && log.at(first).time <= last;) {
    const Instant instant{first, log.UpperBound(log.at(first).time), 0};
    for (; end < instant.end; ++end) {
      measures.sum += log.at(end).amount;
      if (values_) sliding_values_.Add(log.at(end).value);
    }
    for (const int64_t start = window_start(log.at(first).time); log.at(window).time < start;
         ++window) {
      measures.sum -= log.at(window).amount;
      if (values_) sliding_values_.Remove(log.at(window).value);
    }
    measures.count = static_cast<int64_t>(end - window);
    measures.distinct = static_cast<int64_t>(sliding_values_.distinct());
    if (!AllFlagged(log, instant)) {
      if (float_sum_) measures.sum_float = FloatSum(log, window, end);
      if (Meets(measures)) Flag(id, {first, end, window}, measures, seq, results);
    }
    first = end;
  }
}

bool Velocity::AllFlagged(const VelocityLog& log, const Instant& instant) const {
  for (size_t i = instant.first; i < instant.end; ++i) {
    if (!log.at(i).flagged) return false;
  }
  return true;
}

bool Velocity::Meets(const Measures& measures) const {
  if (plan_.count_over && measures.count <= *plan_.count_over) return false;
  if (plan_.distinct && measures.distinct < plan_.distinct->at_least) return false;
  if (!plan_.sum) return true;
  return float_sum_ ? measures.sum_float > plan_.sum->amount_float
                    : measures.sum > plan_.sum->amount;
}

// By arrival, since the log is sorted so within an instant.
void Velocity::Flag(Id id, const Instant& instant, const Measures& measures, uint64_t seq,
                    ResultLines& results) {
  VelocityLog& log = logs_[id];
  for (size_t i = instant.first; i < instant.end; ++i) {
    VelocityEntry& entry = log.at(i);
    if (entry.flagged) continue;
    entry.flagged = true;
    if (plan_.cooldown && IsCooling(log, entry.time)) continue;
    EmitLine(id, entry, measures, seq, results);
  }
}

// True if a flag that came out silences one at `time`; otherwise this one comes out and is noted.
bool Velocity::IsCooling(VelocityLog& log, int64_t time) const {
  std::vector<int64_t>& cooling = log.cooling();
  const auto after = std::upper_bound(cooling.begin(), cooling.end(), time);
  if (after != cooling.begin() && SaturatingAdd(EventTime{after[-1]}, *plan_.cooldown).ns >= time) {
    return true;
  }
  cooling.insert(after, time);
  return false;
}

double Velocity::FloatSum(const VelocityLog& log, size_t first, size_t end) const {
  double sum = 0;
  for (size_t i = first; i < end; ++i) sum += std::bit_cast<double>(log.at(i).amount);
  return sum;
}

void Velocity::EmitLine(Id id, const VelocityEntry& entry, const Measures& measures, uint64_t seq,
                        ResultLines& results) {
  const std::string_view key = keys_.key(id);
  results.Begin(LinePlace::ForEvent(seq, query_, EventTime{entry.time}, entry.seq), key);
  std::string& text = results.text();
  text += prefix_;
  AppendInt128(seq, text);
  text += ",\"event_seq\":";
  AppendInt128(entry.seq, text);
  text += ",\"time\":\"";
  AppendInstant(entry.time, text);
  text += "\",";
  codec_.AppendJsonMembers(key, text);
  text += ",\"count\":";
  AppendInt128(measures.count, text);
  if (plan_.distinct) {
    text += distinct_name_;
    AppendInt128(measures.distinct, text);
  }
  if (plan_.sum) {
    text += sum_name_;
    if (!float_sum_) {
      AppendDecimal(measures.sum, stream_.column_type(plan_.sum->column).scale, text);
    } else if (std::isfinite(measures.sum_float)) {
      AppendJsonFloat(measures.sum_float, text);
    } else {
      text += "null";
      ++sum_overflows_;
    }
  }
  text += ",\"window_start\":\"";
  AppendInstant(WideTime{entry.time} - plan_.within.ns, text);
  text += "\"}";
  results.End();
}

void Velocity::ForgetEntries(VelocityLog& log, EventTime watermark) {
  const EventTime oldest_judged = SaturatingSubtract(watermark, query_plan_.allowed_lateness);
  const EventTime horizon = SaturatingSubtract(oldest_judged, plan_.within);
  log.Forget(horizon.ns, [this](const VelocityEntry& entry) {
    if (values_) values_->Release(entry.value);
  });
  std::vector<int64_t>& cooling = log.cooling();
  if (cooling.empty()) return;
  const int64_t cooled = SaturatingSubtract(oldest_judged, *plan_.cooldown).ns;
  cooling.erase(cooling.begin(), std::lower_bound(cooling.begin(), cooling.end(), cooled));
}

// Looks at as many keys as there were events, so that keys that fell silent leave in time.
void Velocity::Sweep(size_t keys, EventTime watermark) {
  const int64_t oldest_judged = SaturatingSubtract(watermark, query_plan_.allowed_lateness).ns;
  const int64_t horizon = SaturatingSubtract(EventTime{oldest_judged}, plan_.within).ns;
  for (size_t i = 0; i < keys; ++i) {
    sweep_ = sweep_ + 1 < logs_.size() ? sweep_ + 1 : 0;
    VelocityLog& log = logs_[sweep_];
    if (log.empty() || log.at(log.end() - 1).time >= horizon) continue;
    if (!log.cooling().empty() &&
        SaturatingAdd(EventTime{log.cooling().back()}, *plan_.cooldown).ns >= oldest_judged) {
      continue;
    }
    log.Forget(horizon, [this](const VelocityEntry& entry) {
      if (values_) values_->Release(entry.value);
    });
    log.Clear();
    keys_.Erase(static_cast<Id>(sweep_));
  }
}

size_t Velocity::memory_bytes() const {
  size_t bytes = keys_.memory_bytes() + logs_.capacity() * sizeof(VelocityLog);
  for (const VelocityLog& log : logs_) bytes += log.memory_bytes();
  return bytes + (values_ ? values_->memory_bytes() : 0);
}

}  // namespace onrush
