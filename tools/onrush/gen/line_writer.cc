#include "tools/onrush/gen/line_writer.h"

namespace onrush::gen {

LineWriter::LineWriter(Format format, std::initializer_list<Field> fields)
    : buffer_(std::make_unique<char[]>(kBufferBytes)), out_(buffer_.get()) {
  std::string between;
  if (format == Format::kCsv) {
    for (const Field& field : fields) {
      before_field_.push_back(between);
      header_ += between;
      header_ += field.name;
      between = ",";
    }
    before_field_.push_back("\n");
    header_ += '\n';
    gaps_.resize(before_field_.size());
    return;
  }
  between = "{";
  for (const Field& field : fields) {
    const std::string_view quote = field.is_text ? "\"" : "";
    between += '"';
    between += field.name;
    between += "\":";
    between += quote;
    before_field_.push_back(between);
    between = quote;
    between += ',';
  }
  between.back() = '}';
  before_field_.push_back(between + "\n");
  gaps_.resize(before_field_.size());
}

void LineWriter::ShuffleLine() {
  std::vector<std::string_view> members;
  const char* begin = gaps_[0] + 1;  // behind the brace
  for (size_t i = 1; i < gaps_.size(); ++i) {
    const char* const end = gaps_[i] + before_field_[i].find_first_of(",}");
    members.emplace_back(begin, static_cast<size_t>(end - begin));
    begin = end + 1;
  }
  shuffled_.clear();
  for (size_t left = members.size(); left > 0; --left) {
    const size_t next = random_->Below(left);
    shuffled_ += members[next];
    shuffled_ += ',';
    members[next] = members[left - 1];
  }
  std::memcpy(gaps_[0] + 1, shuffled_.data(), shuffled_.size() - 1);
}

void LineWriter::Money(uint64_t hundredths) {
  NextField();
  AppendNumber(hundredths / 100);
  const uint64_t cents = hundredths % 100;
  *out_++ = '.';
  *out_++ = static_cast<char>('0' + cents / 10);
  *out_++ = static_cast<char>('0' + cents % 10);
}

}  // namespace onrush::gen
