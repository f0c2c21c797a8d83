// Eight entries of a key table in one cache line.
#pragma once

#include <cstdint>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace onrush {

// Description
//   Hashes and references; a place with reference 0 is free. A hash is its 22 lower bits, moved up;
//   the room below them counts, for each of eight kinds of hashes, the keys that passed this bucket
//   since it had no room, so that a search knows whether it has to go on. After F14 of Folly, which
//   has one such count for all keys of a chunk.
struct alignas(64) KeyBucket {
  static constexpr int kPlaces = 8;
  static constexpr int kHashShift = 10;

  uint32_t hashes[kPlaces] = {};  // and the counts
  uint32_t refs[kPlaces] = {};

  // What of a hash is kept.
  static uint32_t Tag(uint32_t hash) { return hash << kHashShift; }
  uint32_t TagAt(int place) const { return hashes[place] & ~kMostPassed; }

  // A bit for every place with this tag; free places have tag 0.
  uint32_t WithTag(uint32_t tag) const { return Equal(hashes, ~kMostPassed, tag); }
  uint32_t WithRef(uint32_t ref) const { return Equal(refs, ~uint32_t{0}, ref); }
  uint32_t Free() const { return WithRef(0); }

  void Set(int place, uint32_t tag, uint32_t ref) {
    hashes[place] = tag | (hashes[place] & kMostPassed);
    refs[place] = ref;
  }

  // True if keys of this tag's kind may stand further on.
  bool Passed(uint32_t tag) const { return (hashes[Kind(tag)] & kMostPassed) != 0; }
  // A count that has reached its end stays there: searches go on in vain then, but find.
  void NotePassed(uint32_t tag) {
    uint32_t& count = hashes[Kind(tag)];
    if ((count & kMostPassed) != kMostPassed) ++count;
  }
  void ForgetPassed(uint32_t tag) {
    uint32_t& count = hashes[Kind(tag)];
    if ((count & kMostPassed) != kMostPassed) --count;
  }

 private:
  static constexpr uint32_t kMostPassed = (uint32_t{1} << kHashShift) - 1;
  // The upper bits tell the home; these are others.
  static int Kind(uint32_t tag) { return static_cast<int>(tag >> kHashShift) % kPlaces; }

  static uint32_t Equal(const uint32_t* values, uint32_t mask, uint32_t value) {
#ifdef __SSE2__
    const __m128i wanted = _mm_set1_epi32(static_cast<int>(value));
    const __m128i bits = _mm_set1_epi32(static_cast<int>(mask));
    const auto* const lanes = reinterpret_cast<const __m128i*>(values);
    const __m128i low = _mm_cmpeq_epi32(_mm_and_si128(_mm_load_si128(lanes), bits), wanted);
    const __m128i high = _mm_cmpeq_epi32(_mm_and_si128(_mm_load_si128(lanes + 1), bits), wanted);
    const __m128i bytes = _mm_packs_epi16(_mm_packs_epi32(low, high), _mm_setzero_si128());
    return static_cast<uint32_t>(_mm_movemask_epi8(bytes));
#else
    uint32_t equal = 0;
    for (int i = 0; i < kPlaces; ++i) equal |= uint32_t{(values[i] & mask) == value} << i;
    return equal;
#endif
  }
};

}  // namespace onrush
