// The watermark as each row of a batch sees it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
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

  // The rows after `row` see this one.
  struct Moved {
    uint32_t row;
    EventTime watermark;
  };

  // Forgets all rows; memory for `rows` is there from the first call on.
  void Start(EventTime before_first, size_t rows) {
    if (moves_.size() <= rows) moves_.resize(rows + 1);
    count_ = 0;
    first_ = before_first;
  }
  // Takes a move down, if it is one; costs the same if not. Requires: ascending rows.
  void MoveIf(bool moves, uint32_t row, EventTime watermark) {
    moves_.data()[count_] = {row, watermark};
    count_ += moves;
  }

  // Ascending by row.
  std::span<const Moved> moves() const { return {moves_.data(), count_}; }
  // What a row sees: what came before it.
  EventTime Before(uint32_t row) const {
    const auto after = std::ranges::lower_bound(moves(), row, std::ranges::less(), &Moved::row);
    return after == moves().begin() ? first_ : after[-1].watermark;
  }
  // After the last row.
  EventTime last() const { return count_ == 0 ? first_ : moves().back().watermark; }

 private:
  EventTime first_ = kMinEventTime;
  std::vector<Moved> moves_;  // those in use, and room for one that is none
  size_t count_ = 0;
};

// Walks over rows in ascending order. Valid as long as the watermarks do not change.
class RowWatermarks::Cursor {
 public:
  explicit Cursor(const RowWatermarks& watermarks)
      : next_(watermarks.moves_.data()),
        end_(next_ + watermarks.count_),
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
