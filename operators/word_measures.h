// Accumulators that fit in a word, which their owner keeps where it likes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "core/event_batch.h"
#include "core/int128.h"
#include "operators/accumulators.h"

namespace onrush {

// Counts of events. A word of zeros has counted none. One thread.
class WordCount {
 public:
  struct Input {};
  Input InputOf(const EventBatch&) const { return {}; }

  // Takes an event, or a slot of a column of the same measure. `id` tells one word from others.
  void Add(int64_t& word, uint32_t, const Input&, uint32_t) { ++word; }
  void Combine(int64_t& word, uint32_t id, const Accumulators& column, size_t slot);

  void AppendJson(int64_t word, uint32_t id, std::string& out) const;
  size_t memory_bytes() const { return 0; }
};

// Description
//   Exact sums of int and decimal: twice the sum plus one, since a word of zeros is a sum of no
//   values, which is null. What leaves the word stands apart, for the few sums that ever do.
// Threads
//   One.
class WordSum {
 public:
  // Of a column of int or decimal.
  WordSum(size_t column, int scale) : column_(column), scale_(scale) {}

  struct Input {
    const uint8_t* nulls;
    const int64_t* values;
  };
  Input InputOf(const EventBatch& batch) const {
    return {batch.columns[column_].nulls.data(), batch.columns[column_].ints.data()};
  }

  // As those of WordCount.
  void Add(int64_t& word, uint32_t id, const Input& input, uint32_t row) {
    if (input.nulls[row] != 0) return;
    int64_t twice, sum;
    if (__builtin_mul_overflow(input.values[row], 2, &twice) ||
        __builtin_add_overflow(word | 1, twice, &sum)) {
      return AddBeyond(word, id, input.values[row]);
    }
    word = sum;
  }
  void Combine(int64_t& word, uint32_t id, const Accumulators& column, size_t slot);

  void AppendJson(int64_t word, uint32_t id, std::string& out) const;
  size_t memory_bytes() const { return beyond_.capacity() * (sizeof(*beyond_.begin()) + 1); }

 private:
  // Leaves a sum of 0 in the word.
  void AddBeyond(int64_t& word, uint32_t id, Int128 value) {
    beyond_[id] += value + (word >> 1);
    word = 1;
  }

  size_t column_;
  int scale_;
  absl::flat_hash_map<uint32_t, Int128> beyond_;  // by id: to be added to what the word has
};

}  // namespace onrush
