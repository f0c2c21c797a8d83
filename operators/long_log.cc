#include "operators/long_log.h"

#include <algorithm>
#include <bit>

namespace onrush {

LongLog::LongLog(EventBlocks& blocks, Duration within)
    : blocks_(&blocks), within_(within), timeline_(within) {}

void LongLog::Insert(const VelocityEvent& event) {
  inserted_ = MakeRoom(event.time);
  inserted_time_ = event.time;
  uint32_t& count = chunks_.count(inserted_.chunk);
  Events(inserted_.chunk).Insert(count, inserted_.offset, event);
  ++count;
  if (inserted_.offset == 0) chunks_.first_time(inserted_.chunk) = event.time;
  const bool unflagged = (event.mark & 1) == 0;
  chunks_[inserted_.chunk].sum += event.amount;
  chunks_[inserted_.chunk].unflagged += unflagged;
  unflagged_ += unflagged;
  ++size_;
  InsertIntoWindow(event);
  if (blocks_->keeps_values()) InsertValue(event);
}

// Where an event goes: behind those of its time, in a chunk that is not full.
LongLog::Position LongLog::MakeRoom(int64_t time) {
  if (chunks_.empty()) chunks_.Insert(0, time, 0, {blocks_->Allocate(kChunkOrder), 0, 0});
  const Position at = Find(time, chunks_.size());
  if (chunks_.count(at.chunk) < kChunkSize) return at;
  Split(at.chunk);
  return Find(time, chunks_.size());
}

// Events that come in order leave full chunks behind.
void LongLog::Split(size_t chunk) {
  const EventBlocks::Ref block = blocks_->Allocate(kChunkOrder);
  const size_t keep = chunk + 1 == chunks_.size() ? kChunkSize - 1 : kChunkSize / 2;
  const EventColumns events = Events(chunk);
  events.Move(keep, kChunkSize, blocks_->At(block, kChunkOrder), 0);
  Chunk added{block, 0, 0};
  for (size_t i = keep; i < kChunkSize; ++i) {
    added.sum += events.amount(i);
    added.unflagged += !events.flagged(i);
  }
  chunks_.count(chunk) = static_cast<uint32_t>(keep);
  chunks_[chunk].sum -= added.sum;
  chunks_[chunk].unflagged -= added.unflagged;
  chunks_.Insert(chunk + 1, events.times[keep], static_cast<uint32_t>(kChunkSize - keep), added);
  if (window_.chunk > chunk) {
    ++window_.chunk;
  } else if (window_.chunk == chunk && window_.offset >= keep) {
    window_ = {chunk + 1, window_.offset - keep};
  }
}

void LongLog::InsertIntoWindow(const VelocityEvent& event) {
  if (event.time < window_start_) {
    if (inserted_.chunk == window_.chunk && inserted_.offset <= window_.offset) ++window_.offset;
    return;
  }
  window_ = std::min(window_, inserted_);
  newest_.Add({1, event.amount});
  if (event.time > newest_time_ || size_ == 1) MoveWindow(event.time);
}

void LongLog::MoveWindow(int64_t newest_time) {
  newest_time_ = newest_time;
  window_start_ = SaturatingSubtract(EventTime{newest_time}, within_).ns;
  if (blocks_->keeps_values()) timeline_.Advance(newest_time);
  for (; time(window_) < window_start_; window_ = Normal({window_.chunk, window_.offset + 1})) {
    const EventColumns events = Events(window_.chunk);
    newest_.Subtract({1, events.amount(window_.offset)});
    if (blocks_->keeps_values()) timeline_.Leave(time(window_), events.values[window_.offset]);
  }
}

void LongLog::InsertValue(const VelocityEvent& event) {
  timeline_.Insert(
      event.time, event.value,
      [&](int64_t oldest) { return TimeBefore(inserted_, event.value, oldest); },
      [&] { return TimeAfter(inserted_, event.value); });
}

std::optional<int64_t> LongLog::TimeBefore(Position at, uint32_t value, int64_t oldest) const {
  for (size_t chunk = at.chunk + 1; chunk-- > 0;) {
    const EventColumns events = Events(chunk);
    for (size_t i = chunk == at.chunk ? at.offset : chunks_.count(chunk); i-- > 0;) {
      if (events.times[i] < oldest) return std::nullopt;
      if (events.values[i] == value) return events.times[i];
    }
  }
  return std::nullopt;
}

int64_t LongLog::TimeAfter(Position at, uint32_t value) const {
  for (size_t chunk = at.chunk; chunk < chunks_.size(); ++chunk) {
    const uint32_t* const values = Events(chunk).values;
    const uint32_t* const end = values + chunks_.count(chunk);
    const uint32_t* const begin = chunk == at.chunk ? values + at.offset + 1 : values;
    const uint32_t* const found = std::find(begin, end, value);
    if (found != end) return Events(chunk).times[found - values];
  }
  return kMaxEventTime.ns;
}

void LongLog::SetFlagged(Position at) {
  Events(at.chunk).SetFlagged(at.offset);
  --chunks_[at.chunk].unflagged;
  --unflagged_;
}

LongLog::Position LongLog::LowerBound(int64_t time) const {
  if (time == kMinEventTime.ns) return begin();
  if (time == inserted_time_ && inserted_.offset > 0 &&
      Events(inserted_.chunk).times[inserted_.offset - 1] < time) {
    return inserted_;
  }
  return UpperBound(time - 1);
}

LongLog::Position LongLog::UpperBound(int64_t time) const {
  if (time >= newest_time_) return end();
  if (time == inserted_time_) return Normal({inserted_.chunk, inserted_.offset + 1});
  return Normal(Find(time, chunks_.size()));
}

// As LowerBound(), for windows that do not end after the newest event's.
LongLog::Position LongLog::LowerBoundOfWindow(int64_t start) const {
  if (start == kMinEventTime.ns) return begin();
  return Normal(Find(start - 1, window_.chunk + 1));
}

LongLog::Position LongLog::NextUnflagged(Position at) const {
  if (unflagged_ == 0) return end();
  for (; at.chunk < chunks_.size(); at = {at.chunk + 1, 0}) {
    if (chunks_[at.chunk].unflagged == 0) continue;
    const EventColumns events = Events(at.chunk);
    for (; at.offset < chunks_.count(at.chunk); ++at.offset) {
      if (!events.flagged(at.offset)) return at;
    }
  }
  return end();
}

LongLog::Window LongLog::WindowOf(int64_t start, int64_t last) const {
  if (last == newest_time_) return {window_, end(), newest_.events, newest_.sum, 0};
  const Position first = LowerBoundOfWindow(start);
  const Position behind = UpperBound(last);
  const Total after = Between(behind, end());
  Total total = newest_;
  total.Add(Between(first, window_));
  total.Subtract(after);
  return {first, behind, total.events, total.sum, after.events};
}

LongLog::Total LongLog::Between(Position from, Position to) const {
  const int64_t events = chunks_.CountBetween(from.chunk, to.chunk) +
                         static_cast<int64_t>(to.offset) - static_cast<int64_t>(from.offset);
  return {events, events == 0 || !blocks_->keeps_amounts() ? 0 : SumBetween(from, to)};
}

Int128 LongLog::SumBetween(Position from, Position to) const {
  if (from.chunk == to.chunk) return PartialSum(from.chunk, from.offset, to.offset);
  Int128 sum = PartialSum(from.chunk, from.offset, chunks_.count(from.chunk));
  for (size_t chunk = from.chunk + 1; chunk < to.chunk; ++chunk) sum += chunks_[chunk].sum;
  return to.offset == 0 ? sum : sum + PartialSum(to.chunk, 0, to.offset);
}

Int128 LongLog::PartialSum(size_t chunk, size_t from, size_t to) const {
  const int64_t* const amounts = Events(chunk).amounts;
  Int128 sum = 0;
  for (size_t i = from; i < to; ++i) sum += amounts[i];
  return sum;
}

// From the oldest on, as sums of float are.
double LongLog::FloatSum(const Window& window) const {
  double sum = 0;
  for (Position at = window.first; at != window.end; at = Normal({at.chunk, at.offset + 1})) {
    sum += std::bit_cast<double>(Events(at.chunk).amounts[at.offset]);
  }
  return sum;
}

void LongLog::Drop(size_t chunks) {
  for (size_t i = 0; i < chunks; ++i) {
    size_ -= chunks_.count(i);
    unflagged_ -= chunks_[i].unflagged;
    blocks_->Free(chunks_[i].block, kChunkOrder);
  }
  chunks_.Drop(chunks);
  window_.chunk -= chunks;
  inserted_.chunk -= chunks;
}

}  // namespace onrush
