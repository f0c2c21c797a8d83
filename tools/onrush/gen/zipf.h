// Skewed choice: a few keys are very popular, most are rare.
#pragma once

#include <cstdint>
#include <vector>

#include "tools/onrush/gen/random.h"

namespace onrush::gen {

// Description
//   Draws ranks 0 … count − 1 with probability proportional to 1 / (rank + 1 + flat), the law of
//   Zipf (flat = 0) and Mandelbrot. With flat = count / 20 the most popular rank is 6.6 times as
//   frequent as the average one. Choose costs one random number and one cache line.
// Implementation
//   Walker's alias method: slot i is hit with probability 1 / count and yields i below its
//   threshold, its alias above it. Built from integer weights, so that all machines agree.
class Zipf {
 public:
  // Requires: 0 < count ≤ 2^31. Takes 8 bytes a rank.
  Zipf(uint64_t count, uint64_t flat);

  uint64_t Choose(Random& random) const {
    const uint64_t number = random.Next();
    const uint64_t slot = ((number >> 32) * slots_.size()) >> 32;
    const Slot& chosen = slots_[slot];
    return static_cast<uint32_t>(number) < chosen.threshold ? slot : chosen.alias;
  }

  uint64_t count() const { return slots_.size(); }

 private:
  struct Slot {
    uint32_t threshold = 0;  // of 2^32
    uint32_t alias = 0;
  };
  std::vector<Slot> slots_;
};

}  // namespace onrush::gen
