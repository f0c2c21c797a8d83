// What stands between two values of a line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace onrush {

// A short text that is compared often.
class JsonGap {
 public:
  static constexpr size_t kMaxSize = 64;

  JsonGap() = default;
  // Requires: text.size() <= kMaxSize.
  explicit JsonGap(std::string_view text) : size_(static_cast<uint32_t>(text.size())) {
    std::memcpy(bytes_, text.data(), text.size());
    used_ = size_ < 32 ? (uint32_t{1} << size_) - 1 : ~uint32_t{0};
  }

  size_t size() const { return size_; }

  // 0 if the text stands at `p`, after which kMaxSize bytes must be readable.
  uint32_t Differences(const char* p) const {
#if defined(__SSE2__)
    const uint32_t first = ~EqualBytes(p, 0) & used_;
    if (size_ <= 16) return first & 0xFFFFu;
    const uint32_t second = ~EqualBytes(p, 16) & used_ >> 16;
    const uint32_t both = (first | second) & 0xFFFFu;
    if (size_ <= 32) return both;
    return both | (std::memcmp(p + 32, bytes_ + 32, size_ - 32) != 0);
#else
    return std::memcmp(p, bytes_, size_) != 0;
#endif
  }
  bool Matches(const char* p) const { return Differences(p) == 0; }

 private:
#if defined(__SSE2__)
  // Bit i: the byte i after `at` is the same.
  uint32_t EqualBytes(const char* p, size_t at) const {
    const __m128i found = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + at));
    const __m128i wanted = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes_ + at));
    return static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(found, wanted)));
  }
#endif

  char bytes_[kMaxSize] = {};
  uint32_t used_ = 0;  // a bit for each of the first 32 bytes
  uint32_t size_ = 0;
};

}  // namespace onrush
