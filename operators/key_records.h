// Memory for keys that come and go: what a key table knows of each.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "operators/page_array.h"

namespace onrush {

// Description
//   Records are named by 32-bit references (0: none) and take three words and the bytes of the key,
//   in one or two cache lines for keys up to some 50 bytes. Freed ones are kept in lists by size:
//   after warm-up, keys that replace others of about the same length take no memory.
// Threads
//   One.
class KeyRecords {
 public:
  using Ref = uint32_t;

  KeyRecords() { words_.GrowTo(1); }

  Ref Add(std::string_view key, uint32_t id, uint32_t hash);
  void Remove(Ref ref);

  uint32_t id(Ref ref) const { return words_[ref]; }
  uint32_t hash(Ref ref) const { return words_[ref + 1]; }
  // Valid until the next Add().
  std::string_view key(Ref ref) const {
    return {reinterpret_cast<const char*>(words_.data() + ref + kHeader), words_[ref + 2]};
  }
  bool Holds(Ref ref, std::string_view key) const {
    return words_[ref + 2] == key.size() &&
           Equal(reinterpret_cast<const char*>(words_.data() + ref + kHeader), key.data(),
                 key.size());
  }
  void Prefetch(Ref ref) const {
    __builtin_prefetch(words_.data() + ref);
    __builtin_prefetch(words_.data() + ref + kHeader + 3);
  }

  size_t memory_bytes() const { return words_.memory_bytes(); }

 private:
  static constexpr size_t kHeader = 3;         // id, hash, size
  static constexpr size_t kExactClasses = 64;  // sizes up to this many words have a list each

  static size_t WordsFor(size_t size);
  static size_t ClassOf(size_t words) {
    return words <= kExactClasses ? words - 1 : kExactClasses + std::bit_width(words - 1);
  }
  // Most keys are short, and a call for each would cost more than the comparison.
  static bool Equal(const char* a, const char* b, size_t size) {
    if (size > 16) return std::memcmp(a, b, size) == 0;
    if (size >= 8)
      return Load<uint64_t>(a) == Load<uint64_t>(b) &&
             Load<uint64_t>(a + size - 8) == Load<uint64_t>(b + size - 8);
    if (size >= 4)
      return Load<uint32_t>(a) == Load<uint32_t>(b) &&
             Load<uint32_t>(a + size - 4) == Load<uint32_t>(b + size - 4);
    for (size_t i = 0; i < size; ++i) {
      if (a[i] != b[i]) return false;
    }
    return true;
  }
  template <typename T>
  static T Load(const char* from) {
    T value;
    std::memcpy(&value, from, sizeof(value));
    return value;
  }

  PageArray<uint32_t> words_;
  std::array<Ref, kExactClasses + 33> free_{};  // by class: a list through the first words
};

}  // namespace onrush
