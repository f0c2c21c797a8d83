#include "tools/engine/unsupported_settings.h"

#include <algorithm>
#include <array>

namespace onrush {
namespace {

struct Unsupported {
  std::string_view section;
  std::string_view key;
};

constexpr std::array<Unsupported, 13> kUnsupported = {{
    {"file", "lookup"},
    {"stream", "id"},
    {"stream", "dedup_within"},
    {"stream", "idle_timeout"},
    {"stream", "when_idle"},
    {"window", "gap"},
    {"top_k", "early"},
    {"top_k", "finals"},
    {"velocity", "emit"},
    {"aggregate", "early"},
    {"aggregate", "finals"},
    {"aggregate", "key_ttl"},
    {"aggregate", "alert"},
}};

}  // namespace

bool IsUnsupported(std::string_view section, std::string_view key) {
  return std::any_of(kUnsupported.begin(), kUnsupported.end(), [&](const Unsupported& entry) {
    return entry.section == section && entry.key == key;
  });
}

}  // namespace onrush
