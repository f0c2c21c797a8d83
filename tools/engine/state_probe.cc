#include "tools/engine/state_probe.h"

#include <numeric>
#include <utility>
#include <vector>

#include "core/status_macros.h"
#include "operators/make_operator.h"

namespace onrush {
namespace {

constexpr size_t kBatchRows = 1024;
constexpr uint64_t kHashSeed = 1;  // the same figures in every run

}  // namespace

absl::StatusOr<StateProbe> StateProbe::Create(Plan plan, uint32_t query, size_t keys) {
  StateProbe probe(std::make_unique<const Plan>(std::move(plan)), query, keys);
  ONRUSH_ASSIGN_OR_RETURN(probe.operator_, MakeStateOperator(*probe.plan_, query, kHashSeed));
  ONRUSH_ASSIGN_OR_RETURN(const std::unique_ptr<Merger> merger, MakeMerger(*probe.plan_, query));
  if (merger != nullptr) probe.partial_ = merger->NewPartial();
  return probe;
}

StateProbe::StateProbe(std::unique_ptr<const Plan> plan, uint32_t query, size_t keys)
    : plan_(std::move(plan)),
      keys_(keys),
      batch_(plan_->streams[plan_->queries[query].stream], plan_->queries[query].stream,
             kBatchRows),
      encoded_(kBatchRows),
      codec_(plan_->streams[batch_.stream_index], plan_->queries[query].key),
      in_key_(batch_.columns.size()) {
  for (const size_t column : plan_->queries[query].key) in_key_[column] = true;
}

void StateProbe::FeedEachKey(EventTime begin, Duration span) {
  for (size_t key = 0; key < keys_;) {
    batch_.first_seq += batch_.size;
    batch_.Clear();
    for (; key < keys_ && !batch_.full(); ++key) {
      const Duration place{static_cast<int64_t>(key % static_cast<uint64_t>(span.ns))};
      FillRow(batch_.size++, key, SaturatingAdd(begin, place));
    }
    ProcessBatch();
  }
}

void StateProbe::FillRow(size_t row, uint64_t key, EventTime time) {
  ++values_;
  for (size_t i = 0; i < batch_.columns.size(); ++i) {
    SetValue(batch_.columns[i], row, in_key_[i] ? key : values_);
  }
  batch_.columns[batch_.time_column].ints[row] = time.ns;
}

void StateProbe::SetValue(Column& column, size_t row, uint64_t number) {
  switch (column.type.kind) {
    case TypeKind::kString: {
      char* const text = batch_.arena.Allocate(kTextBytes);
      for (size_t i = kTextBytes; i > 0; number >>= 4) text[--i] = "0123456789abcdef"[number & 15];
      column.strings[row] = {text, kTextBytes};
      break;
    }
    case TypeKind::kFloat:
      column.floats[row] = static_cast<double>(number);
      break;
    case TypeKind::kBool:
      column.ints[row] = static_cast<int64_t>(number & 1);
      break;
    case TypeKind::kInt:
    case TypeKind::kDecimal:
    case TypeKind::kTimestamp:
      column.ints[row] = static_cast<int64_t>(number);
      break;
  }
}

void StateProbe::ProcessBatch() {
  codec_.Encode(batch_, kHashSeed, encoded_);
  std::vector<uint32_t> rows(batch_.size);
  std::iota(rows.begin(), rows.end(), 0u);
  operator_->Process(batch_, encoded_, rows, output());
  ForgetOutput();
}

void StateProbe::Advance(EventTime watermark) {
  operator_->OnWatermark(watermark, batch_.first_seq + batch_.size, output());
  ForgetOutput();
}

void StateProbe::ForgetOutput() {
  lines_.Clear();
  if (partial_ != nullptr) partial_->Clear();
}

}  // namespace onrush
