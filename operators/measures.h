// The measures other than count: what one accumulator holds, and how it takes an event, another
// accumulator, and becomes a value. See accumulator_column.h for the shape.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "core/int128.h"
#include "core/json_text.h"
#include "operators/accumulators.h"
#include "operators/column_values.h"
#include "operators/sum_run.h"

namespace onrush {

// What measures read, found out once for many events. The columns of the measure's field; those of
// other types than the field's are null.
struct MeasureInput {
  const Column* column = nullptr;
  const uint8_t* nulls = nullptr;
  const int64_t* ints = nullptr;
  const double* floats = nullptr;
  const int64_t* times = nullptr;
};

// Without the gap that its alignment would leave in states.
typedef Int128 PackedInt128 __attribute__((aligned(8)));

// Sum and average of int and decimal: 128-bit integers of 10^-scale, which 2^64 events cannot
// overflow.
template <bool kAverage>
struct ExactSumMeasure {
  struct State {
    PackedInt128 sum = 0;
    int64_t count = 0;  // of values that are not null
  };
  void Add(State& state, const MeasureInput& input, uint32_t row) const {
    if (input.nulls[row] != 0) return;
    state.sum += input.ints[row];
    ++state.count;
  }
  void AddAll(State& state, const MeasureInput& input, uint32_t first, size_t count) const {
    if (std::memchr(input.nulls + first, 1, count) != nullptr) {
      for (size_t i = 0; i < count; ++i) Add(state, input, static_cast<uint32_t>(first + i));
      return;
    }
    state.sum += SumOf(input.ints + first, count);
    state.count += static_cast<int64_t>(count);
  }
  static void Combine(State& state, const State& later) {
    state.sum += later.sum;
    state.count += later.count;
  }
  bool AppendJson(const State& state, std::string& out) const {
    if (state.count == 0) {
      out += "null";
    } else if (kAverage) {
      AppendJsonFloat(DivideRounded(state.sum, state.count, scale), out);
    } else {
      AppendDecimal(state.sum, scale, out);
    }
    return true;
  }
  bool Rank(const State& state, RankValue& value) const {
    value.exact = state.sum;
    return state.count != 0;
  }

  size_t column;
  int scale;
};

// Sum and average of float: added in arrival order, combined from the oldest pane on, never
// subtracted, so that the result does not depend on what else was computed.
template <bool kAverage>
struct FloatSumMeasure {
  struct State {
    double sum = 0;
    int64_t count = 0;
  };
  void Add(State& state, const MeasureInput& input, uint32_t row) const {
    if (input.nulls[row] != 0) return;
    state.sum += input.floats[row];
    ++state.count;
  }
  void Combine(State& state, const State& later) const {
    state.sum += later.sum;
    state.count += later.count;
  }
  bool AppendJson(const State& state, std::string& out) const {
    const double value = kAverage ? state.sum / static_cast<double>(state.count) : state.sum;
    if (state.count == 0 || !std::isfinite(value)) {
      out += "null";
      return state.count == 0;
    }
    AppendJsonFloat(value, out);
    return true;
  }
  bool Rank(const State& state, RankValue& value) const {
    value.approximate = state.sum;
    return state.count != 0 && std::isfinite(state.sum);
  }

  size_t column;
};

template <typename Values, bool kMin>
struct ExtremeMeasure {
  struct State {
    typename Values::Stored value{};
    bool present = false;
  };
  void Add(State& state, const MeasureInput& input, uint32_t row) const {
    if (input.nulls[row] == 0) Take(state, Values::Read(*input.column, row));
  }
  void Combine(State& state, const State& later) const {
    if (later.present) Take(state, later.value);
  }
  bool AppendJson(const State& state, std::string& out) const {
    if (state.present) {
      Values::AppendJson(type, state.value, out);
    } else {
      out += "null";
    }
    return true;
  }
  bool Rank(const State&, RankValue&) const { return false; }
  size_t HeapBytes(const State& state) const { return Values::HeapBytes(state.value); }

  size_t column;
  ValueType type;

 private:
  void Take(State& state, typename Values::Value value) const {
    if (state.present && (kMin ? !(value < state.value) : !(state.value < value))) return;
    state.value = value;
    state.present = true;
  }
};

// The value of the earliest (latest) event time; of equal times, that of the first (last) arrival.
template <typename Values, bool kFirst>
struct EndpointMeasure {
  struct State {
    typename Values::Stored value{};
    int64_t time = 0;
    bool present = false;
  };
  void Add(State& state, const MeasureInput& input, uint32_t row) const {
    if (input.nulls[row] == 0) Take(state, input.times[row], Values::Read(*input.column, row));
  }
  void Combine(State& state, const State& later) const {
    if (later.present) Take(state, later.time, later.value);
  }
  bool AppendJson(const State& state, std::string& out) const {
    if (state.present) {
      Values::AppendJson(type, state.value, out);
    } else {
      out += "null";
    }
    return true;
  }
  bool Rank(const State&, RankValue&) const { return false; }
  size_t HeapBytes(const State& state) const { return Values::HeapBytes(state.value); }

  size_t column;
  ValueType type;

 private:
  void Take(State& state, int64_t time, typename Values::Value value) const {
    if (state.present && (kFirst ? time >= state.time : time < state.time)) return;
    state.value = value;
    state.time = time;
    state.present = true;
  }
};

template <typename Values>
struct DistinctMeasure {
  struct State {
    absl::flat_hash_set<typename Values::Stored> values;
  };
  void Add(State& state, const MeasureInput& input, uint32_t row) const {
    if (input.nulls[row] != 0) return;
    const typename Values::Stored value(Values::Read(*input.column, row));
    state.values.insert(value);
  }
  void Combine(State& state, const State& later) const {
    state.values.insert(later.values.begin(), later.values.end());
  }
  bool AppendJson(const State& state, std::string& out) const {
    AppendInt128(static_cast<int64_t>(state.values.size()), out);
    return true;
  }
  bool Rank(const State& state, RankValue& value) const {
    value.exact = static_cast<int64_t>(state.values.size());
    return true;
  }
  size_t HeapBytes(const State& state) const {
    size_t bytes = state.values.capacity() * (sizeof(typename Values::Stored) + 1);
    for (const auto& value : state.values) bytes += Values::HeapBytes(value);
    return bytes;
  }

  size_t column;
};

}  // namespace onrush
