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
