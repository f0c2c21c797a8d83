// Seeded randomness whose choices are the same on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace onrush {

class RandomSource {
 public:
  explicit RandomSource(uint64_t seed) : engine_(seed * 0x9E3779B97F4A7C15u + 1) {}

  // A number from 0 to bound − 1. Requires: bound > 0.
  uint64_t Below(uint64_t bound) { return engine_() % bound; }
  // A number from `least` to `most`, both included.
  int64_t Between(int64_t least, int64_t most) {
    return least + static_cast<int64_t>(Below(static_cast<uint64_t>(most - least) + 1));
  }
  bool Percent(uint64_t chance) { return Below(100) < chance; }

  template <typename T>
  T Pick(const std::vector<T>& choices) {
    return choices[Below(choices.size())];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace onrush
