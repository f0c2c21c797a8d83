// What velocity remembers of one key: its events by event time, as far back as they can matter.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/int128.h"
#include "operators/value_counts.h"

namespace onrush {

// One event of a key. `value` is the id of what is counted distinct (kNoValue: null), `amount` the
// number summed up (for float: its bits); both are 0 where the query has no such condition.
struct VelocityEntry {
  static constexpr uint32_t kNoValue = ValueCounts::kNull;

  int64_t time = 0;
  int64_t amount = 0;
  uint64_t seq = 0;
  uint32_t value = kNoValue;
  bool flagged = false;
};

// Description
//   Events sorted by event time, then arrival. Kept as a vector whose front is cut off lazily, so
//   that the usual event, the newest of its key, is appended. For the trailing window of the newest
//   event, its first entry and its exact sum are kept up to date, and, once it is long, how often
//   each value occurs, so that a busy key costs no more per event than others.
// Invariants
//   head_ ≤ window_ ≤ entries_.size(). The entries before head_ are forgotten. Those from window_
//   on are exactly the ones within the trailing window of the newest entry. counts_, where it is
//   there, counts exactly their values.
// Threads
//   One.
class VelocityLog {
 public:
  // Puts an event in its place and returns its position. `within_ns` is the same in every call.
  size_t Insert(const VelocityEntry& entry, int64_t within_ns);

  // Positions are in [begin(), end()); Forget() may shift them.
  size_t begin() const { return head_; }
  size_t end() const { return entries_.size(); }
  bool empty() const { return head_ == entries_.size(); }
  VelocityEntry& at(size_t position) { return entries_[position]; }
  const VelocityEntry& at(size_t position) const { return entries_[position]; }

  // The first entry of the trailing window of the newest entry, and the sum of its amounts.
  size_t newest_window() const { return window_; }
  Int128 newest_sum() const { return sum_; }
  // The number of different values in it.
  size_t NewestDistinct() const;

  // The first position with a time ≥ `time`, or > `time`.
  size_t LowerBound(int64_t time) const;
  size_t UpperBound(int64_t time) const;

  // Forgets entries before `horizon`, calling forget(entry) for each. Requires: they are outside
  // the trailing window of the newest entry, or all entries are.
  template <typename ForgetFn>
  void Forget(int64_t horizon, ForgetFn forget) {
    while (head_ < entries_.size() && entries_[head_].time < horizon) forget(entries_[head_++]);
    if (head_ * 2 > entries_.size()) Compact();
  }

  // Asks for the memory that Insert() of a newer event will touch.
  void PrefetchNewest() const { __builtin_prefetch(entries_.data() + entries_.size()); }

  // Event times of the flags that came out and may still silence others (cooldown), ascending.
  std::vector<int64_t>& cooling() { return cooling_; }
  const std::vector<int64_t>& cooling() const { return cooling_; }

  // Forgets everything, keeps the memory.
  void Clear();
  size_t memory_bytes() const {
    return entries_.capacity() * sizeof(VelocityEntry) + cooling_.capacity() * sizeof(int64_t) +
           (counts_ != nullptr ? counts_->memory_bytes() : 0);
  }

 private:
  // Above this many entries in the newest window, values are counted; below half of it, scanned.
  static constexpr size_t kScanLimit = 64;

  void Enter(const VelocityEntry& entry);
  void Leave(const VelocityEntry& entry);
  void ChooseCounting();
  void Compact();

  std::vector<VelocityEntry> entries_;
  size_t head_ = 0;
  size_t window_ = 0;
  Int128 sum_ = 0;
  std::unique_ptr<ValueCounts> counts_;
  std::vector<int64_t> cooling_;
};

}  // namespace onrush
