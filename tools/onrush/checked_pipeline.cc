#include "tools/onrush/checked_pipeline.h"

#include <utility>

#include "core/status_macros.h"
#include "tools/engine/pipeline_file.h"

namespace onrush {

absl::StatusOr<std::unique_ptr<Engine>> LoadChecked(const std::string& path) {
  ONRUSH_ASSIGN_OR_RETURN(Plan plan, LoadPipeline(path));
  return Engine::Create(std::move(plan), EngineOptions(), EngineOutputs());
}

}  // namespace onrush
