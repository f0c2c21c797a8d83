#include "operators/window_lines.h"

#include "core/int128.h"
#include "core/json_text.h"
#include "core/time.h"

namespace onrush {

WindowLineWriter::WindowLineWriter(std::string_view query_name, uint32_t query)
    : query_(query), prefix_("{\"query\":") {
  AppendJsonString(query_name, prefix_);
  prefix_ += ",\"seq\":";
}

void WindowLineWriter::Begin(const WindowAssigner& assigner, int64_t end, uint64_t seq,
                             uint64_t revision, std::string_view key, ResultLines& lines) {
  if (!formatted_ || window_end_ != end) FormatWindow(assigner, end);
  lines.Begin(LinePlace::ForWindow(seq, query_, start_, end_, revision), key);
  std::string& text = lines.text();
  text += prefix_;
  AppendInt128(seq, text);
  text += window_text_;
  AppendInt128(revision, text);
}

void WindowLineWriter::FormatWindow(const WindowAssigner& assigner, int64_t end) {
  formatted_ = true;
  window_end_ = end;
  start_ = assigner.Boundary(assigner.WindowBegin(end));
  end_ = assigner.Boundary(end);
  window_text_ = ",\"window_start\":\"";
  AppendInstant(start_, window_text_);
  window_text_ += "\",\"window_end\":\"";
  AppendInstant(end_, window_text_);
  window_text_ += "\",\"revision\":";
}

}  // namespace onrush
