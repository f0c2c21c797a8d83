// Flink's tests of late events: V08 to V11 of our collection (WindowOperatorTest of the streaming
// and of the table runtime). V12 needs cumulating windows, which onrush does not have.
#include <string>

#include "doctest/doctest.h"
#include "tests/support/flink_script.h"
#include "tests/support/plan_maker.h"

namespace onrush {

TEST_SUITE_BEGIN("tests/operators/flink_lateness");

// Where Flink says nothing of an event that misses some of its windows, we write it to the late
// output: the lines P are ours.
TEST_CASE("V08: late events of sliding windows go to the late output") {
  const std::string script = R"(
E 1000 key2 1
W 1999
O key2 1 -1000 2000
E 2000 key2 1
W 3000
O key2 2 0 3000
E 3001 key1 1
E 2400 key2 1
P 2400 key2 1
E 2400 key2 1
P 2400 key2 1
E 3001 key1 1
E 3900 key2 1
W 6000
O key2 5 1000 4000
O key1 2 1000 4000
O key2 4 2000 5000
O key1 2 2000 5000
O key2 1 3000 6000
O key1 2 3000 6000
E 3001 key1 1
L 3001 key1 1
W 25000
)";
  const QueryPlan query = FlinkSum(Hopping(Millis(3000), Millis(1000)), {0});
  CHECK(WithUpdatesAsOutput(PlayFlinkScript(query, script)) == SortedScript(script));
}

TEST_CASE("V09: late events of tumbling windows go to the late output") {
  const std::string script = R"(
E 1000 key2 1
W 1985
E 1980 key2 1
W 1999
O key2 2 0 2000
E 1998 key2 1
L 1998 key2 1
E 2001 key2 1
W 2999
W 3999
O key2 1 2000 4000
)";
  const QueryPlan query = FlinkSum(Tumbling(Millis(2000)), {0});
  CHECK(WithUpdatesAsOutput(PlayFlinkScript(query, script)) == SortedScript(script));
}

// V10 is the same input with a purging trigger, whose update is what came on top (1); our results
// accumulate, as in V11. Flink's retraction (U-) has no line of ours: the higher revision replaces.
TEST_CASE("V10, V11: an event within the allowed lateness updates its window at once") {
  const std::string script = R"(
E 500 key2 1
W 1500
E 1300 key2 1
W 2300
I key2 2 0 2000
E 1997 key2 1
U+ key2 3 0 2000
W 6000
E 1998 key2 1
L 1998 key2 1
W 7000
)";
  const QueryPlan query = FlinkSum(Tumbling(Millis(2000)), Millis(500));
  CHECK(PlayFlinkScript(query, script) == SortedScript(script));
}

// Without late_updates = "each" the update waits: here for the moment when the window closes.
TEST_CASE("V11: the same update when it waits") {
  const std::string script = R"(
E 500 key2 1
W 1500
E 1300 key2 1
W 2300
I key2 2 0 2000
E 1997 key2 1
W 6000
U+ key2 3 0 2000
E 1998 key2 1
L 1998 key2 1
W 7000
)";
  QueryPlan query = FlinkSum(Tumbling(Millis(2000)), Millis(500));
  query.late_updates = QueryPlan::LateUpdates::kSlide;
  CHECK(PlayFlinkScript(query, script) == SortedScript(script));
}

TEST_SUITE_END();

}  // namespace onrush
