#include "core/metrics/histogram.h"

#include <algorithm>
#include <cmath>

namespace onrush {

void Histogram::Merge(const Histogram& other) {
  for (size_t i = 0; i < buckets_.size(); ++i) {
    buckets_[i].Add(other.buckets_[i].value());
  }
  sum_.Add(other.sum_);
  max_.RaiseTo(other.max());
}

uint64_t Histogram::count() const {
  uint64_t count = 0;
  for (const auto& bucket : buckets_) count += bucket.value();
  return count;
}

uint64_t Histogram::Percentile(double share) const {
  const double wanted = std::ceil(share * static_cast<double>(count()));
  const uint64_t rank = std::max<uint64_t>(static_cast<uint64_t>(wanted), 1);
  uint64_t seen = 0;
  for (size_t i = 0; i + 1 < buckets_.size(); ++i) {
    seen += buckets_[i].value();
    if (seen >= rank) return std::min(HighestOf(i), max());
  }
  return max();  // the last bucket has no end
}

uint64_t Histogram::CountUpTo(uint64_t bound) const {
  uint64_t count = 0;
  for (size_t i = 0; i <= BucketOf(bound); ++i) {
    count += buckets_[i].value();
  }
  return count;
}

}  // namespace onrush
