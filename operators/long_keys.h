// Memory for keys that are too long for the slots of a key table.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "operators/page_array.h"

namespace onrush {

// Description
//   Byte strings named by 32-bit references; their owner knows how long they are. Freed memory is
//   kept in lists by size: after warm-up, keys that replace others of about the same length take
//   none.
// Threads
//   One.
class LongKeys {
 public:
  using Ref = uint32_t;

  Ref Add(std::string_view key);
  void Remove(Ref ref, size_t size);

  // Valid until the next Add().
  std::string_view Get(Ref ref, size_t size) const {
    return {reinterpret_cast<const char*>(words_.data() + ref), size};
  }

  size_t memory_bytes() const { return words_.memory_bytes(); }

 private:
  static constexpr size_t kExactClasses = 64;  // sizes up to this many words have a list each

  static size_t WordsFor(size_t size);
  static size_t ClassOf(size_t words) {
    return words <= kExactClasses ? words - 1 : kExactClasses + std::bit_width(words - 1);
  }

  PageArray<uint32_t> words_;
  std::array<Ref, kExactClasses + 33>
      free_{};  // by class: a list through the first words, plus one
};

}  // namespace onrush
