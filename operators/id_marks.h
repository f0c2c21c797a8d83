// Which ids were met already.
#pragma once

#include <cstddef>
#include <cstdint>

#include "operators/page_array.h"

namespace onrush {

// A set of ids that is cleared in no time: a mark is the number of the round it was made in. One
// thread.
class IdMarks {
 public:
  // Forgets all marks. Ids below `limit` may be marked from now on.
  void Clear(size_t limit) {
    rounds_.GrowTo(limit);
    if (++round_ != 0) return;
    rounds_.Resize(0);
    rounds_.GrowTo(limit);
    round_ = 1;
  }
  // True if `id` had no mark.
  bool Mark(uint32_t id) {
    if (rounds_[id] == round_) return false;
    rounds_[id] = round_;
    return true;
  }
  size_t memory_bytes() const { return rounds_.memory_bytes(); }

 private:
  PageArray<uint32_t> rounds_;  // by id: of the last mark; 0: never
  uint32_t round_ = 0;
};

}  // namespace onrush
