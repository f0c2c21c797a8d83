// The watermark as each row of a batch sees it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/time.h"

namespace onrush {

// Description
//   The watermark before the first row, and the rows after which it is another: where events come
//   out of order, few are. Before(): a binary search; a Cursor finds it for rows in ascending order
//   in constant time.
// Threads
//   One writes, then any number read.
class RowWatermarks {
 public:
  class Cursor;

  // Forgets all rows; memory for `rows` is there from the first call on.
  void Start(EventTime before_first, size_t rows) {
    moves_.clear();
    moves_.reserve(rows);
    first_ = before_first;
  }
  // The rows after `row` see this one. Requires: ascending rows.
  void Move(uint32_t row, EventTime watermark) { moves_.push_back({row, watermark}); }

  // What a row sees: what came before it.
  EventTime Before(uint32_t row) const {
    const auto after = std::lower_bound(moves_.begin(), moves_.end(), row,
                                        [](const Moved& move, uint32_t at) { return move.row < at; });
    return after == moves_.begin() ? first_ : after[-1].watermark;
  }
  // After the last row.
  EventTime last() const { return moves_.empty() ? first_ : moves_.back().watermark; }

 private:
  struct Moved {
    uint32_t row;
    EventTime watermark;
  };

  EventTime first_ = kMinEventTime;
  std::vector<Moved> moves_;  // ascending
};

// Walks over rows in ascending order. Valid as long as the watermarks do not change.
class RowWatermarks::Cursor {
 public:
  explicit Cursor(const RowWatermarks& watermarks)
      : next_(watermarks.moves_.data()),
        end_(next_ + watermarks.moves_.size()),
        watermark_(watermarks.first_) {}

  // As RowWatermarks::Before(). Requires: no row is below one that was asked for.
  EventTime Before(uint32_t row) {
    for (; next_ != end_ && next_->row < row; ++next_) watermark_ = next_->watermark;
    return watermark_;
  }

 private:
  const Moved* next_;
  const Moved* end_;
  EventTime watermark_;
};

}  // namespace onrush
