#include "ingest/recording/arrival_joiner.h"

#include <algorithm>
#include <cstring>

#include "core/check.h"

namespace onrush {
namespace {

ArrivalKind KindOf(RecordedKind kind) {
  switch (kind) {
    case RecordedKind::kText:
    case RecordedKind::kFirstText:
      return ArrivalKind::kText;
    case RecordedKind::kBlock:
      return ArrivalKind::kBlock;
    case RecordedKind::kRecord:
    case RecordedKind::kLastRecord:
    case RecordedKind::kRecords:
      return ArrivalKind::kRecords;
    case RecordedKind::kEnd:
      break;
  }
  ONRUSH_CHECK(false);
}

}  // namespace

void ArrivalJoiner::Begin(TextBlock& block, size_t bytes, bool is_csv) {
  if (block.memory_size < bytes + TextBlock::kPadding) {
    block.memory_size = 2 * bytes + TextBlock::kPadding;  // blocks are about as large as each other
    block.memory.reset(new char[block.memory_size]);
  }
  std::memset(block.memory.get() + bytes, 0, TextBlock::kPadding);
  block.arrivals.clear();
  block_ = &block;
  is_csv_ = is_csv;
  used_ = 0;
  last_ended_ = false;
}

void ArrivalJoiner::Add(const RecordedRow& row) {
  ONRUSH_DCHECK(used_ + row.raw.size() + TextBlock::kPadding <= block_->memory_size);
  char* const to = block_->memory.get() + used_;
  if (!row.raw.empty()) std::memcpy(to, row.raw.data(), row.raw.size());
  used_ += row.raw.size();
  const bool blank = row.raw.find_first_not_of("\r\n") == row.raw.npos;
  const ArrivalKind kind = KindOf(row.kind);
  if (Continues(row)) {
    std::string_view& bytes = block_->arrivals.back().bytes;
    bytes = {bytes.data(), bytes.size() + row.raw.size()};
    only_blank_ = only_blank_ && blank;
  } else {
    block_->arrivals.push_back({kind, {to, row.raw.size()}, row.sender, row.arrived_ns, row.line});
    only_blank_ = blank && kind == ArrivalKind::kText;
  }
  last_kind_ = kind;
  last_ended_ =
      kind == ArrivalKind::kText || (kind == ArrivalKind::kRecords && EndsRecord(row.raw));
  next_line_ = row.line + static_cast<uint64_t>(std::count(row.raw.begin(), row.raw.end(), '\n'));
}

bool ArrivalJoiner::Continues(const RecordedRow& row) const {
  if (!last_ended_ || row.kind == RecordedKind::kFirstText || KindOf(row.kind) != last_kind_ ||
      row.line != next_line_) {
    return false;
  }
  const Arrival& last = block_->arrivals.back();
  // A header must be in an input's first arrival, whatever blank lines come before it.
  return last.sender == row.sender && (last.arrived_ns == row.arrived_ns || only_blank_);
}

// A quote of CSV may be open; whether it is would have to be found out from the beginning.
bool ArrivalJoiner::EndsRecord(std::string_view raw) const {
  return raw.ends_with('\n') && (!is_csv_ || raw.find('"') == raw.npos);
}

}  // namespace onrush
