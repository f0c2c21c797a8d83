// The frame around the events of a datagram: who sent them, and what was sent before. README.md has
// the format in words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace onrush {

inline constexpr size_t kFrameHeaderSize = 32;
// That of a verdict which tells the time.
inline constexpr size_t kTimedHeaderSize = 40;
// No text in UTF-8 has this byte, so a datagram that begins with it is a frame or malformed, and
// any other holds plain lines.
inline constexpr char kFrameFirstByte = '\xF5';
// The largest datagram that UDP carries over IPv4.
inline constexpr size_t kMaxDatagramBytes = 65'507;
inline constexpr size_t kMaxFramePayload = kMaxDatagramBytes - kFrameHeaderSize;

struct FrameHeader {
  bool wants_verdict = false;  // an answer shall say what the events were flagged for
  bool is_block = false;       // the payload is one .orb block, else lines
  bool is_end = false;         // the sender will send nothing more
  bool is_verdict = false;     // an answer; goes with none of the above
  // With wants_verdict: the answer shall tell when it was decided. In an answer: it does.
  bool tells_time = false;
  uint16_t count = 0;          // of events in the payload; of lines in a verdict's
  uint64_t sender = 0;         // chosen by the sender, another one each time it starts
  uint64_t sequence = 0;       // of the frame: the sender's first one has 0
  uint64_t events_before = 0;  // in all frames of this sender before this one
  // Of an answer that tells it: when it was decided, in nanoseconds on the monotonic clock of the
  // machine that decided.
  int64_t decided_ns = 0;

  // In bytes.
  size_t size() const { return is_verdict && tells_time ? kTimedHeaderSize : kFrameHeaderSize; }

  friend bool operator==(const FrameHeader&, const FrameHeader&) = default;
};

// What a datagram is, or what is wrong with it.
enum class FrameStatus : uint8_t {
  kFrame,
  kPlainLines,  // no frame at all
  kEmpty,       // no bytes
  kShort,       // begins as a frame and ends before its header does
  kWrongMagic,  // begins with kFrameFirstByte, goes on as no frame does
  kWrongVersion,
  kWrongFlags,   // unknown ones, or some that exclude each other
  kWrongCount,   // events without a payload, or a payload without events
  kWrongNumber,  // a sequence number, a count of events or a time past 2^63, which nobody reaches
};
inline constexpr size_t kFrameStatusCount = 9;

// "wrong_version": for counters and messages.
std::string_view NameOf(FrameStatus status);

struct Frame {
  FrameStatus status = FrameStatus::kEmpty;
  FrameHeader header;        // kFrame only
  std::string_view payload;  // kFrame and kPlainLines; into the datagram
};

// Any bytes may be given. Does not look into the payload. A few nanoseconds.
Frame ReadFrame(std::string_view datagram);

// Writes header.size() bytes. Requires: a header that ReadFrame() takes, given its payload.
void WriteFrameHeader(const FrameHeader& header, char* to);

// The header of the answer to `question`, with so many lines, decided at `decided_ns`.
FrameHeader VerdictHeader(const FrameHeader& question, uint16_t lines, int64_t decided_ns);

}  // namespace onrush
