#include "ingest/scan_kernels.h"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))

#include <immintrin.h>

#define ONRUSH_AVX2 __attribute__((target("avx2,bmi,popcnt")))

namespace onrush {
namespace {

struct Halves {
  __m256i low, high;
};

ONRUSH_AVX2 inline Halves Load(const char* p) {
  return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)),
          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p + 32))};
}

ONRUSH_AVX2 inline uint64_t Equal(const Halves& a, const Halves& b) {
  const auto low = static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(a.low, b.low)));
  const auto high = static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(a.high, b.high)));
  return low | uint64_t{high} << 32;
}
ONRUSH_AVX2 inline uint64_t Equal(const Halves& bytes, __m256i wanted) {
  return Equal(bytes, Halves{wanted, wanted});
}

ONRUSH_AVX2 uint64_t Count(const char* p, size_t size, char wanted) {
  const __m256i each = _mm256_set1_epi8(wanted);
  uint64_t count = 0;
  size_t i = 0;
  for (; i + 64 <= size; i += 64) {
    count += static_cast<uint64_t>(_mm_popcnt_u64(Equal(Load(p + i), each)));
  }
  for (; i < size; ++i) count += p[i] == wanted;
  return count;
}

ONRUSH_AVX2 bool CsvMasksOf(const char* p, size_t count, char delimiter, CsvMasks* masks) {
  const __m256i delimiters = _mm256_set1_epi8(delimiter);
  const __m256i newlines = _mm256_set1_epi8('\n');
  const __m256i quotes = _mm256_set1_epi8('"');
  uint64_t any_quote = 0;
  for (size_t i = 0; i < count; ++i) {
    const Halves bytes = Load(p + 64 * i);
    masks[i].newlines = Equal(bytes, newlines);
    masks[i].ends = Equal(bytes, delimiters) | masks[i].newlines;
    masks[i].quotes = Equal(bytes, quotes);
    any_quote |= masks[i].quotes;
  }
  return any_quote != 0;
}

ONRUSH_AVX2 bool JsonStopsOf(const char* p, size_t count, uint64_t* stops) {
  const __m256i quote = _mm256_set1_epi8('"');
  const __m256i backslash = _mm256_set1_epi8('\\');
  const __m256i last_control = _mm256_set1_epi8(0x1F);
  __m256i any = _mm256_setzero_si256();
  for (size_t i = 0; i < count; ++i) {
    const Halves bytes = Load(p + 64 * i);
    // What is a control character stays as it is.
    const Halves controls = {_mm256_min_epu8(bytes.low, last_control),
                             _mm256_min_epu8(bytes.high, last_control)};
    stops[i] = Equal(bytes, quote) | Equal(bytes, backslash) | Equal(bytes, controls);
    any = _mm256_or_si256(any, _mm256_or_si256(bytes.low, bytes.high));
  }
  return _mm256_movemask_epi8(any) != 0;
}

// Eight at a time, whether there are so many or not, which leaves few branches to be guessed.
ONRUSH_AVX2 size_t WritePositions(const uint64_t* masks, size_t count, size_t stride, uint32_t base,
                                  uint32_t* out) {
  const uint32_t* const begin = out;
  for (size_t n = 0; n < count; ++n, base += 64) {
    uint64_t bits = masks[n * stride];
    const int bit_count = static_cast<int>(_mm_popcnt_u64(bits));
    for (int written = 0; written < bit_count; written += 8) {
      for (int i = 0; i < 8; ++i) {
        out[written + i] = base + static_cast<uint32_t>(_tzcnt_u64(bits));
        bits = _blsr_u64(bits);
      }
    }
    out += bit_count;
  }
  return static_cast<size_t>(out - begin);
}

}  // namespace

const ScanKernels* Avx2ScanKernels() {
  static constexpr ScanKernels kKernels = {"avx2", Count, CsvMasksOf, JsonStopsOf, WritePositions};
  const bool supported = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                         __builtin_cpu_supports("popcnt");
  return supported ? &kKernels : nullptr;
}

}  // namespace onrush

#else

namespace onrush {

const ScanKernels* Avx2ScanKernels() { return nullptr; }

}  // namespace onrush

#endif
