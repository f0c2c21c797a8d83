// One column of a block that was read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "core/block/column_format.h"
#include "core/event_batch.h"
#include "core/value.h"

namespace onrush {

// Description
//   Everything is checked when it is read; then rows are copied without a look at the bytes. Texts
//   are views into the block. One column after the other can be read, in the same memory.
// Threads
//   Once read, any number.
class ColumnView {
 public:
  // Reads the column of `rows` rows that `bytes` begin with, and takes it off their front. Fails
  // with kDataLoss if they are no such column.
  absl::Status Read(ValueType type, size_t rows, std::string_view& bytes);

  ValueType type() const { return type_; }
  bool has_nulls() const { return nulls_ != nullptr; }
  // False if no value is an empty text.
  bool may_be_empty() const { return may_be_empty_; }

  // Copies the values and nulls of rows [first, first + count) to rows [to_first, …) of a column of
  // the same type. Requires: rows of this column. Some 0.5 ns a value.
  void Copy(size_t first, size_t count, Column& to, size_t to_first) const;

  // The dictionary of the values, as long as no other column is read; null if there is none.
  const TextDictionary* dictionary() const {
    return encoding_ == ColumnEncoding::kDictionary ? &dictionary_ : nullptr;
  }
  // Copies which entries of the dictionary rows [first, first + count) have. Requires:
  // dictionary().
  void CopyCodes(size_t first, size_t count, uint32_t* to) const;

 private:
  absl::Status ReadBody(std::string_view body);
  absl::Status ReadFrame(std::string_view body);
  absl::Status ReadFloats(std::string_view body);
  absl::Status ReadTexts(std::string_view body);
  absl::Status ReadDictionary(std::string_view body);
  bool TakeEntries(const char* lengths, uint8_t width, size_t count, std::string_view texts);

  void CopyNulls(size_t first, size_t count, uint8_t* to) const;
  void CopyInts(size_t first, size_t count, int64_t* to) const;
  void CopyFloats(size_t first, size_t count, double* to) const;
  void CopyBits(size_t first, size_t count, int64_t* to) const;
  void CopyTexts(size_t first, size_t count, std::string_view* to) const;
  void CopyEqualTexts(size_t first, size_t count, std::string_view* to) const;
  void CopyFromDictionary(size_t first, size_t count, std::string_view* to) const;

  ValueType type_;
  ColumnEncoding encoding_ = ColumnEncoding::kFrame;
  uint8_t width_ = 0;
  size_t rows_ = 0;
  const char* nulls_ = nullptr;   // a bit each, or null: there are none
  const char* values_ = nullptr;  // by row: distances, floats, bits, lengths, codes
  int64_t base_ = 0;              // kFrame: of the values …
  uint64_t unit_ = 1;             // … and of the distances
  bool may_be_empty_ = false;
  size_t shortest_ = 0;              // kTexts: what is to be added to the lengths
  const char* texts_ = nullptr;      // kTexts: all bytes …
  std::vector<size_t> text_begins_;  // … and where every 256th text begins in them
  TextDictionary dictionary_;
};

}  // namespace onrush
