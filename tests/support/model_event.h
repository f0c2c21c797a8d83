// What the model's parts tell each other.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <tuple>
#include <vector>

#include "core/plan.h"
#include "tests/support/model_value.h"

namespace onrush::model {

// A watermark above every instant: the end of the input.
inline constexpr Int128 kEndOfInput = std::numeric_limits<int64_t>::max() * Int128{1000};

struct Event {
  uint64_t seq = 0;
  uint64_t line = 0;
  std::string raw;
  std::string bad_reason;     // not empty: only the members above count
  std::vector<Value> values;  // declared columns, then derived ones
  Int128 time = 0;
  Int128 watermark_before = 0;
  Int128 watermark_after = 0;
};

// A result line and its place among the others.
struct Line {
  uint64_t seq = 0;
  bool of_window = false;  // those of a seq come after the others
  Int128 window_end = 0;   // windows only, as `window_start` and `revision`
  Int128 window_start = 0;
  size_t query = 0;
  Int128 time = 0;  // velocity and running only, as `event_seq`
  Key key;
  uint64_t event_seq = 0;
  uint64_t revision = 0;
  std::string text;

  friend bool operator<(const Line& a, const Line& b) { return a.Place() < b.Place(); }

 private:
  using PlaceTuple =
      std::tuple<uint64_t, bool, Int128, Int128, size_t, Int128, const Key&, uint64_t, uint64_t>;
  PlaceTuple Place() const {
    return {seq, of_window, window_end, window_start, query, time, key, event_seq, revision};
  }
};

// What a query did with an event that passed `where` and has a key.
struct Verdict {
  size_t counted = 0;    // windows that it counts in
  size_t missed = 0;     // windows that had closed; counted == 0: the event is late
  std::string rejected;  // not empty: why it was refused
};

// `"page":"/a","shop":7`: the members of a query's key.
std::string KeyMembers(const StreamPlan& stream, const std::vector<size_t>& columns,
                       const Key& key);

// One query at work.
class ModelOperator {
 public:
  virtual ~ModelOperator() = default;

  // Takes an event, at the watermark before it.
  virtual Verdict Offer(const Event& event, const Key& key) = 0;

  // The watermark goes from `from` to `to` by the event `seq`; kEndOfInput at the end.
  virtual void Advance(uint64_t seq, Int128 from, Int128 to) = 0;

  std::vector<Line> lines;
};

}  // namespace onrush::model
