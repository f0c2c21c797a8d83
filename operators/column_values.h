// How measures read a column: as the bits of a scalar, a double or bytes.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/event_batch.h"
#include "core/json_text.h"
#include "core/key.h"

namespace onrush {

// int, decimal, bool, timestamp.
struct ScalarValues {
  using Value = int64_t;   // as read
  using Stored = int64_t;  // as kept
  static Value Read(const Column& column, uint32_t row) { return column.ints[row]; }
  // What a stored value takes beside itself, in bytes.
  static size_t HeapBytes(const Stored&) { return 0; }
  static void AppendJson(ValueType type, Stored value, std::string& out) {
    AppendJsonScalar(type, value, out);
  }
};

struct FloatValues {
  using Value = double;
  using Stored = double;
  // -0.0 is 0.0, so that equal values are one value.
  static Value Read(const Column& column, uint32_t row) { return column.floats[row] + 0.0; }
  static size_t HeapBytes(const Stored&) { return 0; }
  static void AppendJson(ValueType, Stored value, std::string& out) { AppendJsonFloat(value, out); }
};

struct StringValues {
  using Value = std::string_view;
  using Stored = std::string;
  static Value Read(const Column& column, uint32_t row) { return column.strings[row]; }
  static size_t HeapBytes(const Stored& value) {
    return value.capacity() > std::string().capacity() ? value.capacity() + 1 : 0;
  }
  static void AppendJson(ValueType, const Stored& value, std::string& out) {
    AppendJsonString(value, out);
  }
};

}  // namespace onrush
