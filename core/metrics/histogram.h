// How long things took: counts by nanoseconds, in fixed space.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/metrics/counter.h"

namespace onrush {

// Description
//   A log-linear histogram: each power of two is cut into 32 buckets of equal width, so that a
//   bucket is never wider than 1/32 of its values, whatever their size. The idea is that of
//   HdrHistogram (Gil Tene, http://hdrhistogram.org). Add() costs about 2 ns, reading about 1 us;
//   9 KiB, nothing is allocated.
// Implementation
//   Values below 64 have a bucket each. Above, a value is shifted right until 6 bits are left, and
//   the shift counts the powers of two. Values of more than kHighestValue are counted as that.
// Threads
//   One writes (Add() and Merge()), one may read meanwhile. What it reads may lack the value that
//   is being added, or parts of it. Figures that must agree with each other are read from a copy:
//   merge into a histogram of the reader's own.
// Publication
//   None: each counter stands for itself.
class Histogram {
 public:
  static constexpr int kHighestWidth = 40;
  static constexpr uint64_t kHighestValue = (uint64_t{1} << kHighestWidth) - 1;  // 18 minutes

  Histogram() = default;
  Histogram(const Histogram&) = delete;
  Histogram& operator=(const Histogram&) = delete;

  void Add(uint64_t ns) {
    buckets_[BucketOf(ns)].Add(1);
    sum_.Add(ns);
    max_.RaiseTo(ns);
  }

  // Adds what `other` holds. The caller is this one's writer and the other's reader.
  void Merge(const Histogram& other);

  // Values added. Looks at all buckets.
  uint64_t count() const;
  // Their exact sum and the exact highest; 0 if there are none.
  Int128 sum() const { return sum_.value(); }
  uint64_t max() const { return max_.value(); }

  // The value that `share` (0 to 1) of all values do not exceed: never less than the exact one (by
  // nearest rank), and at most 1/32 more. 0 if there are none.
  uint64_t Percentile(double share) const;

  // How many values are no more than `bound`; those up to 1/32 above it may be among them. Below 64
  // and where bound + 1 is a power of two it is exact.
  uint64_t CountUpTo(uint64_t bound) const;

 private:
  static constexpr int kBitsKept = 6;  // 5 below the highest: 32 buckets per power of two
  static constexpr size_t kBucketsPerPower = size_t{1} << (kBitsKept - 1);
  static constexpr size_t kBuckets = (kHighestWidth - kBitsKept + 2) * kBucketsPerPower;

  static constexpr size_t BucketOf(uint64_t value) {
    if (value > kHighestValue) value = kHighestValue;
    const int width = std::bit_width(value);
    const int shift = width > kBitsKept ? width - kBitsKept : 0;
    return static_cast<size_t>(shift) * kBucketsPerPower + (value >> shift);
  }
  // The highest value of a bucket.
  static constexpr uint64_t HighestOf(size_t bucket) {
    if (bucket < 2 * kBucketsPerPower) return bucket;
    const size_t shift = bucket / kBucketsPerPower - 1;
    return ((bucket - shift * kBucketsPerPower + 1) << shift) - 1;
  }

  std::array<Counter, kBuckets> buckets_;
  WideCounter sum_;
  Counter max_;
};

}  // namespace onrush
