#include "operators/velocity.h"

#include <algorithm>
#include <bit>

namespace onrush {
namespace {

constexpr size_t kPrefetchDistance = 8;

bool IsFloatSum(const StreamPlan& stream, const VelocityPlan& plan) {
  return plan.sum && stream.column_type(plan.sum->column).kind == TypeKind::kFloat;
}

}  // namespace

Velocity::Velocity(const Plan& plan, uint32_t query, uint64_t hash_seed)
    : plan_(std::get<VelocityPlan>(plan.queries[query].kind)),
      allowed_lateness_(plan.queries[query].allowed_lateness),
      float_sum_(IsFloatSum(plan.streams[plan.queries[query].stream], plan_)),
      lines_(plan, query),
      logs_(plan_.within, plan_.distinct.has_value(), plan_.sum.has_value()) {
  if (plan.queries[query].max_keys) keys_.SetLimit(*plan.queries[query].max_keys);
  if (plan_.distinct) {
    values_.emplace(plan.streams[plan.queries[query].stream], plan_.distinct->column, hash_seed);
  }
}

void Velocity::Process(const EventBatch& batch, const KeyColumn& keys,
                       std::span<const uint32_t> rows, const OperatorOutput& output) {
  if (rows.empty()) return;
  // Events that do not take part, since there are too many keys, still make old ones be forgotten.
  const size_t offered = rows.size();
  RowWatermarks::Cursor watermarks(batch.watermarks);
  const int64_t oldest_judged = OldestJudged(batch.watermarks.Before(rows.back()));
  rows = TakeIds(batch, keys, rows);
  const Id* const ids = ids_.data();
  for (size_t i = 0; i < rows.size(); ++i) {
    // The heads are here, since the keys just were.
    if (i + kPrefetchDistance < rows.size()) logs_.Prefetch(HeadOf(ids[i + kPrefetchDistance]));
    Take(batch, rows[i], i, OldestJudged(watermarks.Before(rows[i])), output.lines);
  }
  ForgetKeys(offered, oldest_judged);
}

std::span<const uint32_t> Velocity::TakeIds(const EventBatch& batch, const KeyColumn& keys,
                                            std::span<const uint32_t> rows) {
  ids_.resize(std::max(ids_.size(), rows.size()));
  rows = keys_.Intern(keys, rows, ids_.data());
  if (plan_.cooldown && cooling_.size() < keys_.id_limit()) cooling_.resize(keys_.id_limit());
  if (!values_) return rows;
  value_ids_.resize(std::max(value_ids_.size(), rows.size()));
  values_->Acquire(batch, rows, value_ids_.data());
  return rows;
}

void Velocity::Take(const EventBatch& batch, uint32_t row, size_t i, int64_t oldest_judged,
                    ResultLines& results) {
  const VelocityEvent event = EventOf(batch, row, i);
  const Arrival arrival{ids_[i], event.time, batch.first_seq + row, oldest_judged};
  VelocityHead& head = HeadOf(arrival.id);
  if (logs_.empty(head)) leaving_.Push(arrival.id, LeavesAfter(event.time));
  logs_.Insert(head, event, {WindowStart(arrival.oldest_judged), arrival.oldest_judged},
               [this](uint32_t value) { Release(value); });
  logs_.Visit(head, [&](auto& log) {
    if (MayMeet(log)) Judge(log, arrival, results);
  });
}

VelocityEvent Velocity::EventOf(const EventBatch& batch, uint32_t row, size_t i) const {
  VelocityEvent event;
  event.time = batch.times()[row];
  event.mark = (batch.first_seq + row) << 1;
  if (values_) event.value = value_ids_[i];
  if (plan_.sum) {
    const Column& column = batch.columns[plan_.sum->column];
    if (column.nulls[row] == 0) {
      event.amount = float_sum_ ? std::bit_cast<int64_t>(column.floats[row]) : column.ints[row];
    }
  }
  return event;
}

// The usual answer is no: no window holds more than the log.
template <typename Log>
bool Velocity::MayMeet(const Log& log) const {
  if (plan_.count_over && static_cast<int64_t>(log.size()) <= *plan_.count_over) return false;
  return !plan_.distinct || static_cast<int64_t>(log.values()) >= plan_.distinct->at_least;
}

// By event time, then arrival, since the log is sorted so.
template <typename Log>
void Velocity::Judge(Log& log, const Arrival& arrival, ResultLines& results) {
  const int64_t last = LeavesAfter(arrival.time);
  auto at = log.NextUnflagged(log.LowerBound(arrival.time));
  while (at != log.end() && log.time(at) <= last) {
    const int64_t instant = log.time(at);
    const std::optional<VelocityMeasures> measures = Meets(log, instant);
    if (!measures) {
      at = log.NextUnflagged(log.UpperBound(instant));
      continue;
    }
    for (; at != log.end() && log.time(at) == instant; at = log.NextUnflagged(at)) {
      log.SetFlagged(at);
      if (plan_.cooldown && IsCooling(arrival, instant)) continue;
      const bool in_range = lines_.Append(arrival.seq, log.seq(at), instant, keys_.key(arrival.id),
                                          *measures, results);
      sum_overflows_ += !in_range;
    }
  }
}

template <typename Log>
std::optional<VelocityMeasures> Velocity::Meets(const Log& log, int64_t time) const {
  const auto window = log.WindowOf(WindowStart(time), time);
  VelocityMeasures measures;
  measures.count = window.count();
  if (plan_.count_over && measures.count <= *plan_.count_over) return std::nullopt;
  if (plan_.distinct) {
    measures.distinct = log.Distinct(window, time);
    if (measures.distinct < plan_.distinct->at_least) return std::nullopt;
  }
  if (!plan_.sum) return measures;
  if (float_sum_) {
    measures.sum_float = log.FloatSum(window);
    if (!(measures.sum_float > plan_.sum->amount_float)) return std::nullopt;
  } else {
    measures.sum = log.Sum(window);
    if (measures.sum <= plan_.sum->amount) return std::nullopt;
  }
  return measures;
}

// True if a flag that came out silences one at `time`; otherwise this one comes out and is noted.
bool Velocity::IsCooling(const Arrival& arrival, int64_t time) {
  std::vector<int64_t>& cooling = cooling_[arrival.id];
  const int64_t cooled = SaturatingSubtract(EventTime{arrival.oldest_judged}, *plan_.cooldown).ns;
  cooling.erase(cooling.begin(), std::lower_bound(cooling.begin(), cooling.end(), cooled));
  const auto after = std::upper_bound(cooling.begin(), cooling.end(), time);
  if (after != cooling.begin() && SaturatingAdd(EventTime{after[-1]}, *plan_.cooldown).ns >= time) {
    return true;
  }
  cooling.insert(after, time);
  return false;
}

// At most some more keys than there were events, so that a leap of the watermark is no stall, and
// a group of keys none for a single event. Four at once, since their cache misses overlap; the
// slots of the next group are asked for while this one's keys leave.
void Velocity::ForgetKeys(size_t events, int64_t oldest_judged) {
  for (size_t seen = 0; seen < 2 * events && leaving_.IsDue(oldest_judged);) {
    Id ids[ExpiryQueue::kGroup];
    const size_t most = std::clamp<size_t>(2 * events - seen, 4, ExpiryQueue::kGroup);
    const std::span<const Id> group(ids, leaving_.Pop({ids, most}));
    for (const Id id : leaving_.Next(most)) keys_.Prefetch(id);
    for (const Id id : group) {
      keys_.PrefetchIndex(id);
      logs_.Prefetch(HeadOf(id));
    }
    forgotten_.clear();
    for (const Id id : group) {
      if (IsForgotten(id, oldest_judged)) forgotten_.push_back(id);
    }
    for (const Id id : forgotten_) {
      logs_.Remove(HeadOf(id), [this](uint32_t value) { Release(value); });
    }
    for (const Id id : forgotten_) keys_.Erase(id);
    seen += group.size();
  }
}

// If a key must stay, puts off the question.
bool Velocity::IsForgotten(Id id, int64_t oldest_judged) {
  const int64_t leaves_after = LeavesAfter(logs_.newest_time(HeadOf(id)));
  if (leaves_after >= oldest_judged) {
    leaving_.Push(id, leaves_after);
    return false;
  }
  if (!plan_.cooldown || cooling_[id].empty()) return true;
  if (SaturatingAdd(EventTime{cooling_[id].back()}, *plan_.cooldown).ns >= oldest_judged) {
    leaving_.Push(id, LeavesAfter(oldest_judged));
    return false;
  }
  cooling_[id].clear();
  return true;
}

size_t Velocity::memory_bytes() const {
  size_t bytes = keys_.memory_bytes() + logs_.memory_bytes() + leaving_.memory_bytes() +
                 cooling_.capacity() * sizeof(cooling_[0]);
  for (const std::vector<int64_t>& times : cooling_) bytes += times.capacity() * sizeof(int64_t);
  return bytes + (values_ ? values_->memory_bytes() : 0);
}

}  // namespace onrush
