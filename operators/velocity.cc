#include "operators/velocity.h"

#include <algorithm>
#include <bit>

namespace onrush {
namespace {

// So many keys before a key is forgotten, its place in the index is asked for.
constexpr size_t kIndexAhead = 8;

bool IsFloatSum(const StreamPlan& stream, const VelocityPlan& plan) {
  return plan.sum && stream.column_type(plan.sum->column).kind == TypeKind::kFloat;
}

bool OneMayMeet(const VelocityPlan& plan) {
  return (!plan.count_over || *plan.count_over < 1) &&
         (!plan.distinct || plan.distinct->at_least <= 1);
}

}  // namespace

Velocity::Velocity(const Plan& plan, uint32_t query, uint64_t hash_seed)
    : plan_(std::get<VelocityPlan>(plan.queries[query].kind)),
      allowed_lateness_(plan.queries[query].allowed_lateness),
      float_sum_(IsFloatSum(plan.streams[plan.queries[query].stream], plan_)),
      one_may_meet_(OneMayMeet(plan_)),
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
  if (values_) values_->Start(batch);
  Source source = SourceOf(batch);
  for (size_t begin = 0; begin < rows.size(); begin += kGroup) {
    const size_t count = std::min(kGroup, rows.size() - begin);
    ProcessSome(source, keys, rows.subspan(begin, count), output.lines);
  }
}

Velocity::Source Velocity::SourceOf(const EventBatch& batch) const {
  return {batch.times(), plan_.sum ? &batch.columns[plan_.sum->column] : nullptr, batch.first_seq,
          RowWatermarks::Cursor(batch.watermarks)};
}

// Most keys are new ones where keys come and go; their first event is no more than written down.
void Velocity::ProcessSome(Source& source, const KeyColumn& keys, std::span<const uint32_t> rows,
                           ResultLines& results) {
  // Events that do not take part, since there are too many keys, still make old ones be forgotten.
  const uint32_t last = rows.back();
  const size_t offered = rows.size();
  rows = TakeIds(keys, rows);
  for (size_t i = 0; i < rows.size(); ++i) {
    const uint32_t row = rows[i];
    const Id id = ids_.data()[i];
    const VelocityEvent event = EventOf(source, row, i);
    VelocityHead& head = HeadOf(id);
    const bool first = VelocityLogs::empty(head);
    if (first) {
      leaving_.Push(id, LeavesAfter(event.time));
      logs_.InsertFirst(head, event);
      if (!one_may_meet_) continue;
    }
    const int64_t oldest_judged = OldestJudged(source.watermarks.Before(row));
    if (!first) Insert(head, event, oldest_judged);
    const Arrival arrival{id, event.time, source.first_seq + row, oldest_judged};
    logs_.Visit(head, [&](auto& log) {
      if (MayMeet(log)) Judge(log, arrival, results);
    });
  }
  ForgetKeys(offered, OldestJudged(source.watermarks.Before(last)));
}

std::span<const uint32_t> Velocity::TakeIds(const KeyColumn& keys, std::span<const uint32_t> rows) {
  rows = keys_.Intern(keys, rows, ids_.data(),
                      [this](uint32_t, Id, VelocityHead& head) { logs_.Prefetch(head); });
  if (plan_.cooldown && cooling_.size() < keys_.id_limit()) cooling_.resize(keys_.id_limit());
  if (values_) values_->Acquire(rows, value_ids_.data());
  return rows;
}

VelocityEvent Velocity::EventOf(const Source& source, uint32_t row, size_t i) const {
  VelocityEvent event;
  event.time = source.times[row];
  event.mark = (source.first_seq + row) << 1;
  if (values_) event.value = value_ids_.data()[i];
  if (source.amounts != nullptr && source.amounts->nulls[row] == 0) {
    event.amount = float_sum_ ? std::bit_cast<int64_t>(source.amounts->floats[row])
                              : source.amounts->ints[row];
  }
  return event;
}

void Velocity::Insert(VelocityHead& head, const VelocityEvent& event, int64_t oldest_judged) {
  logs_.Insert(head, event, {WindowStart(oldest_judged), oldest_judged},
               [this](uint32_t value) { Release(value); });
}

// The usual answer is no: no window holds more than the log.
template <typename Log>
bool Velocity::MayMeet(const Log& log) const {
  if (plan_.count_over && !log.MayExceed(*plan_.count_over, plan_.within)) return false;
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
// a group of keys none for a single event. While a key leaves, the index of a later one and the
// slot of one of the next group are asked for: at once for all, loads behind them would be held up.
void Velocity::ForgetKeys(size_t events, int64_t oldest_judged) {
  for (size_t seen = 0; seen < 2 * events && leaving_.IsDue(oldest_judged);) {
    Id ids[ExpiryQueue::kGroup];
    Id next[ExpiryQueue::kGroup];
    const size_t most = std::clamp<size_t>(2 * events - seen, 4, ExpiryQueue::kGroup);
    const size_t count = leaving_.Pop({ids, most});
    const size_t next_count = leaving_.Next({next, most});
    for (size_t i = 0; i < std::min(count, kIndexAhead); ++i) PrefetchForForgetting(ids[i]);
    for (size_t i = 0; i < count; ++i) {
      if (i < next_count) keys_.Prefetch(next[i]);
      if (i + kIndexAhead < count) PrefetchForForgetting(ids[i + kIndexAhead]);
      if (!IsForgotten(ids[i], oldest_judged)) continue;
      logs_.Remove(HeadOf(ids[i]), [this](uint32_t value) { Release(value); });
      keys_.Erase(ids[i]);
    }
    seen += count;
  }
}

void Velocity::PrefetchForForgetting(Id id) const {
  keys_.PrefetchIndex(id);
  logs_.Prefetch(keys_.state(id));
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
