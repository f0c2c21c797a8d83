// A number that nobody outside can guess.
#pragma once

#include <cstdint>
#include <random>

namespace onrush {

// From the system's source of randomness: for hashes of what others choose, and for names that
// must differ. A system call or two.
inline uint64_t RandomSeed() {
  std::random_device device;
  return uint64_t{device()} << 32 | device();
}

}  // namespace onrush
