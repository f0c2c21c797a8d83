// Writes the lines of velocity.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/int128.h"
#include "core/key.h"
#include "core/plan.h"
#include "core/runtime/result_lines.h"
#include "operators/instant_text.h"

namespace onrush {

// What the conditions look at. Only what the query asks for is filled in.
struct VelocityMeasures {
  int64_t count = 0;
  int64_t distinct = 0;
  Int128 sum = 0;
  double sum_float = 0;
};

// `{"query":…,"seq":…,"event_seq":…,"time":…,<key>,"count":…,…,"window_start":…}` One thread.
class VelocityLineWriter {
 public:
  // Requires: plan.queries[query] is a velocity query.
  VelocityLineWriter(const Plan& plan, uint32_t query);

  // Appends the line of the event `event_seq` of `key` at `time`, flagged by the arrival of `seq`.
  // False if a sum of floats left the range of a double and stands as null.
  bool Append(uint64_t seq, uint64_t event_seq, int64_t time, std::string_view key,
              const VelocityMeasures& measures, ResultLines& results);

 private:
  bool AppendMeasures(const VelocityMeasures& measures, std::string& text) const;
  bool AppendSum(const VelocityMeasures& measures, std::string& text) const;

  const uint32_t query_;
  const VelocityPlan& plan_;
  const KeyCodec codec_;
  ValueType sum_type_;
  std::string prefix_;         // up to the seq
  std::string distinct_name_;  // ",\"distinct_merchant\":"
  std::string sum_name_;       // ",\"sum_amt\":"
  InstantText time_text_;
  InstantText window_start_text_;
};

}  // namespace onrush
