#include "core/runtime/time_scan.h"

#include <algorithm>

#include "core/processor.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace onrush {
namespace {

uint64_t AfterPortable(const int64_t* times, size_t count, int64_t bound) {
  uint64_t after = 0;
  for (size_t i = 0; i < count; ++i) after |= uint64_t{times[i] > bound} << i;
  return after;
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

ONRUSH_AVX2 uint64_t AfterAvx2(const int64_t* times, size_t count, int64_t bound) {
  if (count < kTimesAtOnce) return AfterPortable(times, count, bound);
  const __m256i bounds = _mm256_set1_epi64x(bound);
  uint64_t after = 0;
  for (size_t i = 0; i < kTimesAtOnce; i += 4) {
    const __m256i four = _mm256_cmpgt_epi64(Load(times + i), bounds);
    after |= uint64_t{static_cast<uint32_t>(_mm256_movemask_pd(_mm256_castsi256_pd(four)))} << i;
  }
  return after;
}

ONRUSH_AVX2 int64_t EarliestAvx2(const int64_t* times, size_t count) {
  constexpr size_t kAtOnce = 16;
  __m256i earliest[4];  // so that none waits for the one before
  for (__m256i& of_lane : earliest) of_lane = _mm256_set1_epi64x(INT64_MAX);
  size_t known = 0;
  for (; known + kAtOnce <= count; known += kAtOnce) {
    for (size_t i = 0; i < 4; ++i) earliest[i] = Earlier(earliest[i], Load(times + known + 4 * i));
  }
  alignas(32) int64_t lanes[4];
  _mm256_store_si256(reinterpret_cast<__m256i*>(lanes),
                     Earlier(Earlier(earliest[0], earliest[1]), Earlier(earliest[2], earliest[3])));
  return std::min(EarliestPortable(lanes, 4), EarliestPortable(times + known, count - known));
}

constexpr TimeScan kAvx2TimeScan = {AfterAvx2, EarliestAvx2};
#endif

const TimeScan& Best() {
  static const TimeScan& best = Avx2TimeScan() != nullptr ? *Avx2TimeScan() : kPortableTimeScan;
  return best;
}

}  // namespace

constexpr TimeScan kPortableTimeScan = {AfterPortable, EarliestPortable};

const TimeScan* Avx2TimeScan() {
#if defined(__x86_64__)
  if (HasAvx2()) return &kAvx2TimeScan;
#endif
  return nullptr;
}

uint64_t TimesAfter(const int64_t* times, size_t count, int64_t bound) {
  return Best().after(times, count, bound);
}

int64_t EarliestOf(const int64_t* times, size_t count) { return Best().earliest(times, count); }

}  // namespace onrush
