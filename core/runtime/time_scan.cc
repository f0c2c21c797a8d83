#include "core/runtime/time_scan.h"

#include <algorithm>

#include "core/processor.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace onrush {
namespace {

size_t NotAfterPortable(const int64_t* times, size_t count, int64_t bound) {
  size_t known = 0;
  for (; known + kTimesAtOnce <= count; known += kTimesAtOnce) {
    bool any = false;
    for (size_t i = 0; i < kTimesAtOnce; ++i) any |= times[known + i] > bound;
    if (any) break;
  }
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

ONRUSH_AVX2 size_t NotAfterAvx2(const int64_t* times, size_t count, int64_t bound) {
  const __m256i bounds = _mm256_set1_epi64x(bound);
  size_t known = 0;
  for (; known + kTimesAtOnce <= count; known += kTimesAtOnce) {
    __m256i any = _mm256_setzero_si256();
    for (size_t i = 0; i < kTimesAtOnce; i += 4) {
      any = _mm256_or_si256(any, _mm256_cmpgt_epi64(Load(times + known + i), bounds));
    }
    if (_mm256_testz_si256(any, any) == 0) break;
  }
  return known;
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
  size_t known = Best().not_after(times, count, bound);
  while (known < count && times[known] <= bound) ++known;
  return known;
}

int64_t EarliestOf(const int64_t* times, size_t count) { return Best().earliest(times, count); }

}  // namespace onrush
