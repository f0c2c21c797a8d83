#include "tools/engine/pipeline_errors.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "tools/engine/message_text.h"

namespace onrush {
namespace {

constexpr size_t kMaxErrors = 20;

}  // namespace

void PipelineErrors::Add(TomlPosition position, std::string_view setting, std::string_view found,
                         std::string_view right) {
  AddText(position, setting, fmt::format("found {}; would be right: {}", found, right));
}

void PipelineErrors::AddText(TomlPosition position, std::string_view setting,
                             std::string_view text) {
  errors_.push_back({position, OnOneLine(fmt::format("{}: {}", setting, text))});
}

void PipelineErrors::AddUnsupported(TomlPosition position, std::string_view what,
                                    std::string_view verb) {
  errors_.push_back({position, OnOneLine(fmt::format("{} {} not supported yet", what, verb))});
}

absl::Status PipelineErrors::ToStatus() const {
  if (errors_.empty()) return absl::OkStatus();
  std::vector<Error> sorted = errors_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Error& a, const Error& b) { return a.position < b.position; });
  std::string message;
  for (size_t i = 0; i < std::min(sorted.size(), kMaxErrors); ++i) {
    const Error& error = sorted[i];
    message += fmt::format("{}{}:{}:{}: {}", i == 0 ? "" : "\n", file_name_, error.position.line,
                           error.position.column, error.text);
  }
  if (sorted.size() > kMaxErrors) {
    message += fmt::format("\n{}: {} more errors", file_name_, sorted.size() - kMaxErrors);
  }
  return absl::InvalidArgumentError(message);
}

}  // namespace onrush
