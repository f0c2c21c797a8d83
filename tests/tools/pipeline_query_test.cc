#include "tools/engine/pipeline_query.h"

#include <string>
#include <string_view>

#include "doctest/doctest.h"
#include "fmt/format.h"
#include "tests/support/pipeline_snippets.h"

namespace onrush {
namespace {

TEST_SUITE("tools/engine/pipeline_query") {
  TEST_CASE("errors in what every query has") {
    CheckPipelineErrors(
        WithQuery,
        {{"",
          "p.toml:10:1: query.q.type: found nothing; would be right: one of 'top_k', "
          "'velocity', 'aggregate'"},
         {"type = 'topk'", "p.toml:12:8: query.q.type: found 'topk'; would be right: 'top_k'"},
         {"type = 'aggregate'\ncompute = ['count']\nfrom = 'click'",
          "p.toml:14:8: query.q.from: found 'click', no stream of this file; would be right: "
          "'clicks'"},
         {"type = 'aggregate'\ncompute = ['count']\nkey = []",
          "p.toml:14:7: query.q.key: found an empty list; would be right: a field or a list of "
          "fields"},
         {"type = 'aggregate'\ncompute = ['count']\nkey = ['page', 3]",
          "p.toml:14:16: query.q.key: found the integer 3; would be right: a field or a list of "
          "fields"},
         {"type = 'aggregate'\ncompute = ['count']\nkey = ['page', 'user', 'page']",
          "p.toml:14:24: query.q.key: found 'page' twice; would be right: each field once"},
         {"type = 'aggregate'\ncompute = ['count']\nkey = 'pgae'",
          "p.toml:14:8: query.q.key: found 'pgae', no field of stream 'clicks'; would be right: "
          "'page'"},
         {"type = 'aggregate'\ncompute = ['count']\nkey = 7",
          "p.toml:14:7: query.q.key: found the integer 7; would be right: a field or a list of "
          "fields"},
         {"type = 'aggregate'\ncompute = ['count']\nwhere = 7",
          "p.toml:14:9: query.q.where: found the integer 7; would be right: a condition such as "
          "\"kind = 'sale'\""},
         {"type = 'aggregate'\ncompute = ['count']\n[[query]]\nname = 'q'\ntype = 'aggregate'\n"
          "compute = ['count']",
          "p.toml:15:8: query.q.name: found the name of an earlier query; would be right: a name "
          "of its own"},
         {"type = 'aggregate'\ncompute = ['count']\n[[query]]\ntype = 'aggregate'\n"
          "compute = ['count']",
          "p.toml:14:1: query[2].name: found nothing; would be right: a name, which every output "
          "line carries"},
         {"type = 'aggregate'\ncompute = ['count']\n[[query]]\nname = ''\ntype = 'aggregate'\n"
          "compute = ['count']",
          "p.toml:15:8: query[2].name: found nothing; would be right: a name"}});
  }

  TEST_CASE("errors in windows") {
    const auto window_error = [](std::string_view window) {
      return PipelineErrorsOf(WithTopK(fmt::format("key = 'page'\nk = 1\nwindow = {}", window)));
    };
    CHECK(window_error("'5m'") ==
          "p.toml:15:10: query.q.window: found the string '5m'; would be right: a table such as "
          "{ size = '5m', slide = '1m' }");
    CHECK(window_error("{ slide = '1m' }") ==
          "p.toml:15:10: query.q.window.size: found nothing; would be right: a duration such as "
          "'10m', '1h30m' or '0s'");
    CHECK(window_error("{ size = '0s' }") ==
          "p.toml:15:19: query.q.window.size: found a span of nothing; would be right: a duration "
          "above 0s");
    CHECK(window_error("{ size = '5m', slide = '2m' }") ==
          "p.toml:15:33: query.q.window.slide: found 2m, of which size = '5m' is no multiple; "
          "would be right: size = '4m', or another slide");
    CHECK(window_error("{ size = '1m', slide = '2m' }") ==
          "p.toml:15:33: query.q.window.slide: found 2m, of which size = '1m' is no multiple; "
          "would be right: size = '2m', or another slide");
    CHECK(window_error("{ size = '1025s', slide = '1s' }") ==
          "p.toml:15:36: query.q.window.slide: found 1025 slides in a window; would be right: at "
          "most 1024");
    CHECK(window_error("{ size = '1024s', slide = '1s' }") == "no error");
    CHECK(window_error("{ size = '1m', sldie = '2m' }") ==
          "p.toml:15:25: query.q.window.sldie: found an unknown setting; would be right: 'slide'");
    CHECK(window_error("{ size = '1m', origin = 'noon' }") ==
          "p.toml:15:34: query.q.window.origin: found the string 'noon'; would be right: an "
          "instant such as '2024-01-31T08:00:00Z'");
    CHECK(window_error("{ gap = '1m' }") ==
          "p.toml:15:12: query.q.window.gap is not supported yet");
    CHECK(window_error("{ size = '1d', slide = '1d', time_zone = 'UTC' }") == "no error");
    CHECK(window_error("{ size = '1h', time_zone = 'Europe/London' }") ==
          "p.toml:15:19: query.q.window.size: found 1h beside a time_zone; would be right: '1d'");
    CHECK(window_error("{ size = '1d', slide = '1h', time_zone = 'Europe/London' }") ==
          "p.toml:15:33: query.q.window.slide: found 1h beside a time_zone; would be right: no "
          "slide (a day follows a day)");
    CHECK(window_error("{ size = '1d', origin = 1970-01-01T00:00:00Z, time_zone = 'UTC' }") ==
          "p.toml:15:34: query.q.window.origin: found an origin beside a time_zone; would be "
          "right: one of the two (days begin at local midnight)");
    CHECK(window_error("{ size = '1d', time_zone = 'Europe/Londn' }") ==
          "p.toml:15:37: query.q.window.time_zone: found 'Europe/Londn', no known time zone; "
          "would be right: a name of the IANA time zone data base such as 'Europe/London'");
    CHECK(window_error("{ size = '1d', time_zone = 1 }") ==
          "p.toml:15:37: query.q.window.time_zone: found the integer 1; would be right: a name "
          "such as 'Europe/London'");
  }

  TEST_CASE("errors in top_k queries") {
    CheckPipelineErrors(
        WithTopK,
        {{"",
          "p.toml:10:1: query.q.key: found nothing; would be right: a field or a list of "
          "fields\n"
          "p.toml:10:1: query.q.window: found nothing; would be right: a table such as { size "
          "= '5m', slide = '1m' }\n"
          "p.toml:10:1: query.q.k: found nothing; would be right: an integer from 1 to 100000"},
         {"key = 'page'\nwindow = { size = '1m' }\nk = 'ten'",
          "p.toml:15:5: query.q.k: found the string 'ten'; would be right: an integer from 1 to "
          "100000"},
         {"key = 'page'\nwindow = { size = '1m' }\nk = 0",
          "p.toml:15:5: query.q.k: found the integer 0; would be right: an integer from 1 to "
          "100000"},
         {"key = 'page'\nwindow = { size = '1m' }\nk = 100_001",
          "p.toml:15:5: query.q.k: found the integer 100_001; would be right: an integer from 1 "
          "to 100000"},
         {"key = 'page'\nwindow = { size = '1m' }\nk = 1\nby = 'avg(amount)'",
          "p.toml:16:7: query.q.by: found 'avg'; would be right: one of 'count', 'sum', "
          "'distinct'"},
         {"key = 'page'\nwindow = { size = '1m' }\nk = 1\nby = 'sum(user)'",
          "p.toml:16:11: query.q.by: found 'user', of type string, in sum; would be right: a "
          "field of type int, decimal or float"},
         {"key = 'page'\nwindow = { size = '1m' }\nk = 1\nby = 'sum(amount) as x'",
          "p.toml:16:7: query.q.by: found 'sum(amount) as x'; would be right: 'count', or 'sum' "
          "or 'distinct' of a field such as 'distinct(user)'"},
         {"key = 'page'\nwindow = { size = '1m' }\nk = 1\nby = 3",
          "p.toml:16:6: query.q.by: found the integer 3; would be right: 'count', or 'sum' or "
          "'distinct' of a field such as 'distinct(user)'"},
         {"key = 'page'\nwindow = { size = '1m' }\nk = 1\nlate_updates = 'all'",
          "p.toml:16:16: query.q.late_updates: found 'all'; would be right: one of 'slide', "
          "'each'"},
         {"key = 'page'\nwindow = { size = '1m' }\nk = 1\nearly = true\nfinals = true",
          "p.toml:16:1: query.q.early is not supported yet\n"
          "p.toml:17:1: query.q.finals is not supported yet"},
         {"key = 'page'\nwindow = { size = '1m' }\nk = 1\nwithin = '1m'",
          "p.toml:16:1: query.q.within: found an unknown setting; would be right: one of 'name', "
          "'type', 'from', 'key', 'where', 'max_keys', 'allowed_lateness', 'window', 'k', 'by', "
          "'late_updates'"}});
  }

  TEST_CASE("errors in velocity queries") {
    CheckPipelineErrors(
        WithVelocity,
        {{"key = 'user'\nwithin = '1m'",
          "p.toml:10:1: query.q: found no condition; would be right: count_over, "
          "distinct_at_least or sum_over, or several of them"},
         {"key = 'user'\ncount_over = 1",
          "p.toml:10:1: query.q.within: found nothing; would be right: a duration such as '10m', "
          "'1h30m' or '0s'"},
         {"within = '1m'\ncount_over = 1",
          "p.toml:10:1: query.q.key: found nothing; would be right: a field or a list of fields"},
         {"key = 'user'\nwithin = '1m'\ncount_over = -1",
          "p.toml:15:14: query.q.count_over: found the integer -1; would be right: an integer "
          "from 0 to 9223372036854775807"},
         {"key = 'user'\nwithin = '1m'\ndistinct_at_least = 2",
          "p.toml:15:21: query.q.distinct_at_least: found the integer 2; would be right: a table "
          "such as { field = 'merchant', n = 2 }"},
         {"key = 'user'\nwithin = '1m'\ndistinct_at_least = { field = 'pge', n = 0, m = 1 }",
          "p.toml:15:32: query.q.distinct_at_least.field: found 'pge', no field of stream "
          "'clicks'; would be right: 'page'\n"
          "p.toml:15:42: query.q.distinct_at_least.n: found the integer 0; would be right: an "
          "integer from 1 to 9223372036854775807\n"
          "p.toml:15:45: query.q.distinct_at_least.m: found an unknown setting; would be right: "
          "one of 'field', 'n'"},
         {"key = 'user'\nwithin = '1m'\ndistinct_at_least = { field = 'pge', n = 1 }",
          "p.toml:15:32: query.q.distinct_at_least.field: found 'pge', no field of stream "
          "'clicks'; would be right: 'page'"},
         {"key = 'user'\nwithin = '1m'\nsum_over = { field = 'page', amount = 1 }",
          "p.toml:15:23: query.q.sum_over.field: found 'page', of type string, in a sum; would be "
          "right: a field of type int, decimal or float"},
         {"key = 'user'\nwithin = '1m'\nsum_over = { field = 'amount' }",
          "p.toml:15:12: query.q.sum_over.amount: found nothing; would be right: a number from 0, "
          "such as 500 or '99.90'"},
         {"key = 'user'\nwithin = '1m'\nsum_over = { field = 'amount', amount = -0.01 }",
          "p.toml:15:41: query.q.sum_over.amount: found the number -0.01; would be right: a "
          "number from 0, such as 500 or '99.90'"},
         {"key = 'user'\nwithin = '1m'\nsum_over = { field = 'amount', amount = inf }",
          "p.toml:15:41: query.q.sum_over.amount: found the number inf; would be right: a number "
          "from 0, such as 500 or '99.90'"},
         {"key = 'user'\nwithin = '1m'\nsum_over = { field = 'amount', amount = 1e37 }",
          "p.toml:15:41: query.q.sum_over.amount: found the number 1e37; would be right: a number "
          "from 0, such as 500 or '99.90'"},
         {"key = 'user'\nwithin = '1m'\nsum_over = { field = 'amount', amount = 'lots' }",
          "p.toml:15:41: query.q.sum_over.amount: found the string 'lots'; would be right: a "
          "number from 0, such as 500 or '99.90'"},
         {"key = 'user'\nwithin = '1m'\ncount_over = 1\ncooldown = 60",
          "p.toml:16:12: query.q.cooldown: found the integer 60; would be right: a duration such "
          "as '10m', '1h30m' or '0s'"},
         {"key = 'user'\nwithin = '1m'\ncount_over = 1\nemit = 'watermark'",
          "p.toml:16:1: query.q.emit is not supported yet"},
         {"key = 'user'\nwithin = '1m'\ncount_over = 1\nlate_updates = 'each'",
          "p.toml:16:1: query.q.late_updates: found an unknown setting; would be right: one of "
          "'name', 'type', 'from', 'key', 'where', 'max_keys', 'allowed_lateness', 'within', 'count_over', "
          "'distinct_at_least', 'sum_over', 'cooldown'"}});
  }

  TEST_CASE("errors in aggregates") {
    CheckPipelineErrors(
        WithAggregate,
        {{"",
          "p.toml:10:1: query.q.compute: found nothing; would be right: a list of 'count', or "
          "a function of a field such as 'sum(quantity) as sold'"},
         {"compute = []",
          "p.toml:13:11: query.q.compute: found an empty list; would be right: "
          "'count', or a function of a field such as 'sum(quantity) as sold'"},
         {"compute = 'count'",
          "p.toml:13:11: query.q.compute: found the string 'count'; would be right: a list of "
          "'count', or a function of a field such as 'sum(quantity) as sold'"},
         {"compute = [1]",
          "p.toml:13:12: query.q.compute: found the integer 1; would be right: 'count', or a "
          "function of a field such as 'sum(quantity) as sold'"},
         {"compute = ['smu(amount)']",
          "p.toml:13:13: query.q.compute: found 'smu'; would be right: 'sum'"},
         {"compute = ['sum( amonut )']",
          "p.toml:13:18: query.q.compute: found 'amonut', no field of stream 'clicks'; would be "
          "right: 'amount'"},
         {"compute = ['avg(page)']",
          "p.toml:13:17: query.q.compute: found 'page', of type string, in avg; would be right: a "
          "field of type int, decimal or float"},
         {"compute = ['sum']",
          "p.toml:13:13: query.q.compute: found 'sum'; would be right: a field in parentheses, "
          "'sum(…)'"},
         {"compute = ['count(page)']",
          "p.toml:13:13: query.q.compute: found 'count(page)'; would be right: 'count' alone, "
          "which counts events"},
         {"compute = ['sum(amount']",
          "p.toml:13:13: query.q.compute: found 'sum(amount'; would be right: 'count', or a "
          "function of a field such as 'sum(quantity) as sold'"},
         {"compute = ['sum()']",
          "p.toml:13:13: query.q.compute: found 'sum()'; would be right: 'count', or a function "
          "of a field such as 'sum(quantity) as sold'"},
         {"compute = ['count as']",
          "p.toml:13:13: query.q.compute: found 'count as'; would be right: 'count', or a "
          "function of a field such as 'sum(quantity) as sold'"},
         {"compute = ['count asx']",
          "p.toml:13:13: query.q.compute: found 'count asx'; would be right: 'count', or a "
          "function of a field such as 'sum(quantity) as sold'"},
         {"compute = ['count as a b']",
          "p.toml:13:13: query.q.compute: found 'count as a b'; would be right: 'count', or a "
          "function of a field such as 'sum(quantity) as sold'"},
         {"compute = ['']",
          "p.toml:13:13: query.q.compute: found ''; would be right: 'count', or a function of a "
          "field such as 'sum(quantity) as sold'"},
         {"compute = ['count']\nemit = 'always'",
          "p.toml:14:8: query.q.emit: found 'always'; would be right: one of 'change', 'final'"},
         {"compute = ['count']\nemit = '10s'",
          "p.toml:14:8: query.q.emit = '10s', a duration, is not supported yet"},
         {"compute = ['count']\nwindow = { size = '1m' }\nemit = 'final'",
          "p.toml:15:8: query.q.emit: found emit beside a window; would be right: one of the two "
          "(windows emit when they end)"},
         {"compute = ['count']\nlate_updates = 'each'\nallowed_lateness = '1m'",
          "p.toml:14:16: query.q.late_updates: found late_updates on a running aggregate, for "
          "which nothing "
          "is late; would be right: a window, or no late_updates\n"
          "p.toml:15:20: query.q.allowed_lateness: found allowed_lateness on a running aggregate, "
          "for which "
          "nothing is late; would be right: a window, or no allowed_lateness"},
         {"compute = ['count']\nkey_ttl = '7d'\nalert = 'count > 3'",
          "p.toml:14:1: query.q.key_ttl is not supported yet\n"
          "p.toml:15:1: query.q.alert is not supported yet"}});
  }

  TEST_CASE("no two values of an output line have the same key") {
    const std::string tail =
        "', a name that the output has already; would be right: another name (a measure takes one "
        "with 'as')";
    CHECK(PipelineErrorsOf(WithAggregate("compute = ['count', 'count']")) ==
          "p.toml:13:11: query.q.compute: found 'count" + tail);
    CHECK(PipelineErrorsOf(WithAggregate("compute = ['count as time']")) ==
          "p.toml:13:11: query.q.compute: found 'time" + tail);
    CHECK(PipelineErrorsOf(WithAggregate(
              "compute = ['count as time']\nwindow = { size = '1m' }")) == "no error");
    CHECK(PipelineErrorsOf(
              WithAggregate("compute = ['count as revision']\nwindow = { size = '1m' }")) ==
          "p.toml:13:11: query.q.compute: found 'revision" + tail);
    CHECK(PipelineErrorsOf(WithAggregate("key = 'page'\ncompute = ['count as page']")) ==
          "p.toml:14:11: query.q.compute: found 'page" + tail);
    const auto keyed = [](std::string_view key, std::string_view query) {
      return PipelineErrorsOf(fmt::format(
          "[stream.s]\ntime = 'ts'\nfields = {{ ts = 'timestamp', {0} = 'int' }}\n[[query]]\n"
          "name = 'q'\nkey = '{0}'\n{1}",
          key, query));
    };
    CHECK(keyed("count",
                "type = 'velocity'\nwithin = '1m'\n"
                "sum_over = { field = 'count', amount = 1 }") ==
          "p.toml:6:7: query.q.key: found 'count" + tail);
    CHECK(keyed("seq", "type = 'velocity'\nwithin = '1m'\ncount_over = 1") ==
          "p.toml:6:7: query.q.key: found 'seq" + tail);
    CHECK(keyed("rank", "type = 'top_k'\nwindow = { size = '1m' }\nk = 1") ==
          "p.toml:6:7: query.q.key: found 'rank" + tail);
    CHECK(keyed("seq", "type = 'top_k'\nwindow = { size = '1m' }\nk = 1") == "no error");
    CHECK(keyed("sum_x", "type = 'aggregate'\ncompute = ['sum(sum_x)']") == "no error");
  }
}

}  // namespace
}  // namespace onrush
