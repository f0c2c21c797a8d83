#include "ingest/scan_kernels.h"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))

// The headers of GCC 12 read what they call undefined, on purpose.
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
#include <immintrin.h>

#define ONRUSH_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi2,bmi,popcnt")))

namespace onrush {
namespace {

ONRUSH_AVX512 uint64_t Count(const char* p, size_t size, char wanted) {
  const __m512i each = _mm512_set1_epi8(wanted);
  uint64_t count = 0;
  size_t i = 0;
  for (; i + 64 <= size; i += 64) {
    const __m512i bytes = _mm512_loadu_si512(p + i);
    count += static_cast<uint64_t>(_mm_popcnt_u64(_mm512_cmpeq_epi8_mask(bytes, each)));
  }
  for (; i < size; ++i) count += p[i] == wanted;
  return count;
}

ONRUSH_AVX512 bool CsvMasksOf(const char* p, size_t count, char delimiter, CsvMasks* masks) {
  const __m512i delimiters = _mm512_set1_epi8(delimiter);
  const __m512i newlines = _mm512_set1_epi8('\n');
  const __m512i quotes = _mm512_set1_epi8('"');
  uint64_t any_quote = 0;
  for (size_t i = 0; i < count; ++i) {
    const __m512i bytes = _mm512_loadu_si512(p + 64 * i);
    masks[i].newlines = _mm512_cmpeq_epi8_mask(bytes, newlines);
    masks[i].ends = _mm512_cmpeq_epi8_mask(bytes, delimiters) | masks[i].newlines;
    masks[i].quotes = _mm512_cmpeq_epi8_mask(bytes, quotes);
    any_quote |= masks[i].quotes;
  }
  return any_quote != 0;
}

ONRUSH_AVX512 bool JsonStopsOf(const char* p, size_t count, uint64_t* stops) {
  const __m512i quote = _mm512_set1_epi8('"');
  const __m512i backslash = _mm512_set1_epi8('\\');
  const __m512i space = _mm512_set1_epi8(' ');
  __m512i any = _mm512_setzero_si512();
  for (size_t i = 0; i < count; ++i) {
    const __m512i bytes = _mm512_loadu_si512(p + 64 * i);
    stops[i] = _mm512_cmpeq_epi8_mask(bytes, quote) | _mm512_cmpeq_epi8_mask(bytes, backslash) |
               _mm512_cmplt_epu8_mask(bytes, space);
    any = _mm512_or_si512(any, bytes);
  }
  return _mm512_movepi8_mask(any) != 0;
}

// The numbers of the bits set are the bytes 0 to 63 with those of the other bits squeezed out.
ONRUSH_AVX512 size_t WritePositions(const uint64_t* masks, size_t count, size_t stride,
                                    uint32_t base, uint32_t* out) {
  alignas(64) static constexpr unsigned char kIota[64] = {
      0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
      22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
      44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
  const __m512i iota = _mm512_load_si512(kIota);
  const uint32_t* const begin = out;
  for (size_t n = 0; n < count; ++n, base += 64) {
    const uint64_t bits = masks[n * stride];
    const __m512i bases = _mm512_set1_epi32(static_cast<int>(base));
    __m512i numbers = _mm512_maskz_compress_epi8(bits, iota);
    const int bit_count = static_cast<int>(_mm_popcnt_u64(bits));
    for (int written = 0; written < bit_count; written += 16) {
      const __m512i sixteen = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(numbers));
      _mm512_storeu_si512(out + written, _mm512_add_epi32(sixteen, bases));
      numbers = _mm512_alignr_epi64(numbers, numbers, 2);
    }
    out += bit_count;
  }
  return static_cast<size_t>(out - begin);
}

}  // namespace

const ScanKernels* Avx512ScanKernels() {
  static constexpr ScanKernels kKernels = {"avx512", Count, CsvMasksOf, JsonStopsOf,
                                           WritePositions};
  const bool supported = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                         __builtin_cpu_supports("avx512vl") &&
                         __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("bmi") &&
                         __builtin_cpu_supports("popcnt");
  return supported ? &kKernels : nullptr;
}

}  // namespace onrush

#else

namespace onrush {

const ScanKernels* Avx512ScanKernels() { return nullptr; }

}  // namespace onrush

#endif
