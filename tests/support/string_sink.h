// A sink that tests look into.
#pragma once

#include <string>
#include <string_view>

#include "core/runtime/sink.h"

namespace onrush {

// Appends all it is given to a string that outlives it.
class StringSink : public LineSink {
 public:
  explicit StringSink(std::string& text) : text_(text) {}
  absl::Status Write(std::string_view whole_lines) override {
    text_ += whole_lines;
    return absl::OkStatus();
  }
  absl::Status Flush() override { return absl::OkStatus(); }
  absl::Status Finish() override { return absl::OkStatus(); }

 private:
  std::string& text_;
};

}  // namespace onrush
