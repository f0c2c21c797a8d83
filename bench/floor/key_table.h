// Keys of at most 16 bytes to dense ids.
#pragma once

#include <immintrin.h>

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "bench/floor/blocks.h"

namespace floor_bench {

struct Key {
  uint64_t low = 0;
  uint64_t high = 0;
  friend bool operator==(const Key&, const Key&) = default;

  static Key Of(std::string_view text) {
    if (text.size() > 16) Die("a key is longer than 16 bytes");
    // The bytes after the text are readable; they are cut off.
    static constexpr unsigned char kMask[32] = {255, 255, 255, 255, 255, 255, 255, 255,
                                                255, 255, 255, 255, 255, 255, 255, 255};
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data()));
    const __m128i mask =
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(kMask + 16 - text.size()));
    Key key;
    _mm_storeu_si128(reinterpret_cast<__m128i*>(&key), _mm_and_si128(bytes, mask));
    return key;
  }
  uint64_t Hash() const {
    const __uint128_t product =
        static_cast<__uint128_t>(low ^ 0x9E3779B97F4A7C15u) * (high ^ 0xD1B54A32D192ED03u);
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
  }
  std::string_view text() const {
    const char* const bytes = reinterpret_cast<const char*>(this);
    return {bytes, strnlen(bytes, 16)};
  }
};

// Open addressing, linear probing, slots of 32 bytes, sized for the workload.
class KeyTable {
 public:
  explicit KeyTable(size_t slots) : slots_(slots), mask_(slots - 1) {}

  void Prefetch(uint64_t hash) const { __builtin_prefetch(&slots_[hash & mask_]); }

  uint32_t FindOrInsert(const Key& key, uint64_t hash) {
    for (size_t i = hash & mask_;; i = (i + 1) & mask_) {
      Slot& slot = slots_[i];
      if (slot.id_plus_one == 0) {
        if (keys_.size() * 4 >= slots_.size() * 3) Die("more keys than the table was made for");
        keys_.push_back(key);
        slot = {key, static_cast<uint32_t>(keys_.size())};
      }
      if (slot.key == key) return slot.id_plus_one - 1;
    }
  }
  const Key& key(uint32_t id) const { return keys_[id]; }
  size_t size() const { return keys_.size(); }

 private:
  struct alignas(32) Slot {
    Key key;
    uint32_t id_plus_one = 0;
  };
  std::vector<Slot> slots_;
  size_t mask_;
  std::vector<Key> keys_;
};

}  // namespace floor_bench
