// A block of a text input, or a block of columns, as something that arrived.
#pragma once

#include "core/plan.h"
#include "core/runtime/source.h"

namespace onrush {

// Gives `block`, which a source of files filled, the one arrival that it is; none if it is empty.
inline void MakeArrival(Format format, int64_t arrived_ns, TextBlock& block) {
  block.arrivals.clear();
  if (block.text.empty()) return;
  const ArrivalKind kind = format == Format::kOrb ? ArrivalKind::kBlock : ArrivalKind::kText;
  block.arrivals.push_back({kind, block.text, block.file, arrived_ns, block.first_line});
}

}  // namespace onrush
