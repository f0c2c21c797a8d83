#include "core/range_flags.h"

#include "core/processor.h"

namespace onrush {
namespace {

// A plain loop that the compiler makes vectors of, in the way of the function it ends up in. `out`
// is its own: bytes that are stored might be anything's otherwise.
[[gnu::always_inline]] inline void Flag(const int64_t* values, const uint8_t* nulls, size_t count,
                                        int64_t low_value, int64_t high, bool outside,
                                        uint8_t* __restrict out) {
  const auto low = static_cast<uint64_t>(low_value);  // one comparison does for both ends
  const uint64_t span = static_cast<uint64_t>(high) - low;
  for (size_t i = 0; i < count; ++i) {
    const bool inside = static_cast<uint64_t>(values[i]) - low <= span;
    out[i] = static_cast<uint8_t>((inside != outside) & (nulls[i] == 0));
  }
}

}  // namespace

void FlagRangePortable(const int64_t* values, const uint8_t* nulls, size_t count, int64_t low,
                       int64_t high, bool outside, uint8_t* out) {
  Flag(values, nulls, count, low, high, outside, out);
}

ONRUSH_AVX2 void FlagRangeAvx2(const int64_t* values, const uint8_t* nulls, size_t count,
                               int64_t low, int64_t high, bool outside, uint8_t* out) {
  Flag(values, nulls, count, low, high, outside, out);
}

void FlagRange(const int64_t* values, const uint8_t* nulls, size_t count, int64_t low, int64_t high,
               bool outside, uint8_t* out) {
  static const auto flag = HasAvx2() ? FlagRangeAvx2 : FlagRangePortable;
  flag(values, nulls, count, low, high, outside, out);
}

}  // namespace onrush
