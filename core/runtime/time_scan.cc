#include "core/runtime/time_scan.h"

#include "core/processor.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace onrush {
namespace {

template <typename IsBeyond>
size_t CountWithin(const int64_t* times, size_t count, IsBeyond is_beyond) {
  size_t known = 0;
  for (; known + kTimesAtOnce <= count; known += kTimesAtOnce) {
    bool any = false;
    for (size_t i = 0; i < kTimesAtOnce; ++i) any |= is_beyond(times[known + i]);
    if (any) break;
  }
  return known;
}

size_t NotAfterPortable(const int64_t* times, size_t count, int64_t bound) {
  return CountWithin(times, count, [bound](int64_t time) { return time > bound; });
}
size_t NotBeforePortable(const int64_t* times, size_t count, int64_t bound) {
  return CountWithin(times, count, [bound](int64_t time) { return time < bound; });
}

#if defined(__x86_64__)
template <bool after>
ONRUSH_AVX2 size_t CountWithinAvx2(const int64_t* times, size_t count, int64_t bound) {
  const __m256i bounds = _mm256_set1_epi64x(bound);
  size_t known = 0;
  for (; known + kTimesAtOnce <= count; known += kTimesAtOnce) {
    __m256i any = _mm256_setzero_si256();
    for (size_t i = 0; i < kTimesAtOnce; i += 4) {
      const __m256i four = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(times + known + i));
      any = _mm256_or_si256(
          any, after ? _mm256_cmpgt_epi64(four, bounds) : _mm256_cmpgt_epi64(bounds, four));
    }
    if (_mm256_testz_si256(any, any) == 0) break;
  }
  return known;
}

constexpr TimeScan kAvx2TimeScan = {CountWithinAvx2<true>, CountWithinAvx2<false>};
#endif

const TimeScan& Best() {
  static const TimeScan& best = Avx2TimeScan() != nullptr ? *Avx2TimeScan() : kPortableTimeScan;
  return best;
}

}  // namespace

constexpr TimeScan kPortableTimeScan = {NotAfterPortable, NotBeforePortable};

const TimeScan* Avx2TimeScan() {
#if defined(__x86_64__)
  if (HasAvx2()) return &kAvx2TimeScan;
#endif
  return nullptr;
}

size_t CountNotAfter(const int64_t* times, size_t count, int64_t bound) {
  size_t known = Best().not_after(times, count, bound);
  while (known < count && times[known] <= bound) ++known;
  return known;
}

bool AnyBefore(const int64_t* times, size_t count, int64_t bound) {
  size_t known = Best().not_before(times, count, bound);
  while (known < count && times[known] >= bound) ++known;
  return known < count;
}

}  // namespace onrush
