// Which columns of .orb files a stream needs.
#pragma once

#include "core/block/block_view.h"
#include "core/plan.h"

namespace onrush {

// Those that rows are made of, or all (a null filter) where records may have to be written.
ColumnFilter NeededColumns(const StreamPlan& stream);

}  // namespace onrush
