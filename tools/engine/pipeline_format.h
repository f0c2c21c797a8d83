// Reads how a stream's input is written.
#pragma once

#include "core/plan.h"
#include "tools/engine/setting_table.h"

namespace onrush {

// Reads format, raw_format, header and delimiter of [stream.NAME] into `plan`, whose fields are
// there, and reports what is wrong with them or what they make wrong: fields that a log does not
// have. Sets the time format that logs have unless another is asked for.
void ReadInputFormat(const SettingTable& settings, StreamPlan& plan);

}  // namespace onrush
