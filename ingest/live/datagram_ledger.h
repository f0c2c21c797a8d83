// What became of every datagram that was received.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ingest/live/frame.h"

namespace onrush {

enum class DatagramFate : uint8_t {
  // Their events went on.
  kFrame,
  kPlainLines,
  // Had none.
  kWithoutEvents,  // a frame that only tells how far its sender is
  // Dropped; see FrameStatus …
  kEmpty,
  kShort,
  kWrongMagic,
  kWrongVersion,
  kWrongFlags,
  kWrongCount,  // also: more or fewer lines than it tells
  kWrongNumber,
  // … and for what only a receiver knows.
  kTruncated,     // larger than a datagram may be
  kVerdict,       // an answer, where questions are expected
  kWrongBlock,    // the payload is no block, or has more or fewer rows than it tells
  kTooManyLines,  // than one datagram may hold
  // Dropped, since its events would count twice; see FrameOrder.
  kDuplicate,
  kTooOld,
};
inline constexpr size_t kDatagramFateCount = 16;

// "too_many_lines": for counters and messages.
std::string_view NameOf(DatagramFate fate);

// True if the datagram broke a rule.
constexpr bool IsMalformed(DatagramFate fate) {
  return fate >= DatagramFate::kEmpty && fate <= DatagramFate::kTooManyLines;
}

// The fate of what ReadFrame() found to be no frame.
DatagramFate FateOf(FrameStatus status);

// Description
//   Every datagram has one fate, so that their sum is that of the datagrams received. In events:
//   what senders of frames sent = taken (FrameCounts) + lost + unseen, and of the taken ones those
//   of `events_refused` were dropped for what their frame held.
struct DatagramLedger {
  std::array<uint64_t, kDatagramFateCount> datagrams{};  // by fate
  uint64_t bytes = 0;                                    // of all of them
  uint64_t events_refused = 0;  // that malformed frames told of; frames that could be numbered

  uint64_t count(DatagramFate fate) const { return datagrams[static_cast<size_t>(fate)]; }
  uint64_t received() const;
  uint64_t malformed() const;
};

}  // namespace onrush
