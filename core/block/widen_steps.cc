#include "core/block/widen_steps.h"

#include "core/block/little_endian.h"
#include "core/check.h"
#include "core/processor.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace onrush {
namespace {

// Plain loops that the compiler makes vectors of, in the way of the function they end up in.
template <typename Step>
[[gnu::always_inline]] inline void Widen(const char* steps, size_t count, int64_t base_value,
                                         uint64_t unit, int64_t* to) {
  const auto base = static_cast<uint64_t>(base_value);
  if (sizeof(Step) == sizeof(uint64_t) || unit > UINT32_MAX) {
    for (size_t i = 0; i < count; ++i) {
      const uint64_t step = LoadNumber<Step>(steps + i * sizeof(Step));
      to[i] = static_cast<int64_t>(base + unit * step);
    }
    return;
  }
  // Vectors have products of 32 bits each on any processor.
  const auto short_unit = static_cast<uint32_t>(unit);
  for (size_t i = 0; i < count; ++i) {
    const auto step = static_cast<uint32_t>(LoadNumber<Step>(steps + i * sizeof(Step)));
    to[i] = static_cast<int64_t>(base + uint64_t{short_unit} * step);
  }
}

[[gnu::always_inline]] inline void WidenAny(const char* steps, uint8_t width, size_t count,
                                            int64_t base, uint64_t unit, int64_t* to) {
  switch (width) {
    case 1:
      return Widen<uint8_t>(steps, count, base, unit, to);
    case 2:
      return Widen<uint16_t>(steps, count, base, unit, to);
    case 4:
      return Widen<uint32_t>(steps, count, base, unit, to);
    case 8:
      return Widen<uint64_t>(steps, count, base, unit, to);
  }
  ONRUSH_CHECK(false);
}

#if defined(__x86_64__)
template <typename Step>
ONRUSH_AVX2 __m256i LoadFour(const char* steps) {
  if constexpr (sizeof(Step) == 1) {
    return _mm256_cvtepu8_epi64(_mm_cvtsi32_si128(LoadNumber<int32_t>(steps)));
  } else if constexpr (sizeof(Step) == 2) {
    return _mm256_cvtepu16_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(steps)));
  } else {
    return _mm256_cvtepu32_epi64(_mm_loadu_si128(reinterpret_cast<const __m128i*>(steps)));
  }
}

// The compiler's own take three times as many steps.
template <typename Step>
ONRUSH_AVX2 size_t WidenFours(const char* steps, size_t count, int64_t base, uint64_t unit,
                              int64_t* to) {
  const __m256i bases = _mm256_set1_epi64x(base);
  const __m256i units = _mm256_set1_epi64x(static_cast<int64_t>(unit));
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    const __m256i four = _mm256_mul_epu32(LoadFour<Step>(steps + i * sizeof(Step)), units);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + i), _mm256_add_epi64(bases, four));
  }
  return i;
}

// As many as can be had in fours, with products of 32 bits each; returns how many.
ONRUSH_AVX2 size_t WidenFours(const char* steps, uint8_t width, size_t count, int64_t base,
                              uint64_t unit, int64_t* to) {
  if (unit > UINT32_MAX) return 0;
  switch (width) {
    case 1:
      return WidenFours<uint8_t>(steps, count, base, unit, to);
    case 2:
      return WidenFours<uint16_t>(steps, count, base, unit, to);
    case 4:
      return WidenFours<uint32_t>(steps, count, base, unit, to);
  }
  return 0;
}
#else
size_t WidenFours(const char*, uint8_t, size_t, int64_t, uint64_t, int64_t*) { return 0; }
#endif

}  // namespace

void WidenStepsPortable(const char* steps, uint8_t width, size_t count, int64_t base, uint64_t unit,
                        int64_t* to) {
  WidenAny(steps, width, count, base, unit, to);
}

ONRUSH_AVX2 void WidenStepsAvx2(const char* steps, uint8_t width, size_t count, int64_t base,
                                uint64_t unit, int64_t* to) {
  const size_t done = WidenFours(steps, width, count, base, unit, to);
  WidenAny(steps + done * width, width, count - done, base, unit, to + done);
}

void WidenSteps(const char* steps, uint8_t width, size_t count, int64_t base, uint64_t unit,
                int64_t* to) {
  static const auto widen = HasAvx2() ? WidenStepsAvx2 : WidenStepsPortable;
  widen(steps, width, count, base, unit, to);
}

}  // namespace onrush
