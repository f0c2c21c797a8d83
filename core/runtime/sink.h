// Where finished lines go: the interface that operators/sinks/ implements.
#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace onrush {

// Takes whole lines, each ending in '\n', in their final order. One thread calls it.
class LineSink {
 public:
  virtual ~LineSink() = default;

  // Takes one or more whole lines. May keep them until Flush(). An error says what was written and
  // is final: later calls return it again.
  virtual absl::Status Write(std::string_view whole_lines) = 0;

  // Hands what was taken to the outside (a pipe's reader sees it).
  virtual absl::Status Flush() = 0;

  // Makes the output whole: only now may a file appear under its name. Nothing may follow. A sink
  // destroyed without Finish() leaves nothing that could pass for a whole output.
  virtual absl::Status Finish() = 0;
};

}  // namespace onrush
