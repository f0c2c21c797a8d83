// Where the lines of a live run go.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "core/runtime/sink.h"
#include "core/runtime/stop_token.h"

namespace onrush {

// Description
//   A file that lines are appended to, `-` for standard output, or a socket (`udp:HOST:PORT`,
//   `unix:PATH`), which may lose lines.
// Threads
//   One at a time.
class LineOutput {
 public:
  // An empty name: none. Fails if it cannot be written to.
  static absl::StatusOr<LineOutput> Open(const std::string& name, StopToken stop);

  // Null if there is none.
  LineSink* sink() const { return sink_.get(); }
  // Makes lines seen by others. Does nothing if there are none to be seen.
  absl::Status Flush() { return sink_ == nullptr ? absl::OkStatus() : sink_->Flush(); }
  // Lines that a socket did not take.
  uint64_t dropped() const;

 private:
  std::unique_ptr<LineSink> sink_;
  const class DatagramSink* datagrams_ = nullptr;  // the sink, if it is one
};

}  // namespace onrush
