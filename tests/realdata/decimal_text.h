// Decimal numbers as whole numbers of 10^-scale.
#pragma once

#include <cstdint>
#include <string>

namespace onrush::realdata {

// "-12.5" with scale 2 is -1250. Requires: at most `scale` digits after the point.
int64_t ReadDecimal(const std::string& text, int scale);

// -1250 with scale 2 is "-12.50".
std::string DecimalText(int64_t value, int scale);

}  // namespace onrush::realdata
