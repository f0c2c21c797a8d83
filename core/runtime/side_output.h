// The late and the bad output: lines for review, and to be replayed.
#pragma once

#include <string>
#include <vector>

#include "core/plan.h"
#include "core/runtime/prepared_batch.h"

namespace onrush {

// Turns what the gates found into lines. The batch's late and rejected events must be sorted by
// row, then query. Cost only for events that are late or bad.
class SideOutput {
 public:
  explicit SideOutput(const Plan& plan);

  // Appends a line per late or partly late event, in the order of seq.
  void AppendLate(const PreparedBatch& batch, std::string& out) const;
  // Appends a line per bad event and per rejection, in the order of seq, then query.
  void AppendBad(const PreparedBatch& batch, std::string& out) const;

 private:
  void AppendBadLine(const EventBatch& events, uint32_t row, std::string_view reason,
                     std::string& out) const;
  std::string RejectionReason(const EventBatch& events, const RejectedEvent& rejected) const;

  const Plan& plan_;
  std::vector<std::string> stream_names_;  // as JSON strings
  std::vector<std::string> query_names_;
};

}  // namespace onrush
