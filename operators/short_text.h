// Composes a short text on the stack.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/check.h"

namespace onrush {

// For the pieces of a line whose length has a bound: none of them looks for room or calls the
// library. The caller sees to it that everything fits into kBytes. One thread.
template <size_t kBytes>
class ShortText {
 public:
  void Text(std::string_view text) {
    ONRUSH_DCHECK(text.size() <= static_cast<size_t>(bytes_ + kBytes - end_));
    std::memcpy(end_, text.data(), text.size());
    end_ += text.size();
  }
  template <typename Integer>
  void Int(Integer value) {
    end_ = std::to_chars(end_, bytes_ + kBytes, value).ptr;
  }
  std::string_view view() const { return {bytes_, static_cast<size_t>(end_ - bytes_)}; }

 private:
  char bytes_[kBytes];
  char* end_ = bytes_;
};

}  // namespace onrush
