// The events to be sent, made ready beforehand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/plan.h"
#include "core/runtime/stop_token.h"

namespace onrush {

struct SendLoadOptions {
  std::vector<std::string> inputs;
  // What the events look like; none: the columns are those of the input.
  std::optional<StreamPlan> stream;
  size_t events_per_datagram = 1;
  bool as_blocks = false;       // packed blocks, else lines
  std::optional<double> rate;   // events due per second
  std::optional<double> speed;  // or: event time against the clock; needs a stream
  StopToken stop;
};

// What one datagram holds.
struct SendPack {
  uint64_t begin = 0;  // of its payload, in SendLoad::bytes
  uint32_t size = 0;
  uint16_t count = 0;  // of events
  int64_t due_ns = 0;  // after the start; an event is never sent before
};

// Description
//   All payloads side by side, so that while they are sent nothing is read or computed.
struct SendLoad {
  std::string bytes;
  std::vector<SendPack> packs;
  bool has_times = false;  // else all are due at once
  uint64_t events = 0;
  uint64_t too_large = 0;  // events left out: no datagram holds them
  uint64_t bad = 0;        // events left out: they do not fit into the columns of a block

  std::string_view payload(const SendPack& pack) const {
    return std::string_view(bytes).substr(pack.begin, pack.size);
  }
};

// Reads all inputs. Text is sent as it stands, line by line, bad lines too; a header is dropped.
// Fails with kInvalidArgument if a header's columns are not the stream's fields in their order,
// which the receiver takes them for.
absl::StatusOr<SendLoad> LoadEvents(const SendLoadOptions& options);

}  // namespace onrush
