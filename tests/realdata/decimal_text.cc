#include "tests/realdata/decimal_text.h"

#include <algorithm>

#include "core/check.h"

namespace onrush::realdata {

int64_t ReadDecimal(const std::string& text, int scale) {
  const size_t point = std::min(text.find('.'), text.size());
  std::string digits = text.substr(0, point);
  std::string fraction = point < text.size() ? text.substr(point + 1) : "";
  ONRUSH_CHECK(fraction.size() <= static_cast<size_t>(scale));
  fraction.resize(scale, '0');
  return std::stoll(digits + fraction);
}

std::string DecimalText(int64_t value, int scale) {
  std::string text = std::to_string(std::abs(value));
  const size_t digits = scale + 1;
  if (text.size() < digits) text.insert(0, digits - text.size(), '0');
  if (scale > 0) text.insert(text.size() - scale, ".");
  return value < 0 ? '-' + text : text;
}

}  // namespace onrush::realdata
