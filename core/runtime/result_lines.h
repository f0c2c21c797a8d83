// Result lines on their way from the operators to the collector.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/int128.h"
#include "core/time.h"

namespace onrush {

// Where a line stands in the total order of the output: by seq; then events before windows.
// Events: by query, event time, key, tail. Windows: by end, start, query, key, tail.
struct LinePlace {
  enum class Phase : uint8_t { kEvent, kWindow };

  static LinePlace ForEvent(uint64_t seq, uint32_t query, EventTime time, uint64_t event_seq) {
    return {seq, Phase::kEvent, query, 0, time.ns, event_seq};
  }
  static LinePlace ForWindow(uint64_t seq, uint32_t query, WideTime start, WideTime end,
                             uint64_t revision) {
    return {seq, Phase::kWindow, query, start, end, revision};
  }

  uint64_t seq = 0;
  Phase phase = Phase::kEvent;
  uint32_t query = 0;
  WideTime start = 0;  // windows
  WideTime end = 0;    // windows; events: the event time
  uint64_t tail = 0;   // windows: the revision; events: event_seq
};

// Lines with their places, appended by operators, read by the collector. Memory is kept from batch
// to batch. One thread at a time.
class ResultLines {
 public:
  // Begins a line; append its text, without the newline, to text(), then call End().
  // `key` (KeyCodec's encoding) is copied; it only matters for the order.
  void Begin(const LinePlace& place, std::string_view key);
  std::string& text() { return text_; }
  void End();

  // Takes memory for so many more lines like those that are there, so that it need not grow and
  // move for them. Requires: there are lines.
  void ExpectMore(size_t lines);

  size_t size() const { return lines_.size(); }
  bool empty() const { return lines_.empty(); }
  // The query of a line, the line with its newline, and all of them as they were appended.
  uint32_t query(size_t line) const { return lines_[line].place.query; }
  const LinePlace& place(size_t line) const { return lines_[line].place; }
  std::string_view line(size_t line) const;
  std::string_view all() const { return text_; }

  // True if the lines stand in the total order.
  bool sorted() const { return sorted_; }
  // The positions of the lines in the total order: computed, and as last computed.
  const std::vector<uint32_t>& SortedOrder();
  const std::vector<uint32_t>& order() const { return order_; }

  // True if the line that is number i of a.order() comes before the one that is number j of
  // b.order().
  static bool Less(const ResultLines& a, size_t i, const ResultLines& b, size_t j) {
    const Line& x = a.lines_[a.order_[i]];
    const Line& y = b.lines_[b.order_[j]];
    return Less(x, a.key(x), y, b.key(y));
  }

  void Clear();

 private:
  struct Line {
    LinePlace place;
    size_t text_begin = 0;
    size_t text_end = 0;
    size_t key_begin = 0;
    size_t key_end = 0;
  };
  std::string_view key(const Line& line) const {
    return std::string_view(keys_).substr(line.key_begin, line.key_end - line.key_begin);
  }
  bool Less(const Line& a, const Line& b) const { return Less(a, key(a), b, key(b)); }
  static bool Less(const Line& a, std::string_view a_key, const Line& b, std::string_view b_key);

  std::vector<Line> lines_;
  std::string text_;
  std::string keys_;
  std::vector<uint32_t> order_;
  bool sorted_ = true;
};

}  // namespace onrush
