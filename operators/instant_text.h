// Writes instants that mostly lie in the minute of the last one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/time.h"
#include "core/value.h"

namespace onrush {

// FormatInstant() for a sequence of instants: the calendar is asked once a minute. One thread.
class InstantText {
 public:
  static constexpr size_t kBytes = 30;  // of the longest text

  // Valid until the next call. Requires: the year lies in 0000..9999.
  std::string_view Format(WideTime time) {
    if (time < minute_ || time - minute_ >= kMinute) FindMinute(time);
    const auto within = static_cast<int64_t>(time - minute_);
    const int64_t seconds = within / kNanosPerSecond;
    const int64_t ns = within % kNanosPerSecond;
    text_[kSeconds] = static_cast<char>('0' + seconds / 10);
    text_[kSeconds + 1] = static_cast<char>('0' + seconds % 10);
    int digits = 0;
    if (ns != 0) digits = ns % 1'000'000 == 0 ? 3 : ns % 1'000 == 0 ? 6 : 9;
    if (digits != 0) PutFraction(ns, digits);
    const size_t end = digits == 0 ? kSeconds + 2 : kSeconds + 3 + static_cast<size_t>(digits);
    text_[end] = 'Z';
    return {text_, end + 1};
  }

 private:
  static constexpr int64_t kMinute = 60 * kNanosPerSecond;
  static constexpr size_t kSeconds = 17;  // where they stand: 0000-00-00T00:00:00.000000000Z

  void FindMinute(WideTime time) {
    minute_ = time - (time % kMinute + kMinute) % kMinute;
    scratch_.clear();
    AppendInstant(minute_, scratch_);
    scratch_.copy(text_, kSeconds);
  }
  void PutFraction(int64_t ns, int digits) {
    ns /= kPowersOfTen[9 - digits];
    text_[kSeconds + 2] = '.';
    for (int i = digits; i > 0; --i, ns /= 10) {
      text_[kSeconds + 2 + static_cast<size_t>(i)] = static_cast<char>('0' + ns % 10);
    }
  }

  // The minute that text_ begins with; at first one that no instant lies in.
  WideTime minute_ = WideTime{kMaxEventTime.ns} * 4;
  char text_[kBytes] = {};
  std::string scratch_;
};

}  // namespace onrush
