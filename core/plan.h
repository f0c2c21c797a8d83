// What a pipeline asks for, as plain data: no TOML, no threads, no state. tools/engine builds it
// from a pipeline file and validates it there; everything else trusts it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/expression.h"
#include "core/int128.h"
#include "core/time.h"
#include "core/value.h"

namespace onrush {

enum class Format : uint8_t {
  kCsv,
  kJsonLines,
  kCommonLog,
  kCombinedLog,
  kLate,      // the late or bad output of an earlier run; see StreamPlan::raw_format
  kOrb,       // blocks of typed columns; see core/block/README.md
  kArrivals,  // as they arrived, live or recorded; the stream's own format is that of the records
};

// As pipeline files write them, in the order of Format.
inline constexpr std::array<std::string_view, 7> kFormatNames = {
    "csv", "jsonl", "common_log", "combined_log", "late", "orb", "arrivals"};
constexpr std::string_view FormatName(Format format) {
  return kFormatNames[static_cast<size_t>(format)];
}

// How texts become instants. Every timestamp field of a stream uses the stream's.
struct TimeFormat {
  enum class Kind : uint8_t {
    kUnixSeconds,  // "unix_s", a fraction is allowed
    kUnixMillis,
    kUnixMicros,
    kUnixNanos,
    kRfc3339,
    kClf,      // 10/Oct/2000:13:55:36 -0700
    kPattern,  // strptime-like, read in time_zone
  };
  Kind kind = Kind::kRfc3339;
  std::string pattern;            // kPattern only
  std::string time_zone = "UTC";  // kPattern only; an IANA name
};

// As pipeline files write them, in the order of TimeFormat::Kind; a pattern is written itself.
inline constexpr std::array<std::string_view, 6> kTimeFormatNames = {
    "unix_s", "unix_ms", "unix_us", "unix_ns", "rfc3339", "clf"};
inline std::string_view TimeFormatName(const TimeFormat& format) {
  if (format.kind == TimeFormat::Kind::kPattern) return format.pattern;
  return kTimeFormatNames[static_cast<size_t>(format.kind)];
}

struct FieldPlan {
  std::string name;  // JSON Lines: may be a dotted path
  ValueType type;
  // Nobody reads its column: a decoder that need not look at values to tell bad ones may leave it
  // as it is.
  bool unused = false;
};

struct DerivedPlan {
  std::string name;
  ValueType type;
  ExprPlan expr;  // over the declared fields and the derived ones before it
};

// The columns of a stream are its declared fields, in the file's order, then its derived fields.
// Queries name columns by that position.
struct StreamPlan {
  std::string name;
  std::optional<Format> format;  // none: by the input file's name
  std::optional<Format>
      raw_format;          // kLate: of the records; none: JSON Lines or CSV, as they begin
  size_t time_column = 0;  // a declared field of type timestamp
  TimeFormat time_format;
  Duration max_out_of_orderness;
  std::optional<EventTime> valid_from;   // first good event time
  std::optional<EventTime> valid_until;  // first event time that is too late to be true
  // How far an event time may lie after the arrival, where that is known; none: any.
  std::optional<Duration> max_ahead;
  // Events before or not before these are left out, as if they were not in the input.
  std::optional<EventTime> replay_from;
  std::optional<EventTime> replay_until;
  char delimiter = ',';  // CSV
  bool header = true;    // CSV: the first record names the columns
  std::vector<FieldPlan> fields;
  std::vector<DerivedPlan> derived;
  // Nobody asks for the records of events (EventBatch::Record()): what only they have need not be
  // read.
  bool records_unused = false;

  size_t column_count() const { return fields.size() + derived.size(); }
  const std::string& column_name(size_t column) const {
    return column < fields.size() ? fields[column].name : derived[column - fields.size()].name;
  }
  ValueType column_type(size_t column) const {
    return column < fields.size() ? fields[column].type : derived[column - fields.size()].type;
  }
};

// Windows that start at origin + i·slide and are `size` long, or the days of a time zone.
// Validated: slide ≥ 1 µs (so that numbers of panes stay far inside 64 bits), size % slide == 0,
// 1 ≤ size / slide ≤ kMaxPanesPerWindow.
struct WindowPlan {
  enum class Kind : uint8_t { kFixed, kZonedDay };
  Kind kind = Kind::kFixed;
  Duration size;
  Duration slide;         // equal to size: tumbling
  EventTime origin;       // kFixed only
  std::string time_zone;  // kZonedDay only; size and slide are 1d there
};

inline constexpr int64_t kMaxPanesPerWindow = 1024;

struct MeasurePlan {
  enum class Kind : uint8_t { kCount, kSum, kMin, kMax, kAvg, kDistinct, kFirst, kLast };
  Kind kind = Kind::kCount;
  size_t column = 0;  // unused by kCount
  std::string name;   // in the output: "count", "sum_amt", or what `as` says
};

struct TopKPlan {
  WindowPlan window;
  uint32_t k = 0;
  MeasurePlan by;  // kCount, kSum or kDistinct; the output's key is its name
};

struct VelocityPlan {
  struct Distinct {
    size_t column = 0;
    int64_t at_least = 0;
  };
  // The sum must exceed the amount. For int and decimal columns `amount` is ⌊amount · 10^scale⌋
  // (a sum of whole units exceeds the amount exactly if it exceeds that); for float,
  // `amount_float` counts.
  struct Sum {
    size_t column = 0;
    Int128 amount = 0;
    double amount_float = 0;
    std::string text;  // the amount as written
  };
  Duration within;
  std::optional<int64_t> count_over;
  std::optional<Distinct> distinct;
  std::optional<Sum> sum;
  std::optional<Duration> cooldown;
};

struct AggregatePlan {
  enum class Emit : uint8_t { kChange, kFinal };  // running only
  std::optional<WindowPlan> window;               // none: running
  std::vector<MeasurePlan> compute;               // at least one
  Emit emit = Emit::kChange;
};

struct QueryPlan {
  enum class LateUpdates : uint8_t {
    kSlide,  // one update when the watermark next crosses a multiple of the slide
    kEach,   // one at every late event that changes the result
  };
  std::string name;
  size_t stream = 0;
  std::vector<size_t> key;  // columns; empty only for an aggregate over the whole stream
  std::optional<ExprPlan> where;
  Duration allowed_lateness;
  // Keys that may have state at a time; events of others do not take part, and are counted. A run
  // that met it depends on shards and batches. None: any number.
  std::optional<uint64_t> max_keys;
  LateUpdates late_updates = LateUpdates::kSlide;
  std::variant<TopKPlan, VelocityPlan, AggregatePlan> kind;

  // The window of a windowed query, or null: velocity and running aggregates.
  const WindowPlan* window() const {
    if (const auto* top_k = std::get_if<TopKPlan>(&kind)) return &top_k->window;
    if (const auto* aggregate = std::get_if<AggregatePlan>(&kind)) {
      return aggregate->window ? &*aggregate->window : nullptr;
    }
    return nullptr;
  }
};

struct Plan {
  std::string name;
  std::vector<StreamPlan> streams;
  std::vector<QueryPlan> queries;  // in the file's order, which is an order of output
};

}  // namespace onrush
