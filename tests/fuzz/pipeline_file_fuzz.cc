// Any text is either a pipeline that an engine can be made of, or an error that names the file.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/check.h"
#include "tools/engine/engine.h"
#include "tools/engine/pipeline_file.h"

namespace {

// Each line tells where it is wrong, but for a last one that counts the rest.
bool IsWellFormed(std::string_view message) {
  constexpr std::string_view kFile = "p.toml:";
  while (true) {
    const size_t end = message.find('\n');
    const std::string_view line = message.substr(0, end);
    if (!line.starts_with(kFile) || line.size() == kFile.size()) return false;
    if (end == std::string_view::npos) return true;
    message.remove_prefix(end + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<onrush::Plan> plan = onrush::ParsePipeline(text, "p.toml");
  if (!plan.ok()) {
    const std::string message(plan.status().message());
    ONRUSH_CHECK(IsWellFormed(message));
    return 0;
  }
  ONRUSH_CHECK(onrush::Engine::Create(*plan, {}, {}).ok());
  return 0;
}
