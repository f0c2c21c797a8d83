// Writes the part that all lines of windows share.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/runtime/result_lines.h"
#include "core/window.h"

namespace onrush {

// `{"query":…,"seq":…,"window_start":…,"window_end":…,"revision":…` One thread.
class WindowLineWriter {
 public:
  WindowLineWriter(std::string_view query_name, uint32_t query);

  // Begins a line of the window that ends at boundary `end`, up to the revision's number; the
  // caller appends the rest to lines.text() and calls lines.End(). Instants are formatted once per
  // window.
  void Begin(const WindowAssigner& assigner, int64_t end, uint64_t seq, uint64_t revision,
             std::string_view key, ResultLines& lines);

 private:
  void FormatWindow(const WindowAssigner& assigner, int64_t end);

  uint32_t query_;
  std::string prefix_;  // up to the seq
  bool formatted_ = false;
  int64_t window_end_ = 0;  // of what follows
  WideTime start_ = 0;
  WideTime end_ = 0;
  std::string window_text_;  // from behind the seq to the revision
};

}  // namespace onrush
