// Windowed results over taxi trips as a batch gives them, which has all that counts at hand.
#pragma once

#include <cstddef>

#include "tests/realdata/revisions.h"
#include "tests/realdata/trips.h"

namespace onrush::realdata {

// Of an aggregate by pick-up zone or passengers, computing `count`, `income` (the sum of amounts),
// `farthest` (the greatest distance) and `goals` (the distinct drop-off zones).
FinalResults BatchAggregate(const TripQuery& query, const Booking& booking);

// Of a top_k of pick-up zones by the sum of amounts or the number of trips.
FinalResults BatchTopK(const TripQuery& query, const Booking& booking, size_t k, bool by_income);

}  // namespace onrush::realdata
