// Loops over event times that find out which of many need a closer look.
#pragma once

#include <cstddef>
#include <cstdint>

namespace onrush {

inline constexpr size_t kTimesAtOnce = 64;

// Which of `count` times, at most kTimesAtOnce, are after `bound`: bit i stands for times[i], those
// from `count` on are 0. Chooses for the processor that it runs on: a tenth of a nanosecond a time
// with AVX2, a half without.
uint64_t TimesAfter(const int64_t* times, size_t count, int64_t bound);

// The earliest of `count` times, INT64_MAX if there are none. A tenth of a nanosecond a time, or a
// third.
int64_t EarliestOf(const int64_t* times, size_t count);

// What they choose from.
struct TimeScan {
  uint64_t (*after)(const int64_t* times, size_t count, int64_t bound);
  int64_t (*earliest)(const int64_t* times, size_t count);
};
extern const TimeScan kPortableTimeScan;
// Null if the processor lacks it.
const TimeScan* Avx2TimeScan();

}  // namespace onrush
