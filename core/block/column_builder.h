// One column of a block that is being written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/block/column_format.h"
#include "core/event_batch.h"
#include "core/value.h"

namespace onrush {

// Description
//   Collects values, then writes them in the encoding that is smallest for them: integers as
//   distances from the least of them, texts once each if that is shorter. What a null stands for in
//   the values is zero, the least value or an empty text.
// Threads
//   One at a time.
class ColumnBuilder {
 public:
  explicit ColumnBuilder(ValueType type) : type_(type) {}

  // Adds a value. Requires: a column of this type.
  void Add(const Column& column, size_t row);

  // Bytes that the values take here, about.
  size_t byte_count() const { return 8 * nulls_.size() + text_.size(); }

  // Appends the column, its header included, and forgets the values.
  void Finish(std::string& out);

 private:
  void AppendNulls(std::string& out) const;
  void AppendInts(std::string& out, uint8_t& width) const;
  void AppendBits(std::string& out) const;
  // Chooses between the two encodings of texts.
  void AppendTexts(std::string& out, ColumnEncoding& encoding, uint8_t& width) const;

  const ValueType type_;
  std::vector<uint8_t> nulls_;
  bool has_nulls_ = false;
  std::vector<int64_t> ints_;
  std::vector<double> floats_;
  std::string text_;
  std::vector<uint32_t> lengths_;
};

}  // namespace onrush
