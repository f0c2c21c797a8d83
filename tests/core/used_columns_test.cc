#include "core/used_columns.h"

#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "tools/engine/pipeline_file.h"

namespace onrush {
namespace {

// The names of the used columns of a stream with fields ts, a … f, for these queries.
std::vector<std::string> UsedBy(const std::string& queries) {
  const auto plan = ParsePipeline(
      "[stream.s]\ntime = 'ts'\n[stream.s.fields]\nts = 'timestamp'\n"
      "a = 'string'\nb = 'string'\nc = 'int'\nd = 'int'\n" +
          queries,
      "p.toml");
  REQUIRE_MESSAGE(plan.ok(), plan.status().ToString());
  const std::vector<bool> used = UsedColumns(*plan, 0);
  std::vector<std::string> names;
  for (size_t i = 0; i < used.size(); ++i) {
    if (used[i]) names.push_back(plan->streams[0].column_name(i));
  }
  return names;
}

using Names = std::vector<std::string>;

TEST_SUITE_BEGIN("core/used_columns");

TEST_CASE("the time, keys, conditions and measures are used, what they do not name is not") {
  CHECK(UsedBy("[[query]]\nname = 'q'\ntype = 'top_k'\nkey = 'a'\nk = 3\n"
               "window = { size = '1m' }\n") == Names{"ts", "a"});
  CHECK(UsedBy("[[query]]\nname = 'q'\ntype = 'top_k'\nkey = 'a'\nk = 3\nby = 'sum(c)'\n"
               "window = { size = '1m' }\nwhere = \"b != 'x' or not d > 1\"\n") ==
        Names{"ts", "a", "b", "c", "d"});
  CHECK(UsedBy("[[query]]\nname = 'q'\ntype = 'velocity'\nkey = 'b'\nwithin = '1m'\n"
               "distinct_at_least = { field = 'a', n = 2 }\n"
               "sum_over = { field = 'd', amount = 5 }\n") == Names{"ts", "a", "b", "d"});
  CHECK(UsedBy("[[query]]\nname = 'q'\ntype = 'aggregate'\ncompute = ['count', 'last(c)']\n") ==
        Names{"ts", "c"});
}

TEST_CASE("what a derived field is made of is used, and the field itself if a query reads it") {
  CHECK(UsedBy("[stream.s.derive]\ne = { type = 'int', expr = 'c + 1' }\n"
               "[[query]]\nname = 'q'\ntype = 'aggregate'\nkey = 'a'\ncompute = ['count']\n") ==
        Names{"ts", "a", "c"});
  CHECK(UsedBy("[stream.s.derive]\ne = { type = 'int', expr = 'c + 1' }\n"
               "[[query]]\nname = 'q'\ntype = 'aggregate'\ncompute = ['sum(e)']\n") ==
        Names{"ts", "c", "e"});
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
