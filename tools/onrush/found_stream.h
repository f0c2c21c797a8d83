// A stream for events that no pipeline describes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/block/block_schema.h"
#include "core/plan.h"
#include "core/runtime/source.h"

namespace onrush {

// A stream without a time column (SIZE_MAX), unless the input has one, with all columns that
// `block`, the first of an input, tells of: CSV's header, the members of JSON lines (`a.b` for
// those of objects in them), each a string, or an .orb block's columns with their types and time.
// Fails with kInvalidArgument where there are none, or no plan can name them.
absl::StatusOr<StreamPlan> FindStream(const TextBlock& block, Format format);

// `described`, a pipeline's stream, or where there is none, what FindStream() finds.
absl::StatusOr<StreamPlan> StreamOrFound(const std::optional<StreamPlan>& described,
                                         const TextBlock& block, Format format);

// True if an .orb block has this schema. Reads its head alone; false too if that is damaged.
bool HasSchema(const TextBlock& block, const BlockSchema& schema);

// The first member of a JSON line, with its path, that is not among the stream's fields. Members
// that are null count as well; a line that is no object has none.
std::optional<std::string> FindOtherMember(const StreamPlan& stream, std::string_view line);

}  // namespace onrush
