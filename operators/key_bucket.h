// Eight entries of a key table in one cache line.
#pragma once

#include <bit>
#include <cstdint>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace onrush {

// Hashes and references; a place with reference 0 is free.
struct alignas(64) KeyBucket {
  static constexpr int kPlaces = 8;

  uint32_t hashes[kPlaces] = {};
  uint32_t refs[kPlaces] = {};

  // A bit for every place whose hash is this one; free places have hash 0.
  uint32_t WithHash(uint32_t hash) const { return Equal(hashes, hash); }
  uint32_t WithRef(uint32_t ref) const { return Equal(refs, ref); }
  uint32_t Free() const { return WithRef(0); }
  bool full() const { return Free() == 0; }

  void Set(int place, uint32_t hash, uint32_t ref) {
    hashes[place] = hash;
    refs[place] = ref;
  }

 private:
  static uint32_t Equal(const uint32_t* values, uint32_t value) {
#ifdef __SSE2__
    const __m128i wanted = _mm_set1_epi32(static_cast<int>(value));
    const auto* const lanes = reinterpret_cast<const __m128i*>(values);
    const __m128i low = _mm_cmpeq_epi32(_mm_load_si128(lanes), wanted);
    const __m128i high = _mm_cmpeq_epi32(_mm_load_si128(lanes + 1), wanted);
    const __m128i bytes = _mm_packs_epi16(_mm_packs_epi32(low, high), _mm_setzero_si128());
    return static_cast<uint32_t>(_mm_movemask_epi8(bytes));
#else
    uint32_t equal = 0;
    for (int i = 0; i < kPlaces; ++i) equal |= uint32_t{values[i] == value} << i;
    return equal;
#endif
  }
};

}  // namespace onrush
