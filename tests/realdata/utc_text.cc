#include "tests/realdata/utc_text.h"

#include <ctime>

#include "core/check.h"
#include "fmt/format.h"

namespace onrush::realdata {

int64_t ReadUtc(const std::string& text) {
  std::tm fields = {};
  const char* const end =
      ::strptime(text.c_str(), text[10] == 'T' ? "%Y-%m-%dT%T" : "%F %T", &fields);
  ONRUSH_CHECK(end != nullptr);
  const int64_t millis = *end == '.' ? std::stoi(std::string(end + 1, 3)) : 0;
  return int64_t{::timegm(&fields)} * 1000 + millis;
}

std::string UtcText(int64_t millis) {
  const std::time_t seconds = millis / 1000;  // nothing here is before 1970
  std::tm fields = {};
  ONRUSH_CHECK(::gmtime_r(&seconds, &fields) != nullptr);
  char text[32];
  const size_t size = std::strftime(text, sizeof text, "%FT%T", &fields);
  const std::string fraction = millis % 1000 == 0 ? "" : fmt::format(".{:03}", millis % 1000);
  return std::string(text, size) + fraction + 'Z';
}

}  // namespace onrush::realdata
