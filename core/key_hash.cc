#include "core/key_hash.h"

#define XXH_INLINE_ALL
#include "xxhash.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace onrush {

void HashKeysPortable(const std::string_view* keys, const uint32_t* rows, size_t count,
                      uint64_t seed, uint64_t* hashes) {
  for (size_t i = 0; i < count; ++i) {
    const size_t row = rows != nullptr ? rows[i] : i;
    hashes[row] = XXH3_64bits_withSeed(keys[row].data(), keys[row].size(), seed);
  }
}

#if defined(__x86_64__)

// Keys of up to 16 bytes are two words, padded with zeros, which a masked load reads without a
// branch on their size and without a byte after them; a library that reads 1 to 3, 4 to 8 and 9 to
// 16 bytes in ways of their own spends as long again on branches that it guessed wrong. The words
// are mixed by products of 128 bits, as in wyhash; whoever does not know the seed cannot tell
// which keys share a hash.
[[gnu::target("avx512f,avx512bw,avx512vl,bmi2")]] void HashKeysAvx512(const std::string_view* keys,
                                                                      const uint32_t* rows,
                                                                      size_t count, uint64_t seed,
                                                                      uint64_t* hashes) {
  const auto fold = [](uint64_t a, uint64_t b) {
    const auto product = static_cast<unsigned __int128>(a) * b;
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
  };
  constexpr uint64_t kOdd = 0x9E3779B97F4A7C15;
  const uint64_t low_secret = XXH3_64bits_withSeed("low", 3, seed);
  const uint64_t high_secret = XXH3_64bits_withSeed("high", 4, seed);
  for (size_t i = 0; i < count; ++i) {
    const size_t row = rows != nullptr ? rows[i] : i;
    const size_t size = keys[row].size();
    if (size > 16) [[unlikely]] {
      hashes[row] = XXH3_64bits_withSeed(keys[row].data(), size, seed);
      continue;
    }
    const auto mask = static_cast<__mmask16>((1u << size) - 1);
    const __m128i words = _mm_maskz_loadu_epi8(mask, keys[row].data());
    const auto low = static_cast<uint64_t>(_mm_cvtsi128_si64(words));
    const auto high = static_cast<uint64_t>(_mm_extract_epi64(words, 1));
    hashes[row] = fold(fold(low ^ low_secret, high ^ high_secret) ^ size ^ seed, kOdd);
  }
}

bool HasAvx512ForHashing() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("bmi2");
}

void HashKeys(const std::string_view* keys, const uint32_t* rows, size_t count, uint64_t seed,
              uint64_t* hashes) {
  static const auto hash = HasAvx512ForHashing() ? HashKeysAvx512 : HashKeysPortable;
  hash(keys, rows, count, seed, hashes);
}

#else

void HashKeysAvx512(const std::string_view* keys, const uint32_t* rows, size_t count, uint64_t seed,
                    uint64_t* hashes) {
  HashKeysPortable(keys, rows, count, seed, hashes);
}

bool HasAvx512ForHashing() { return false; }

void HashKeys(const std::string_view* keys, const uint32_t* rows, size_t count, uint64_t seed,
              uint64_t* hashes) {
  HashKeysPortable(keys, rows, count, seed, hashes);
}

#endif

}  // namespace onrush
