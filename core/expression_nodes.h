// The building blocks of compiled expressions: nodes that work on a chunk of rows at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "core/event_batch.h"
#include "core/int128.h"
#include "core/rational.h"

namespace onrush::expression {

// Description
//   A compiled expression is a tree of nodes. Each evaluates its operands over a chunk and then
//   runs one loop over the rows, so that a virtual call is paid once a chunk and node. Results stay
//   in the node, whose memory is part of it: evaluating allocates nothing.
//   Null, bad and overflown rows have results too, which mean nothing; strings of null and bad rows
//   may dangle and are never looked into.

// Keeps the results of a few nodes in the first-level cache.
inline constexpr size_t kChunkRows = 512;

struct Chunk {
  const EventBatch& batch;
  size_t begin = 0;
  size_t count = 0;             // at most kChunkRows
  uint8_t* overflow = nullptr;  // `count` flags; set to 1 where arithmetic leaves its range

  const uint8_t* bad() const { return batch.bad.data() + begin; }
};

// The values of a column, whose type T stands for.
template <typename T>
const T* ColumnData(const Column& column) {
  if constexpr (std::is_same_v<T, int64_t>) return column.ints.data();
  if constexpr (std::is_same_v<T, double>) return column.floats.data();
  if constexpr (std::is_same_v<T, std::string_view>) return column.strings.data();
}

// A node that yields values, some of them null.
class Operand {
 public:
  Operand() = default;
  Operand(const Operand&) = delete;
  Operand& operator=(const Operand&) = delete;
  virtual ~Operand() = default;

  // After it, the results are those of the chunk's rows.
  virtual void Run(const Chunk& chunk) = 0;

  const uint8_t* nulls() const { return nulls_; }

 protected:
  const uint8_t* nulls_ = nullptr;
};

// T: int64_t and Int128 (exact numbers of a scale known to the parent; timestamps, bools),
// Rational, double or std::string_view.
template <typename T>
class Values : public Operand {
 public:
  const T* values() const { return values_; }

 protected:
  const T* values_ = nullptr;
};

// Values with memory of their own.
template <typename T>
class ComputedValues : public Values<T> {
 public:
  ComputedValues() {
    this->values_ = results_.data();
    this->nulls_ = result_nulls_.data();
  }

 protected:
  std::array<T, kChunkRows> results_ = {};
  std::array<uint8_t, kChunkRows> result_nulls_ = {};
};

// A node that yields true (1) or false (0) into the caller's memory.
class Mask {
 public:
  Mask() = default;
  Mask(const Mask&) = delete;
  Mask& operator=(const Mask&) = delete;
  virtual ~Mask() = default;

  virtual void Run(const Chunk& chunk, uint8_t* out) = 0;
};

}  // namespace onrush::expression
