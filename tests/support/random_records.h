// Writes events as text in all the ways that a format allows, and some that it does not.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/plan.h"
#include "tests/support/random_source.h"

namespace onrush {

// The texts of a stream's declared fields for one event, in their order; nothing: null.
using FieldTexts = std::vector<std::optional<std::string>>;

std::string RandomCsv(const StreamPlan& stream, const std::vector<FieldTexts>& events,
                      RandomSource& random);
std::string RandomJsonLines(const StreamPlan& stream, const std::vector<FieldTexts>& events,
                            RandomSource& random);
// Common or Combined Log Format, as the stream's format says.
std::string RandomLog(const StreamPlan& stream, const std::vector<FieldTexts>& events,
                      RandomSource& random);

}  // namespace onrush
