// Where in its file each row of a batch comes from.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/check.h"

namespace onrush {

// Description
//   The numbers of lines, from 1. Nearly all rows come from the line after the one before: what is
//   kept are the rows that do not.
// Threads
//   One writes, then any number read.
class LineNumbers {
 public:
  // Never allocates for batches of up to `rows` rows.
  explicit LineNumbers(size_t rows) { runs_.reserve(rows); }

  void Clear() { runs_.clear(); }
  // `row` comes from line `number`, and those after it from the lines that follow. Forgets what was
  // known of them; what it was told of rows before stays.
  void SetFrom(size_t row, uint64_t number) {
    ForgetFrom(row);
    if (!runs_.empty() && runs_.back().NumberOf(row) == number) return;
    runs_.push_back({row, number});
  }
  // Requires: it was set. A binary search.
  uint64_t Of(size_t row) const {
    const auto after =
        std::upper_bound(runs_.begin(), runs_.end(), row,
                         [](size_t at, const Run& run) { return at < run.first_row; });
    ONRUSH_CHECK(after != runs_.begin());
    return after[-1].NumberOf(row);
  }

 private:
  void ForgetFrom(size_t row) {
    while (!runs_.empty() && runs_.back().first_row >= row) runs_.pop_back();
  }

  struct Run {
    uint64_t NumberOf(size_t row) const { return first_number + (row - first_row); }

    size_t first_row;
    uint64_t first_number;
  };

  std::vector<Run> runs_;  // ascending; each holds up to the next one's first row
};

}  // namespace onrush
