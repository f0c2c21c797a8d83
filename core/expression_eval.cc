#include "core/expression_eval.h"

#include <algorithm>

#include "core/check.h"
#include "core/expression_masks.h"
#include "core/expression_store.h"
#include "fmt/format.h"

namespace onrush {

using expression::Chunk;
using expression::kChunkRows;

Predicate::Predicate(const Expr& condition) : mask_(expression::BuildMask(condition)) {}
Predicate::Predicate(Predicate&&) noexcept = default;
Predicate& Predicate::operator=(Predicate&&) noexcept = default;
Predicate::~Predicate() = default;

void Predicate::Evaluate(const EventBatch& batch, std::span<uint8_t> mask) {
  ONRUSH_DCHECK(mask.size() >= batch.size);
  for (size_t begin = 0; begin < batch.size; begin += kChunkRows) {
    const size_t count = std::min(kChunkRows, batch.size - begin);
    mask_->Run(Chunk{batch, begin, count, overflow_.data()}, mask.data() + begin);
  }
}

Derivation::Derivation(const StreamPlan& stream, size_t derived)
    : name_(stream.derived[derived].name),
      type_(stream.derived[derived].type),
      column_(stream.fields.size() + derived),
      store_(expression::BuildStore(stream.derived[derived].expr.root, type_)) {}
Derivation::Derivation(Derivation&&) noexcept = default;
Derivation& Derivation::operator=(Derivation&&) noexcept = default;
Derivation::~Derivation() = default;

void Derivation::Apply(EventBatch& batch) {
  for (size_t begin = 0; begin < batch.size; begin += kChunkRows) {
    const size_t count = std::min(kChunkRows, batch.size - begin);
    std::fill_n(overflow_.begin(), count, uint8_t{0});
    std::fill_n(misfit_.begin(), count, uint8_t{0});
    store_->Run(Chunk{batch, begin, count, overflow_.data()}, batch.columns[column_],
                misfit_.data());
    MarkMisfits(batch, begin, count);
  }
}

void Derivation::MarkMisfits(EventBatch& batch, size_t begin, size_t count) const {
  for (size_t i = 0; i < count; ++i) {
    if ((overflow_[i] | misfit_[i]) == 0 || batch.bad[begin + i] != 0) continue;
    if (overflow_[i] != 0) {
      batch.MarkBad(begin + i, fmt::format("{}: overflow", name_));
      continue;
    }
    std::string reason = fmt::format("{}: does not fit {}: ", name_, TypeName(type_));
    store_->AppendValue(i, reason);
    batch.MarkBad(begin + i, std::move(reason));
  }
}

}  // namespace onrush
