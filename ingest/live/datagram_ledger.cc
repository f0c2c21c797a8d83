#include "ingest/live/datagram_ledger.h"

#include <iterator>
#include <numeric>

#include "core/check.h"

namespace onrush {

std::string_view NameOf(DatagramFate fate) {
  constexpr std::string_view kNames[] = {
      "frame",       "plain_lines",    "without_events", "empty",
      "short",       "wrong_magic",    "wrong_version",  "wrong_flags",
      "wrong_count", "wrong_number",   "truncated",      "verdict",
      "wrong_block", "too_many_lines", "duplicate",      "too_old"};
  static_assert(std::size(kNames) == kDatagramFateCount);
  return kNames[static_cast<size_t>(fate)];
}

DatagramFate FateOf(FrameStatus status) {
  switch (status) {
    case FrameStatus::kFrame:
    case FrameStatus::kPlainLines:
      break;
    case FrameStatus::kEmpty:
      return DatagramFate::kEmpty;
    case FrameStatus::kShort:
      return DatagramFate::kShort;
    case FrameStatus::kWrongMagic:
      return DatagramFate::kWrongMagic;
    case FrameStatus::kWrongVersion:
      return DatagramFate::kWrongVersion;
    case FrameStatus::kWrongFlags:
      return DatagramFate::kWrongFlags;
    case FrameStatus::kWrongCount:
      return DatagramFate::kWrongCount;
    case FrameStatus::kWrongNumber:
      return DatagramFate::kWrongNumber;
  }
  ONRUSH_CHECK(false);
}

uint64_t DatagramLedger::received() const {
  return std::accumulate(datagrams.begin(), datagrams.end(), uint64_t{0});
}

uint64_t DatagramLedger::malformed() const {
  uint64_t sum = 0;
  for (size_t fate = 0; fate < kDatagramFateCount; ++fate) {
    if (IsMalformed(static_cast<DatagramFate>(fate))) sum += datagrams[fate];
  }
  return sum;
}

}  // namespace onrush
