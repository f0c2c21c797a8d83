// `--strict`: a bad event ends the run.
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "core/runtime/sink.h"

namespace onrush {

// Stands before the bad output (null: there is none) and passes lines on to it, but fails at the
// first one with kDataLoss and "FILE:LINE: REASON". That holds for all that would be in the bad
// output: also for events that a query rejects.
class StrictSink : public LineSink {
 public:
  explicit StrictSink(std::unique_ptr<LineSink> bad) : bad_(std::move(bad)) {}

  absl::Status Write(std::string_view whole_lines) override;
  absl::Status Flush() override { return bad_ ? bad_->Flush() : absl::OkStatus(); }
  absl::Status Finish() override { return bad_ ? bad_->Finish() : absl::OkStatus(); }

 private:
  std::unique_ptr<LineSink> bad_;
};

}  // namespace onrush
