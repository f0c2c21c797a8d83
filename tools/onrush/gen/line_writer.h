// Lines of CSV or JSON Lines, written field by field.
#pragma once

#include <charconv>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/plan.h"
#include "tools/onrush/gen/random.h"

namespace onrush::gen {

// Description
//   Collects lines of one shape in a buffer. The fields of a line are given in the shape's order;
//   values are plain ASCII without quotes, commas or backslashes, so nothing is ever escaped.
// Implementation
//   A line is text between values: `,` in CSV, `,"name":` in JSON Lines. That text is made once,
//   per field, so both formats share one way of writing.
class LineWriter {
 public:
  struct Field {
    std::string_view name;
    bool is_text = true;  // in quotes in JSON
  };
  static constexpr size_t kMaxLineBytes = 1024;

  LineWriter(Format format, std::initializer_list<Field> fields);

  // From the next line on, the members of each come in an order of its own. Requires: JSON Lines.
  void ShuffleMembers(uint64_t seed) { random_.emplace(seed); }

  // The CSV header line with its '\n'; empty for JSON Lines.
  const std::string& header() const { return header_; }

  void Text(std::string_view value) {
    NextField();
    Append(value);
  }
  // `prefix` and then the digits of `number`.
  void Text(std::string_view prefix, uint64_t number) {
    Text(prefix);
    AppendNumber(number);
  }
  void Number(int64_t value) {
    NextField();
    AppendNumber(value);
  }
  // `hundredths` as a number with two digits after the point.
  void Money(uint64_t hundredths);
  void EndLine() {
    NextField();
    next_field_ = 0;
    if (random_) ShuffleLine();
  }

  // The lines since the last Clear(). Requires of the caller: clears before `full()` lines more.
  std::string_view lines() const {
    return {buffer_.get(), static_cast<size_t>(out_ - buffer_.get())};
  }
  bool full() const { return out_ > buffer_.get() + kBufferBytes - kMaxLineBytes; }
  void Clear() { out_ = buffer_.get(); }

 private:
  static constexpr size_t kBufferBytes = 256 * 1024;

  void NextField() {
    gaps_[next_field_] = out_;
    Append(before_field_[next_field_++]);
  }
  void ShuffleLine();
  void Append(std::string_view text) {
    std::memcpy(out_, text.data(), text.size());
    out_ += text.size();
  }
  template <typename Number>
  void AppendNumber(Number value) {
    out_ = std::to_chars(out_, out_ + 24, value).ptr;
  }

  std::string header_;
  std::vector<std::string> before_field_;  // one more than fields: the last ends the line
  size_t next_field_ = 0;
  std::vector<char*> gaps_;       // of the line: where each of before_field_ begins
  std::optional<Random> random_;  // set: members are shuffled
  std::string shuffled_;
  std::unique_ptr<char[]> buffer_;
  char* out_;
};

}  // namespace onrush::gen
