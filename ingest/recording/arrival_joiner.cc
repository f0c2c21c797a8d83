#include "ingest/recording/arrival_joiner.h"

#include <algorithm>
#include <cstring>

#include "core/check.h"

namespace onrush {
namespace {

bool IsText(RecordedKind kind) {
  return kind == RecordedKind::kText || kind == RecordedKind::kFirstText;
}

ArrivalKind KindOf(RecordedKind kind) {
  if (kind == RecordedKind::kBlock) return ArrivalKind::kBlock;
  return IsText(kind) ? ArrivalKind::kText : ArrivalKind::kRecords;
}

}  // namespace

void ArrivalJoiner::Begin(TextBlock& block, size_t bytes) {
  if (block.memory_size < bytes + TextBlock::kPadding) {
    block.memory_size = 2 * bytes + TextBlock::kPadding;  // blocks are about as large as each other
    block.memory.reset(new char[block.memory_size]);
  }
  std::memset(block.memory.get() + bytes, 0, TextBlock::kPadding);
  block.arrivals.clear();
  block_ = &block;
  used_ = 0;
  last_kind_ = RecordedKind::kEnd;
}

void ArrivalJoiner::Add(const RecordedRow& row) {
  ONRUSH_DCHECK(used_ + row.raw.size() + TextBlock::kPadding <= block_->memory_size);
  char* const to = block_->memory.get() + used_;
  if (!row.raw.empty()) std::memcpy(to, row.raw.data(), row.raw.size());
  used_ += row.raw.size();
  const bool blank = row.raw.find_first_not_of("\r\n") == row.raw.npos;
  if (Continues(row)) {
    std::string_view& bytes = block_->arrivals.back().bytes;
    bytes = {bytes.data(), bytes.size() + row.raw.size()};
    only_blank_ = only_blank_ && blank;
  } else {
    block_->arrivals.push_back(
        {KindOf(row.kind), {to, row.raw.size()}, row.sender, row.arrived_ns, row.line});
    only_blank_ = blank && IsText(row.kind);
  }
  last_kind_ = row.kind;
  next_line_ = row.line + static_cast<uint64_t>(std::count(row.raw.begin(), row.raw.end(), '\n'));
}

bool ArrivalJoiner::Continues(const RecordedRow& row) const {
  const bool follows =
      row.kind == RecordedKind::kText
          ? IsText(last_kind_)
          : last_kind_ == RecordedKind::kRecord &&
                (row.kind == RecordedKind::kRecord || row.kind == RecordedKind::kLastRecord);
  if (!follows || row.line != next_line_) return false;
  const Arrival& last = block_->arrivals.back();
  // A header must be in an input's first arrival, whatever blank lines come before it.
  return last.sender == row.sender && (last.arrived_ns == row.arrived_ns || only_blank_);
}

}  // namespace onrush
