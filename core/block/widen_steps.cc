#include "core/block/widen_steps.h"

#include "core/block/little_endian.h"
#include "core/check.h"
#include "core/processor.h"

namespace onrush {
namespace {

// Plain loops that the compiler makes vectors of, in the way of the function they end up in.
template <typename Step>
[[gnu::always_inline]] inline void Widen(const char* steps, size_t count, int64_t base_value,
                                         uint64_t unit, int64_t* to) {
  const auto base = static_cast<uint64_t>(base_value);
  if (sizeof(Step) == sizeof(uint64_t) || unit > UINT32_MAX) {
    for (size_t i = 0; i < count; ++i) {
      const uint64_t step = LoadNumber<Step>(steps + i * sizeof(Step));
      to[i] = static_cast<int64_t>(base + unit * step);
    }
    return;
  }
  // Vectors have products of 32 bits each on any processor.
  const auto short_unit = static_cast<uint32_t>(unit);
  for (size_t i = 0; i < count; ++i) {
    const auto step = static_cast<uint32_t>(LoadNumber<Step>(steps + i * sizeof(Step)));
    to[i] = static_cast<int64_t>(base + uint64_t{short_unit} * step);
  }
}

[[gnu::always_inline]] inline void WidenAny(const char* steps, uint8_t width, size_t count,
                                            int64_t base, uint64_t unit, int64_t* to) {
  switch (width) {
    case 1:
      return Widen<uint8_t>(steps, count, base, unit, to);
    case 2:
      return Widen<uint16_t>(steps, count, base, unit, to);
    case 4:
      return Widen<uint32_t>(steps, count, base, unit, to);
    case 8:
      return Widen<uint64_t>(steps, count, base, unit, to);
  }
  ONRUSH_CHECK(false);
}

}  // namespace

void WidenStepsPortable(const char* steps, uint8_t width, size_t count, int64_t base, uint64_t unit,
                        int64_t* to) {
  WidenAny(steps, width, count, base, unit, to);
}

ONRUSH_AVX2 void WidenStepsAvx2(const char* steps, uint8_t width, size_t count, int64_t base,
                                uint64_t unit, int64_t* to) {
  WidenAny(steps, width, count, base, unit, to);
}

void WidenSteps(const char* steps, uint8_t width, size_t count, int64_t base, uint64_t unit,
                int64_t* to) {
  static const auto widen = HasAvx2() ? WidenStepsAvx2 : WidenStepsPortable;
  widen(steps, width, count, base, unit, to);
}

}  // namespace onrush
