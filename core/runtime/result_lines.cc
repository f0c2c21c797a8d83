#include "core/runtime/result_lines.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace onrush {

void ResultLines::Begin(const LinePlace& place, std::string_view key) {
  const size_t key_begin = keys_.size();
  keys_ += key;
  lines_.push_back({place, text_.size(), text_.size(), key_begin, keys_.size()});
}

void ResultLines::End() {
  text_.push_back('\n');
  lines_.back().text_end = text_.size();
  const size_t count = lines_.size();
  if (sorted_ && count > 1 && Less(lines_[count - 1], lines_[count - 2])) sorted_ = false;
}

void ResultLines::ExpectMore(size_t lines) {
  const auto expect = [&](std::string& text) {
    const size_t average = text.size() / lines_.size() + 1;
    text.reserve(text.size() + lines * (average + average / 8));
  };
  expect(text_);
  expect(keys_);
  lines_.reserve(lines_.size() + lines);
}

std::string_view ResultLines::line(size_t line) const {
  const Line& found = lines_[line];
  return std::string_view(text_).substr(found.text_begin, found.text_end - found.text_begin);
}

const std::vector<uint32_t>& ResultLines::SortedOrder() {
  order_.resize(lines_.size());
  std::iota(order_.begin(), order_.end(), 0u);
  if (!sorted_) {
    std::sort(order_.begin(), order_.end(), [this](uint32_t a, uint32_t b) {
      if (Less(lines_[a], lines_[b])) return true;
      if (Less(lines_[b], lines_[a])) return false;
      return a < b;
    });
  }
  return order_;
}

void ResultLines::Clear() {
  lines_.clear();
  text_.clear();
  keys_.clear();
  sorted_ = true;
}

bool ResultLines::Less(const Line& a, std::string_view a_key, const Line& b,
                       std::string_view b_key) {
  const LinePlace& p = a.place;
  const LinePlace& q = b.place;
  if (p.seq != q.seq) return p.seq < q.seq;
  if (p.phase != q.phase) return p.phase < q.phase;
  if (p.phase == LinePlace::Phase::kEvent) {
    if (p.query != q.query) return p.query < q.query;
    if (p.end != q.end) return p.end < q.end;
  } else {
    if (p.end != q.end) return p.end < q.end;
    if (p.start != q.start) return p.start < q.start;
    if (p.query != q.query) return p.query < q.query;
  }
  if (const int order = a_key.compare(b_key); order != 0) return order < 0;
  return p.tail < q.tail;
}

}  // namespace onrush
