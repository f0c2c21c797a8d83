// Recognises times of the minute that was parsed last.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/time.h"
#include "core/value.h"
#include "ingest/swar.h"

namespace onrush {

// Description
//   Most texts of a stream's times differ from the one before only in the seconds. This keeps what
//   stood before and after the seconds, and the instant at which that minute began. A hit costs
//   some 3 ns, a full parse 10 to 60.
// Invariants
//   A text that matches would have been parsed to the same instant. For that, `before` must not
//   depend on what follows it, `after` must not begin with a digit (a fraction would swallow it),
//   and the minute must lie in one stretch of its time zone and far from the ends of event time.
class MinuteCache {
 public:
  // Remembers a parsed text whose seconds stand at [seconds_at, after_seconds); `minute_ns` is the
  // instant at which its seconds would be 0. Without seconds (seconds_at == text.size()) the whole
  // text is the key.
  void Store(std::string_view text, size_t seconds_at, size_t after_seconds, int64_t minute_ns);

  void Forget() { before_size_ = 0; }

  // True if `text` is of the minute remembered; then `ns` is its instant.
  bool Match(std::string_view text, int64_t& ns) const {
    if (before_size_ == 0 || text.size() < before_size_ || !StartsAlike(text.data())) return false;
    if (!has_seconds_) {
      ns = minute_ns_;
      return text.size() == before_size_;
    }
    return MatchSeconds(text.substr(before_size_), ns);
  }

 private:
  static constexpr size_t kMaxBefore = 32;
  static constexpr size_t kMaxAfter = 16;

  bool StartsAlike(const char* text) const {
    const size_t last_word = before_size_ - 8;
    uint64_t difference = LoadWord(text + last_word) ^ LoadWord(before_ + last_word);
    for (size_t i = 0; i < last_word; i += 8)
      difference |= LoadWord(text + i) ^ LoadWord(before_ + i);
    return difference == 0;
  }

  bool MatchSeconds(std::string_view rest, int64_t& ns) const {
    if (rest.size() < 2 + after_size_) return false;
    const unsigned tens = static_cast<unsigned char>(rest[0]) - '0';
    const unsigned ones = static_cast<unsigned char>(rest[1]) - '0';
    if (tens > 5 || ones > 9) return false;
    ns = minute_ns_ + int64_t{tens * 10 + ones} * kNanosPerSecond;
    const size_t after_at = rest.size() - after_size_;
    if (after_at > 2 && !AddFraction(rest.substr(2, after_at - 2), ns)) return false;
    return after_size_ == 0 || std::memcmp(rest.data() + after_at, after_, after_size_) == 0;
  }

  static bool AddFraction(std::string_view fraction, int64_t& ns) {
    const size_t digits = fraction.size() - 1;
    if (fraction[0] != '.' || digits < 1 || digits > 9) return false;
    int64_t value = 0;
    for (size_t i = 1; i <= digits; ++i) {
      const unsigned digit = static_cast<unsigned char>(fraction[i]) - '0';
      if (digit > 9) return false;
      value = value * 10 + digit;
    }
    ns += value * kPowersOfTen[9 - digits];
    return true;
  }

  size_t before_size_ = 0;  // 0: nothing is remembered; else 8 to kMaxBefore
  size_t after_size_ = 0;
  bool has_seconds_ = false;
  int64_t minute_ns_ = 0;
  char before_[kMaxBefore] = {};
  char after_[kMaxAfter] = {};
};

inline void MinuteCache::Store(std::string_view text, size_t seconds_at, size_t after_seconds,
                               int64_t minute_ns) {
  Forget();
  const std::string_view after = text.substr(after_seconds);
  constexpr int64_t kNanosPerMinute = 60 * kNanosPerSecond;
  if (seconds_at < 8 || seconds_at > kMaxBefore || after.size() > kMaxAfter ||
      (!after.empty() && after[0] >= '0' && after[0] <= '9') ||
      minute_ns > kMaxEventTime.ns - kNanosPerMinute) {
    return;
  }
  before_size_ = seconds_at;
  after_size_ = after.size();
  has_seconds_ = seconds_at < text.size();
  minute_ns_ = minute_ns;
  std::memcpy(before_, text.data(), before_size_);
  std::memcpy(after_, after.data(), after_size_);
}

}  // namespace onrush
