#include "ingest/range_decoder.h"

#include <algorithm>
#include <vector>

namespace onrush {
namespace {

void MoveRow(size_t from, size_t to, EventBatch& batch) {
  for (Column& column : batch.columns) {
    column.nulls[to] = column.nulls[from];
    if (!column.ints.empty()) column.ints[to] = column.ints[from];
    if (!column.floats.empty()) column.floats[to] = column.floats[from];
    if (!column.strings.empty()) column.strings[to] = column.strings[from];
  }
  batch.raw[to] = batch.raw[from];
  batch.bad[to] = batch.bad[from];
  batch.arrival[to] = batch.arrival[from];
}

}  // namespace

bool RangeDecoder::Decode(EventBatch& batch) {
  bool more = true;
  while (more && !batch.full()) {
    const size_t first = batch.size;
    more = decoder_->Decode(batch);
    RemoveOutside(first, batch);
  }
  return more;
}

void RangeDecoder::RemoveOutside(size_t first, EventBatch& batch) {
  const int64_t* const times = batch.times();
  std::vector<size_t> new_rows(batch.bad_rows.empty() ? 0 : batch.size - first);
  moved_lines_.clear();  // not set at once: what rows behind need would be forgotten
  size_t to = first;
  for (size_t row = first; row < batch.size; ++row) {
    const bool inside = times[row] >= from_ && (!until_ || times[row] < until_->ns);
    if (batch.bad[row] == 0 && !inside) continue;
    if (!new_rows.empty()) new_rows[row - first] = to;
    if (row != to) {
      MoveRow(row, to, batch);
      moved_lines_.push_back(batch.lines.Of(row));
    }
    ++to;
  }
  for (EventBatch::BadRow& bad : batch.bad_rows) {
    if (bad.row >= first) bad.row = static_cast<uint32_t>(new_rows[bad.row - first]);
  }
  std::fill(batch.bad.begin() + to, batch.bad.begin() + batch.size, uint8_t{0});
  const size_t first_moved = to - moved_lines_.size();
  for (size_t i = 0; i < moved_lines_.size(); ++i) {
    batch.lines.SetFrom(first_moved + i, moved_lines_[i]);
  }
  if (to < batch.size) batch.ForgetDictionaries();
  batch.outside += batch.size - to;
  batch.size = to;
}

}  // namespace onrush
