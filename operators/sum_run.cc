#include "operators/sum_run.h"

#include <algorithm>

#include "core/processor.h"

namespace onrush {
namespace {

// 2^9 values of 53 bits fit into 63.
constexpr int kValueBits = 53;
static_assert(kSumsAtOnce == size_t{1} << (63 - kValueBits - 1));

// A plain loop that the compiler makes vectors of, in the way of the function it ends up in.
[[gnu::always_inline]] inline int64_t SumSomeOf(const int64_t* values, size_t count, bool& beyond) {
  constexpr uint64_t kMoved = uint64_t{1} << kValueBits;
  uint64_t sum = 0, any = 0;
  for (size_t i = 0; i < count; ++i) {
    const auto value = static_cast<uint64_t>(values[i]);
    sum += value;
    any |= value + kMoved;
  }
  beyond = any >> (kValueBits + 1) != 0;
  return static_cast<int64_t>(sum);
}

}  // namespace

int64_t SumSomePortable(const int64_t* values, size_t count, bool& beyond) {
  return SumSomeOf(values, count, beyond);
}

ONRUSH_AVX2 int64_t SumSomeAvx2(const int64_t* values, size_t count, bool& beyond) {
  return SumSomeOf(values, count, beyond);
}

Int128 SumOf(const int64_t* values, size_t count) {
  static const SumSome sum_some = HasAvx2() ? SumSomeAvx2 : SumSomePortable;
  Int128 sum = 0;
  for (size_t begin = 0; begin < count; begin += kSumsAtOnce) {
    const size_t some = std::min(kSumsAtOnce, count - begin);
    bool beyond = false;
    const int64_t part = sum_some(values + begin, some, beyond);
    if (!beyond) {
      sum += part;
    } else {
      for (size_t i = 0; i < some; ++i) sum += values[begin + i];
    }
  }
  return sum;
}

}  // namespace onrush
