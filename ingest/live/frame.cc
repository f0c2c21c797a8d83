#include "ingest/live/frame.h"

#include "core/block/little_endian.h"
#include "core/check.h"

namespace onrush {
namespace {

constexpr std::string_view kMagic = "\xF5oRf";
static_assert(kMagic.front() == kFrameFirstByte);
constexpr uint8_t kVersion = 1;

enum Flag : uint8_t { kWantsVerdict = 1, kIsBlock = 2, kIsEnd = 4, kIsVerdict = 8, kTime = 16 };
constexpr uint8_t kKnownFlags = kWantsVerdict | kIsBlock | kIsEnd | kIsVerdict | kTime;

// Where the header's fields begin.
enum Offset : size_t {
  kVersionAt = 4,
  kFlagsAt = 5,
  kCountAt = 6,
  kSenderAt = 8,
  kSequenceAt = 16,
  kEventsBeforeAt = 24,
  kDecidedAt = 32,
};
static_assert(kEventsBeforeAt + sizeof(uint64_t) == kFrameHeaderSize);
static_assert(kDecidedAt + sizeof(int64_t) == kTimedHeaderSize);

uint8_t FlagsOf(const FrameHeader& header) {
  return static_cast<uint8_t>((header.wants_verdict ? kWantsVerdict : 0) |
                              (header.is_block ? kIsBlock : 0) | (header.is_end ? kIsEnd : 0) |
                              (header.is_verdict ? kIsVerdict : 0) |
                              (header.tells_time ? kTime : 0));
}

bool FlagsAreRight(uint8_t flags, uint16_t count) {
  if ((flags & ~kKnownFlags) != 0) return false;
  if ((flags & kIsVerdict) != 0) return (flags & ~kTime) == kIsVerdict;
  if ((flags & kTime) != 0 && (flags & kWantsVerdict) == 0) return false;
  // There is nothing to judge, and no block without rows to send.
  return count > 0 || (flags & (kWantsVerdict | kIsBlock)) == 0;
}

FrameStatus ReadHeader(std::string_view datagram, FrameHeader& header) {
  if (datagram.size() < kFrameHeaderSize) return FrameStatus::kShort;
  const char* const bytes = datagram.data();
  if (!datagram.starts_with(kMagic)) return FrameStatus::kWrongMagic;
  if (LoadNumber<uint8_t>(bytes + kVersionAt) != kVersion) return FrameStatus::kWrongVersion;
  const auto flags = LoadNumber<uint8_t>(bytes + kFlagsAt);
  header.count = LoadNumber<uint16_t>(bytes + kCountAt);
  if (!FlagsAreRight(flags, header.count)) return FrameStatus::kWrongFlags;
  header.wants_verdict = (flags & kWantsVerdict) != 0;
  header.is_block = (flags & kIsBlock) != 0;
  header.is_end = (flags & kIsEnd) != 0;
  header.is_verdict = (flags & kIsVerdict) != 0;
  header.tells_time = (flags & kTime) != 0;
  if (datagram.size() < header.size()) return FrameStatus::kShort;
  header.sender = LoadNumber<uint64_t>(bytes + kSenderAt);
  header.sequence = LoadNumber<uint64_t>(bytes + kSequenceAt);
  header.events_before = LoadNumber<uint64_t>(bytes + kEventsBeforeAt);
  uint64_t highest = header.sequence | header.events_before;
  if (header.size() == kTimedHeaderSize) {
    header.decided_ns = LoadNumber<int64_t>(bytes + kDecidedAt);
    highest |= static_cast<uint64_t>(header.decided_ns);
  }
  const bool has_payload = datagram.size() > header.size();
  if (has_payload != (header.count > 0)) return FrameStatus::kWrongCount;
  if ((highest >> 63) != 0) return FrameStatus::kWrongNumber;
  return FrameStatus::kFrame;
}

}  // namespace

std::string_view NameOf(FrameStatus status) {
  constexpr std::string_view kNames[] = {"frame",       "plain_lines", "empty",
                                         "short",       "wrong_magic", "wrong_version",
                                         "wrong_flags", "wrong_count", "wrong_number"};
  static_assert(std::size(kNames) == kFrameStatusCount);
  return kNames[static_cast<size_t>(status)];
}

Frame ReadFrame(std::string_view datagram) {
  Frame frame;
  if (datagram.empty()) return frame;
  if (datagram.front() != kFrameFirstByte) {
    frame.status = FrameStatus::kPlainLines;
    frame.payload = datagram;
    return frame;
  }
  frame.status = ReadHeader(datagram, frame.header);
  if (frame.status == FrameStatus::kFrame) frame.payload = datagram.substr(frame.header.size());
  return frame;
}

void WriteFrameHeader(const FrameHeader& header, char* to) {
  const uint8_t flags = FlagsOf(header);
  ONRUSH_DCHECK(FlagsAreRight(flags, header.count));
  kMagic.copy(to, kMagic.size());
  StoreNumber(kVersion, to + kVersionAt);
  StoreNumber(flags, to + kFlagsAt);
  StoreNumber(header.count, to + kCountAt);
  StoreNumber(header.sender, to + kSenderAt);
  StoreNumber(header.sequence, to + kSequenceAt);
  StoreNumber(header.events_before, to + kEventsBeforeAt);
  if (header.size() == kTimedHeaderSize) StoreNumber(header.decided_ns, to + kDecidedAt);
}

FrameHeader VerdictHeader(const FrameHeader& question, uint16_t lines, int64_t decided_ns) {
  FrameHeader verdict;
  verdict.is_verdict = true;
  verdict.count = lines;
  verdict.sender = question.sender;
  verdict.sequence = question.sequence;
  verdict.events_before = question.events_before;
  verdict.tells_time = question.tells_time;
  if (verdict.tells_time) verdict.decided_ns = decided_ns;
  return verdict;
}

}  // namespace onrush
