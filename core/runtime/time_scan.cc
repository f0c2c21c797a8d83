#include "core/runtime/time_scan.h"

#include <algorithm>
#include <bit>

#include "core/processor.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace onrush {
namespace {

constexpr size_t kTimesAtOnce = 16;

size_t NotAfterPortable(const int64_t* times, size_t count, int64_t bound) {
  size_t known = 0;
  for (; known + kTimesAtOnce <= count; known += kTimesAtOnce) {
    bool any = false;
    for (size_t i = 0; i < kTimesAtOnce; ++i) any |= times[known + i] > bound;
    if (any) break;
  }
  while (known < count && times[known] <= bound) ++known;
  return known;
}

int64_t EarliestPortable(const int64_t* times, size_t count) {
  int64_t earliest = INT64_MAX;
  for (size_t i = 0; i < count; ++i) earliest = std::min(earliest, times[i]);
  return earliest;
}

#if defined(__x86_64__)
ONRUSH_AVX2 __m256i Load(const int64_t* times) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(times));
}
ONRUSH_AVX2 __m256i Earlier(__m256i a, __m256i b) {
  return _mm256_blendv_epi8(a, b, _mm256_cmpgt_epi64(a, b));
}

// Which of four times are after the bound, a bit each.
ONRUSH_AVX2 uint32_t After(const int64_t* times, __m256i bound) {
  const __m256i after = _mm256_cmpgt_epi64(Load(times), bound);
  return static_cast<uint32_t>(_mm256_movemask_pd(_mm256_castsi256_pd(after)));
}

// That a few are not looked at one by one costs less than a wrong guess where they end.
ONRUSH_AVX2 size_t NotAfterAvx2(const int64_t* times, size_t count, int64_t bound) {
  const __m256i bounds = _mm256_set1_epi64x(bound);
  size_t known = 0;
  for (; known + kTimesAtOnce <= count; known += kTimesAtOnce) {
    uint32_t after = 0;
    for (size_t i = 0; i < kTimesAtOnce; i += 4) after |= After(times + known + i, bounds) << i;
    if (after != 0) return known + static_cast<size_t>(std::countr_zero(after));
  }
  return known + NotAfterPortable(times + known, count - known, bound);
}

ONRUSH_AVX2 int64_t EarliestAvx2(const int64_t* times, size_t count) {
  __m256i earliest[4];  // so that none waits for the one before
  for (__m256i& of_lane : earliest) of_lane = _mm256_set1_epi64x(INT64_MAX);
  size_t known = 0;
  for (; known + kTimesAtOnce <= count; known += kTimesAtOnce) {
    for (size_t i = 0; i < 4; ++i) earliest[i] = Earlier(earliest[i], Load(times + known + 4 * i));
  }
  alignas(32) int64_t lanes[4];
  _mm256_store_si256(reinterpret_cast<__m256i*>(lanes),
                     Earlier(Earlier(earliest[0], earliest[1]), Earlier(earliest[2], earliest[3])));
  return std::min(EarliestPortable(lanes, 4), EarliestPortable(times + known, count - known));
}

constexpr TimeScan kAvx2TimeScan = {NotAfterAvx2, EarliestAvx2};
#endif

const TimeScan& Best() {
  static const TimeScan& best = Avx2TimeScan() != nullptr ? *Avx2TimeScan() : kPortableTimeScan;
  return best;
}

}  // namespace

constexpr TimeScan kPortableTimeScan = {NotAfterPortable, EarliestPortable};

const TimeScan* Avx2TimeScan() {
#if defined(__x86_64__)
  if (HasAvx2()) return &kAvx2TimeScan;
#endif
  return nullptr;
}

size_t CountNotAfter(const int64_t* times, size_t count, int64_t bound) {
  return Best().not_after(times, count, bound);
}

int64_t EarliestOf(const int64_t* times, size_t count) { return Best().earliest(times, count); }

}  // namespace onrush
