#include "ingest/json_line_index.h"

#include <algorithm>

#include "core/check.h"

namespace onrush {

void JsonLineIndex::Begin(std::string_view text, size_t begin) {
  ONRUSH_CHECK(text.size() < UINT32_MAX);
  text_ = text;
  scanned_ = begin;
  non_ascii_ = false;
  stop_count_ = known_stops_ = next_stop_ = 0;
  stops_dropped_ = last_line_ = false;
  begin_ = static_cast<uint32_t>(begin);
  stops_.resize(kMaxKeptStops + kWindowBytes + ScanKernels::kOverwritten);
}

bool JsonLineIndex::Fill() {
  KeepUnfinishedLine();
  while (known_stops_ == 0 && scanned_ < text_.size()) ScanWindow();
  last_line_ = known_stops_ == 0 && begin_ < text_.size();
  return HasNext();
}

void JsonLineIndex::KeepUnfinishedLine() {
  if (scanned_ == begin_) non_ascii_ = false;
  std::copy(stops_.begin() + next_stop_, stops_.begin() + stop_count_, stops_.begin());
  stop_count_ -= next_stop_;
  next_stop_ = known_stops_ = 0;
}

void JsonLineIndex::ScanWindow() {
  if (stop_count_ > kMaxKeptStops) {
    stop_count_ = 0;
    stops_dropped_ = true;
  }
  const size_t size = std::min(text_.size() - scanned_, kWindowBytes);
  const size_t chunks = (size + 63) / 64;
  non_ascii_ |= kernels_.json_stops(text_.data() + scanned_, chunks, masks_.data());
  masks_[chunks - 1] &= ~uint64_t{0} >> (64 * chunks - size);
  stop_count_ += static_cast<uint32_t>(kernels_.write_positions(
      masks_.data(), chunks, 1, static_cast<uint32_t>(scanned_), stops_.data() + stop_count_));
  known_stops_ = stop_count_;
  while (known_stops_ > 0 && text_[stops_[known_stops_ - 1]] != '\n') --known_stops_;
  scanned_ += size;
}

JsonLineIndex::Line JsonLineIndex::Take() {
  Line line;
  if (last_line_) {
    line.text = text_.substr(begin_);
    line.has_newline = last_line_ = false;
    begin_ = static_cast<uint32_t>(text_.size());
    next_stop_ = stop_count_;
    return line;
  }
  const char* const text = text_.data();
  const uint32_t* const stops = stops_.data() + next_stop_;
  while (text[stops[line.stop_count]] != '\n') ++line.stop_count;
  line.text = Take(line.stop_count);
  stops_dropped_ = false;
  return line;
}

}  // namespace onrush
