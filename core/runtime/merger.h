// Queries whose result is not any one shard's: what shards hand over, and who puts it together.
#pragma once

#include <memory>
#include <span>

#include "core/runtime/result_lines.h"
#include "core/time.h"

namespace onrush {

// What one shard found out about one query during a batch; each kind of query has its own. Memory
// is kept from batch to batch.
class PartialResults {
 public:
  virtual ~PartialResults() = default;
  virtual bool empty() const = 0;
  virtual void Clear() = 0;
};

// Puts the partial results of all shards for one query together. The collector's thread calls it,
// for every batch in order.
class Merger {
 public:
  virtual ~Merger() = default;

  // Empty partial results of this query's kind.
  virtual std::unique_ptr<PartialResults> NewPartial() const = 0;

  // Appends the lines that follow from one batch; parts[s] is what shard s found.
  virtual void Merge(std::span<PartialResults* const> parts, ResultLines& results) = 0;

  // The watermark after the batches merged so far: what is closed may be forgotten.
  virtual void Forget(EventTime watermark) = 0;
};

}  // namespace onrush
