#include "tools/engine/unsupported_settings.h"

#include <algorithm>
#include <array>

namespace onrush {
namespace {

struct Unsupported {
  std::string_view section;
  std::string_view key;
  std::string_view value;  // empty: the key with any value
};

constexpr std::array<Unsupported, 17> kUnsupported = {{
    {"file", "lookup", ""},
    {"stream", "id", ""},
    {"stream", "dedup_within", ""},
    {"stream", "idle_timeout", ""},
    {"stream", "when_idle", ""},
    {"stream", "max_ahead", ""},
    {"stream", "format", "common_log"},
    {"stream", "format", "combined_log"},
    {"stream", "format", "late"},
    {"window", "gap", ""},
    {"top_k", "early", ""},
    {"top_k", "finals", ""},
    {"velocity", "emit", ""},
    {"aggregate", "early", ""},
    {"aggregate", "finals", ""},
    {"aggregate", "key_ttl", ""},
    {"aggregate", "alert", ""},
}};

}  // namespace

bool IsUnsupported(std::string_view section, std::string_view key, std::string_view value) {
  return std::any_of(kUnsupported.begin(), kUnsupported.end(), [&](const Unsupported& entry) {
    return entry.section == section && entry.key == key && entry.value == value;
  });
}

}  // namespace onrush
