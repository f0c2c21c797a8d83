// Which events are late, by the rules as one would apply them by hand, and the lines that say so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace onrush::realdata {

// The watermark as it stands before an event, in milliseconds.
class NaiveWatermark {
 public:
  explicit NaiveWatermark(int64_t bound) : bound_(bound) {}
  // Nothing before the first event.
  std::optional<int64_t> value() const { return value_; }
  void Raise(int64_t time) {
    if (!value_ || *value_ < time - bound_) value_ = time - bound_;
  }

 private:
  const int64_t bound_;
  std::optional<int64_t> value_;
};

// An event as a windowed query sees it: the windows that it still counts in (their beginnings), and
// how many it is too late for.
struct WindowShare {
  std::vector<int64_t> open;
  int64_t missed = 0;

  bool IsLate() const { return open.empty(); }
  bool IsPartlyLate() const { return !open.empty() && missed > 0; }
};

// For windows aligned to the epoch. Times are not before the epoch.
WindowShare ShareOf(int64_t time, std::optional<int64_t> watermark, int64_t size, int64_t slide,
                    int64_t lateness);

// For velocity.
bool IsLateForVelocity(int64_t time, std::optional<int64_t> watermark, int64_t lateness);

// What a query missed of an event.
struct Missed {
  std::string query;
  int64_t missed = 0;
  int64_t counted = 0;
};

// The line of the late output.
std::string LateLine(std::string_view stream, uint64_t seq, int64_t time, int64_t watermark,
                     const std::vector<Missed>& queries, std::string_view raw);

}  // namespace onrush::realdata
