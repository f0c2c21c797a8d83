#include "operators/long_log.h"

#include <algorithm>
#include <bit>

namespace onrush {

LongLog::LongLog(EventBlocks& blocks, Duration within, bool values)
    : blocks_(&blocks), within_(within), counts_values_(values), timeline_(within) {}

void LongLog::Insert(const VelocityEvent& event) {
  const Position at = MakeRoom(event.time);
  Chunk& chunk = chunks_[at.chunk];
  Events(at.chunk).Insert(chunk.size, at.offset, event);
  chunk.first_time = std::min(chunk.first_time, event.time);
  chunk.sum += event.amount;
  chunk.unflagged += (event.mark & 1) == 0;
  ++chunk.size;
  ++size_;
  InsertIntoWindow(at, event);
  if (counts_values_) InsertValue(at, event);
}

// Where an event goes: behind those of its time, in a chunk that is not full.
LongLog::Position LongLog::MakeRoom(int64_t time) {
  if (chunks_.empty()) chunks_.push_back({time, blocks_->Allocate(kChunkOrder), 0, 0, 0});
  size_t chunk = ChunkFor(time);
  if (chunks_[chunk].size == kChunkSize) {
    Split(chunk);
    chunk = ChunkFor(time);
  }
  const int64_t* const times = Events(chunk).times;
  const int64_t* const after = std::upper_bound(times, times + chunks_[chunk].size, time);
  return {chunk, static_cast<size_t>(after - times)};
}

// The last chunk that begins at `time` or earlier, else the first.
size_t LongLog::ChunkFor(int64_t time) const {
  const auto begin = chunks_.begin() + static_cast<std::ptrdiff_t>(head_);
  const auto after = std::upper_bound(begin, chunks_.end(), time,
                                      [](int64_t t, const Chunk& c) { return t < c.first_time; });
  return after == begin ? head_ : static_cast<size_t>(after - chunks_.begin()) - 1;
}

// Events that come in order leave full chunks behind.
void LongLog::Split(size_t chunk) {
  const EventBlocks::Ref block = blocks_->Allocate(kChunkOrder);
  const size_t keep = chunk + 1 == chunks_.size() ? kChunkSize - 1 : kChunkSize / 2;
  const EventColumns events = Events(chunk);
  events.Move(keep, kChunkSize, blocks_->At(block, kChunkOrder), 0);
  Chunk added{events.times[keep], block, static_cast<uint16_t>(kChunkSize - keep), 0, 0};
  for (size_t i = keep; i < kChunkSize; ++i) {
    added.sum += events.amount(i);
    added.unflagged += !events.flagged(i);
  }
  chunks_[chunk].size = static_cast<uint16_t>(keep);
  chunks_[chunk].sum -= added.sum;
  chunks_[chunk].unflagged -= added.unflagged;
  chunks_.insert(chunks_.begin() + static_cast<std::ptrdiff_t>(chunk) + 1, added);
  if (window_.chunk > chunk) {
    ++window_.chunk;
  } else if (window_.chunk == chunk && window_.offset >= keep) {
    window_ = {chunk + 1, window_.offset - keep};
  }
}

void LongLog::InsertIntoWindow(Position at, const VelocityEvent& event) {
  if (event.time < window_start_) {
    if (at.chunk == window_.chunk && at.offset <= window_.offset) ++window_.offset;
    return;
  }
  window_ = std::min(window_, at);
  newest_.Add({1, event.amount});
  if (event.time > newest_time_ || size_ == 1) MoveWindow(event.time);
}

void LongLog::MoveWindow(int64_t newest_time) {
  newest_time_ = newest_time;
  window_start_ = SaturatingSubtract(EventTime{newest_time}, within_).ns;
  while (time(window_) < window_start_) {
    newest_.Subtract(Part(window_.chunk, window_.offset, window_.offset + 1));
    window_ = Normal({window_.chunk, window_.offset + 1});
  }
}

void LongLog::InsertValue(Position at, const VelocityEvent& event) {
  timeline_.Insert(
      event.time, event.value, [&](int64_t oldest) { return TimeBefore(at, event.value, oldest); },
      [&] { return TimeAfter(at, event.value); });
}

std::optional<int64_t> LongLog::TimeBefore(Position at, uint32_t value, int64_t oldest) const {
  for (size_t chunk = at.chunk + 1; chunk-- > head_;) {
    const EventColumns events = Events(chunk);
    for (size_t i = chunk == at.chunk ? at.offset : chunks_[chunk].size; i-- > 0;) {
      if (events.times[i] < oldest) return std::nullopt;
      if (events.values[i] == value) return events.times[i];
    }
  }
  return std::nullopt;
}

int64_t LongLog::TimeAfter(Position at, uint32_t value) const {
  for (size_t chunk = at.chunk; chunk < chunks_.size(); ++chunk) {
    const uint32_t* const values = Events(chunk).values;
    const uint32_t* const end = values + chunks_[chunk].size;
    const uint32_t* const begin = chunk == at.chunk ? values + at.offset + 1 : values;
    const uint32_t* const found = std::find(begin, end, value);
    if (found != end) return Events(chunk).times[found - values];
  }
  return kMaxEventTime.ns;
}

void LongLog::SetFlagged(Position at) {
  Events(at.chunk).SetFlagged(at.offset);
  --chunks_[at.chunk].unflagged;
}

LongLog::Position LongLog::Normal(Position at) const {
  return at.offset < chunks_[at.chunk].size ? at : Position{at.chunk + 1, 0};
}

LongLog::Position LongLog::LowerBound(int64_t time) const {
  if (time == kMinEventTime.ns) return begin();
  return UpperBound(time - 1);
}

LongLog::Position LongLog::UpperBound(int64_t time) const {
  if (time >= newest_time_) return end();
  const size_t chunk = ChunkFor(time);
  const int64_t* const times = Events(chunk).times;
  const int64_t* const after = std::upper_bound(times, times + chunks_[chunk].size, time);
  return Normal({chunk, static_cast<size_t>(after - times)});
}

LongLog::Position LongLog::NextUnflagged(Position at) const {
  for (; at.chunk < chunks_.size(); at = {at.chunk + 1, 0}) {
    if (chunks_[at.chunk].unflagged == 0) continue;
    const EventColumns events = Events(at.chunk);
    for (; at.offset < chunks_[at.chunk].size; ++at.offset) {
      if (!events.flagged(at.offset)) return at;
    }
  }
  return end();
}

LongLog::Window LongLog::WindowOf(int64_t start, int64_t last) const {
  if (last == newest_time_) return {window_, end(), newest_.events, newest_.sum, 0};
  const Position first = LowerBound(start);
  const Position behind = UpperBound(last);
  const Total after = Between(behind, end());
  Total total = newest_;
  total.Add(Between(first, window_));
  total.Subtract(after);
  return {first, behind, total.events, total.sum, after.events};
}

LongLog::Total LongLog::Between(Position from, Position to) const {
  if (from.chunk == to.chunk) return Part(from.chunk, from.offset, to.offset);
  Total total = Part(from.chunk, from.offset, chunks_[from.chunk].size);
  for (size_t chunk = from.chunk + 1; chunk < to.chunk; ++chunk) {
    total.Add({chunks_[chunk].size, chunks_[chunk].sum});
  }
  if (to.offset > 0) total.Add(Part(to.chunk, 0, to.offset));
  return total;
}

LongLog::Total LongLog::Part(size_t chunk, size_t from, size_t to) const {
  Total total{static_cast<int64_t>(to) - static_cast<int64_t>(from), 0};
  if (from == to) return total;
  const int64_t* const amounts = Events(chunk).amounts;
  if (amounts == nullptr) return total;
  for (size_t i = from; i < to; ++i) total.sum += amounts[i];
  return total;
}

// From the oldest on, as sums of float are.
double LongLog::FloatSum(const Window& window) const {
  double sum = 0;
  for (Position at = window.first; at != window.end; at = Normal({at.chunk, at.offset + 1})) {
    sum += std::bit_cast<double>(Events(at.chunk).amounts[at.offset]);
  }
  return sum;
}

}  // namespace onrush
