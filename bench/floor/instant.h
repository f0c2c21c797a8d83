// Times of milliseconds as text.
#pragma once

#include <cstdint>
#include <cstdio>
#include <ctime>
#include <string>

namespace floor_bench {

inline std::string Instant(int64_t ms) {
  const std::time_t seconds = ms / 1000;
  std::tm parts;
  gmtime_r(&seconds, &parts);
  char text[40];
  size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  if (ms % 1000 != 0) {
    size += static_cast<size_t>(
        std::snprintf(text + size, sizeof text - size, ".%03d", static_cast<int>(ms % 1000)));
  }
  return std::string(text, size) + "Z";
}

}  // namespace floor_bench
