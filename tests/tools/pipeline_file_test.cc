#include "tools/engine/pipeline_file.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "doctest/doctest.h"
#include "fmt/format.h"

namespace onrush {
namespace {

struct ErrorCase {
  std::string_view snippet;
  std::string_view error;
};

std::string ErrorsOf(std::string_view text) {
  const absl::StatusOr<Plan> plan = ParsePipeline(text, "p.toml");
  return plan.ok() ? "no error" : std::string(plan.status().message());
}

// Settings of a stream, from line 2 on, in a file that is otherwise right.
std::string WithStream(std::string_view settings) {
  return fmt::format(
      "[stream.clicks]\n{}\n[stream.clicks.fields]\nts = 'timestamp'\npage = 'string'\n"
      "amount = 'decimal(2)'\n[[query]]\nname = 'q'\ntype = 'aggregate'\ncompute = ['count']\n",
      settings);
}

// A query's settings, from line 12 on, in a file that is otherwise right.
std::string WithQuery(std::string_view settings) {
  return fmt::format(
      "[stream.clicks]\ntime = 'ts'\nallowed_lateness = '1h'\n[stream.clicks.fields]\n"
      "ts = 'timestamp'\npage = 'string'\nuser = 'string'\namount = 'decimal(2)'\n"
      "weight = 'float'\n[[query]]\nname = 'q'\n{}\n",
      settings);
}

std::string WithTopK(std::string_view settings) {
  return WithQuery(fmt::format("type = 'top_k'\n{}", settings));  // from line 13 on
}
std::string WithVelocity(std::string_view settings) {
  return WithQuery(fmt::format("type = 'velocity'\n{}", settings));
}
std::string WithAggregate(std::string_view settings) {
  return WithQuery(fmt::format("type = 'aggregate'\n{}", settings));
}

void CheckErrors(std::string (*file)(std::string_view), const std::vector<ErrorCase>& cases) {
  for (const ErrorCase& c : cases) {
    CAPTURE(c.snippet);
    CHECK(ErrorsOf(file(c.snippet)) == c.error);
  }
}

Plan Parse(std::string_view text) {
  absl::StatusOr<Plan> plan = ParsePipeline(text, "dir/p.toml");
  REQUIRE_MESSAGE(plan.ok(), plan.status().message());
  return *std::move(plan);
}

QueryPlan ParseQuery(const std::string& text) { return Parse(text).queries[0]; }

std::string File(std::string_view text) { return std::string(text); }

TEST_SUITE("tools/engine/pipeline_file") {
  TEST_CASE("a stream's settings reach its plan") {
    const Plan plan = Parse(R"toml(
name = "shop"
[stream.clicks]
format = "csv"
delimiter = "\t"
header = false
time = "at"
time_format = "%Y-%m-%d %H:%M:%S"
time_zone = "Europe/London"
max_out_of_orderness = "10m"
allowed_lateness = "1h"
valid_from = "1995-01-01T00:00:00Z"
valid_until = 1996-01-01T01:00:00+01:00
[stream.clicks.fields]
zone = "string"
at = "timestamp"
"user.id" = "int"
price = "decimal(3)"
weight = "float"
paid = "bool"
[stream.clicks.derive]
total = { type = "decimal(3)", expr = "price * 2" }
more = { type = "decimal(3)", expr = "total + 1" }
[[query]]
name = "q"
type = "aggregate"
compute = ["count"]
window = { size = "1h" }
)toml");
    CHECK(plan.name == "shop");
    REQUIRE(plan.streams.size() == 1);
    const StreamPlan& stream = plan.streams[0];
    CHECK(stream.name == "clicks");
    CHECK(stream.format == Format::kCsv);
    CHECK(stream.delimiter == '\t');
    CHECK_FALSE(stream.header);
    CHECK(stream.time_column == 1);
    CHECK(stream.time_format.kind == TimeFormat::Kind::kPattern);
    CHECK(stream.time_format.pattern == "%Y-%m-%d %H:%M:%S");
    CHECK(stream.time_format.time_zone == "Europe/London");
    CHECK(stream.max_out_of_orderness == Duration{600 * kNanosPerSecond});
    CHECK(stream.valid_from == ParseInstant("1995-01-01T00:00:00Z"));
    CHECK(stream.valid_until == ParseInstant("1996-01-01T00:00:00Z"));
    std::string columns;
    for (size_t c = 0; c < stream.column_count(); ++c) {
      columns += fmt::format("{} {}, ", stream.column_name(c), TypeName(stream.column_type(c)));
    }
    CHECK(columns ==
          "zone string, at timestamp, user.id int, price decimal(3), weight float, paid bool, "
          "total decimal(3), more decimal(3), ");
    CHECK(stream.derived[1].expr.text == "total + 1");
    CHECK(stream.derived[1].expr.root.operands[0].column == 6);
    CHECK(plan.queries[0].allowed_lateness == Duration{3600 * kNanosPerSecond});
  }

  TEST_CASE("what a file leaves out has the documented default") {
    const Plan plan = Parse(WithStream("time = 'ts'"));
    const StreamPlan& stream = plan.streams[0];
    CHECK(plan.name == "p");
    CHECK_FALSE(stream.format);
    CHECK(stream.delimiter == ',');
    CHECK(stream.header);
    CHECK(stream.time_format.kind == TimeFormat::Kind::kRfc3339);
    CHECK(stream.max_out_of_orderness == Duration{});
    CHECK_FALSE(stream.valid_from);
    CHECK_FALSE(stream.valid_until);
    const QueryPlan& query = plan.queries[0];
    CHECK(query.key.empty());
    CHECK_FALSE(query.where);
    CHECK(query.window() == nullptr);
    CHECK(query.allowed_lateness == Duration{});
    CHECK(query.late_updates == QueryPlan::LateUpdates::kSlide);
    CHECK(std::get<AggregatePlan>(query.kind).emit == AggregatePlan::Emit::kChange);
  }

  TEST_CASE("every time format has its name") {
    using Kind = TimeFormat::Kind;
    const std::vector<std::pair<std::string_view, Kind>> formats = {
        {"unix_s", Kind::kUnixSeconds}, {"unix_ms", Kind::kUnixMillis},
        {"unix_us", Kind::kUnixMicros}, {"unix_ns", Kind::kUnixNanos},
        {"rfc3339", Kind::kRfc3339},    {"clf", Kind::kClf}};
    for (const auto& [name, kind] : formats) {
      const Plan plan = Parse(WithStream(fmt::format("time = 'ts'\ntime_format = '{}'", name)));
      CHECK(plan.streams[0].time_format.kind == kind);
    }
  }

  TEST_CASE("a top_k query reaches its plan") {
    const QueryPlan query = ParseQuery(WithTopK(R"toml(key = ["user", "page"]
window = { size = "5m", slide = "1m", origin = "1970-01-01T00:00:30Z" }
k = 100000
by = " sum ( amount ) "
where = "page = 'a' and amount > 1"
allowed_lateness = "0s"
late_updates = "each"
from = "clicks")toml"));
    CHECK(query.name == "q");
    CHECK(query.stream == 0);
    CHECK(query.key == std::vector<size_t>{2, 1});
    CHECK(query.allowed_lateness == Duration{});
    CHECK(query.late_updates == QueryPlan::LateUpdates::kEach);
    CHECK(query.where->text == "page = 'a' and amount > 1");
    CHECK(query.where->root.op == Expr::Op::kAnd);
    const TopKPlan& top_k = std::get<TopKPlan>(query.kind);
    CHECK(top_k.k == 100'000);
    CHECK(top_k.by.kind == MeasurePlan::Kind::kSum);
    CHECK(top_k.by.column == 3);
    CHECK(top_k.by.name == "sum_amount");
    CHECK(top_k.window.kind == WindowPlan::Kind::kFixed);
    CHECK(top_k.window.size == Duration{300 * kNanosPerSecond});
    CHECK(top_k.window.slide == Duration{60 * kNanosPerSecond});
    CHECK(top_k.window.origin == EventTime{30 * kNanosPerSecond});
  }

  TEST_CASE("top_k counts if nothing else is said, and a window without a slide tumbles") {
    const QueryPlan query = ParseQuery(WithTopK("key = 'page'\nwindow = { size = '5m' }\nk = 1"));
    const TopKPlan& top_k = std::get<TopKPlan>(query.kind);
    CHECK(top_k.by.kind == MeasurePlan::Kind::kCount);
    CHECK(top_k.by.name == "count");
    CHECK(top_k.window.slide == top_k.window.size);
    CHECK(query.allowed_lateness == Duration{3600 * kNanosPerSecond});
  }

  TEST_CASE("a velocity query reaches its plan") {
    const QueryPlan query = ParseQuery(WithVelocity(R"toml(key = "user"
within = "2m"
count_over = 0
distinct_at_least = { field = "page", n = 2 }
sum_over = { field = "amount", amount = 99.999 }
cooldown = "1h")toml"));
    CHECK(query.key == std::vector<size_t>{2});
    const VelocityPlan& velocity = std::get<VelocityPlan>(query.kind);
    CHECK(velocity.within == Duration{120 * kNanosPerSecond});
    CHECK(velocity.count_over == 0);
    CHECK(velocity.distinct->column == 1);
    CHECK(velocity.distinct->at_least == 2);
    CHECK(velocity.sum->column == 3);
    CHECK(velocity.sum->amount == 9999);
    CHECK(velocity.sum->amount_float == 99.999);
    CHECK(velocity.sum->text == "99.999");
    CHECK(velocity.cooldown == Duration{3600 * kNanosPerSecond});
  }

  TEST_CASE("an amount is exact however it is written") {
    const auto sum = [](std::string_view field, std::string_view amount) {
      const QueryPlan query = ParseQuery(WithVelocity(
          fmt::format("key = 'user'\nwithin = '2m'\nsum_over = {{ field = '{}', amount = {} }}",
                      field, amount)));
      return *std::get<VelocityPlan>(query.kind).sum;
    };
    CHECK(sum("amount", "500").amount == 50000);
    CHECK(sum("amount", "'500.019'").amount == 50001);
    CHECK(sum("amount", "1_000.5").amount == 100050);
    CHECK(sum("amount", "1e3").amount == 100000);
    CHECK(sum("amount", "1.2345e+2").amount == 12345);
    CHECK(sum("amount", "129e-3").amount == 12);
    CHECK(sum("amount", "1e-30").amount == 0);
    CHECK(sum("amount", "0").amount == 0);
    CHECK(sum("amount", "-0.0").amount == 0);
    CHECK(sum("amount", "0.1").text == "0.1");
    CHECK(sum("weight", "0.1").amount_float == 0.1);
    CHECK(sum("weight", "'1e3'").amount_float == 1000);
  }

  TEST_CASE("an aggregate reaches its plan") {
    const QueryPlan query = ParseQuery(WithAggregate(R"toml(
window = { size = "1d", time_zone = "Europe/London" }
compute = ["count", "sum(amount) as total", "avg(weight)", "min(page)", "max(ts)",
           "distinct(user)", "first(amount)", "last(amount) as newest"])toml"));
    const AggregatePlan& aggregate = std::get<AggregatePlan>(query.kind);
    REQUIRE(aggregate.window);
    CHECK(aggregate.window->kind == WindowPlan::Kind::kZonedDay);
    CHECK(aggregate.window->time_zone == "Europe/London");
    CHECK(aggregate.window->size == Duration{kNanosPerDay});
    CHECK(aggregate.window->slide == Duration{kNanosPerDay});
    std::string measures;
    for (const MeasurePlan& measure : aggregate.compute) {
      measures +=
          fmt::format("{}:{}:{} ", static_cast<int>(measure.kind), measure.column, measure.name);
    }
    CHECK(measures ==
          "0:0:count 1:3:total 4:4:avg_weight 2:1:min_page 3:0:max_ts 5:2:distinct_user "
          "6:3:first_amount 7:3:newest ");
  }

  TEST_CASE("a running aggregate emits changes or the final state") {
    const QueryPlan query = ParseQuery(WithAggregate("compute = ['count']\nemit = 'final'"));
    CHECK(std::get<AggregatePlan>(query.kind).emit == AggregatePlan::Emit::kFinal);
  }

  TEST_CASE("errors in the settings of a file as a whole") {
    CheckErrors(
        File, {{"",
                "p.toml:1:1: stream: found nothing; would be right: a table for each stream, such "
                "as [stream.clicks]\n"
                "p.toml:1:1: query: found nothing; would be right: a table for each query, "
                "[[query]]"},
               {"a = ",
                "p.toml:1:5: no TOML: Error while parsing key-value pair: encountered "
                "end-of-file"},
               {"a = 1\na = 2",
                "p.toml:2:5: no TOML: Error while parsing key-value pair: cannot "
                "redefine existing integer 'a'"},
               {"\xff", "p.toml:1:1: no TOML: Encountered invalid utf-8 sequence"}});
    const std::string good = WithStream("time = 'ts'");
    CHECK(ErrorsOf("nme = 'x'\n" + good) ==
          "p.toml:1:1: nme: found an unknown setting; would be right: 'name'");
    CHECK(ErrorsOf("name = 3\n" + good) ==
          "p.toml:1:8: name: found the integer 3; would be right: a name for the pipeline");
    CHECK(ErrorsOf(good + "[lookup.products]\nkey = 'x'") ==
          "p.toml:11:2: lookup is not supported yet");
    CHECK(ErrorsOf("[stream]\nformat = 'csv'\n" + good) ==
          "p.toml:2:10: stream.format: found the string 'csv'; would be right: a table for each "
          "stream, such as [stream.clicks]");
    CHECK(ErrorsOf("query = 3\n[stream.clicks]\ntime = 'ts'\nfields.ts = 'timestamp'") ==
          "p.toml:1:9: query: found the integer 3; would be right: a table for each query, "
          "[[query]]");
    CHECK(ErrorsOf("query = [3]\n[stream.clicks]\ntime = 'ts'\nfields.ts = 'timestamp'") ==
          "p.toml:1:10: query: found the integer 3; would be right: a table for each query, "
          "[[query]]");
  }

  TEST_CASE("errors in a stream") {
    CheckErrors(
        WithStream,
        {{"time = 'ts'", "no error"},
         {"",
          "p.toml:1:1: stream.clicks.time: found nothing; would be right: the field that "
          "holds the event time"},
         {"time = 3",
          "p.toml:2:8: stream.clicks.time: found the integer 3; would be right: the "
          "field that holds the event time"},
         {"time = 'tss'",
          "p.toml:2:8: stream.clicks.time: found 'tss', no declared field; would "
          "be right: 'ts'"},
         {"time = 'page'",
          "p.toml:2:8: stream.clicks.time: found 'page', of type string; would "
          "be right: a field of type timestamp"},
         {"time = 'ts'\nformt = 'csv'",
          "p.toml:3:1: stream.clicks.formt: found an unknown "
          "setting; would be right: 'format'"},
         {"time = 'ts'\nformat = 'cvs'",
          "p.toml:3:10: stream.clicks.format: found 'cvs'; would "
          "be right: 'csv'"},
         {"time = 'ts'\nformat = 'combined_log'",
          "p.toml:3:10: stream.clicks.format = 'combined_log' is not supported yet"},
         {"time = 'ts'\nid = 'page'\ndedup_within = '1m'\nidle_timeout = '1m'\nmax_ahead = '1m'\n"
          "when_idle = 'hold'",
          "p.toml:3:1: stream.clicks.id is not supported yet\n"
          "p.toml:4:1: stream.clicks.dedup_within is not supported yet\n"
          "p.toml:5:1: stream.clicks.idle_timeout is not supported yet\n"
          "p.toml:6:1: stream.clicks.max_ahead is not supported yet\n"
          "p.toml:7:1: stream.clicks.when_idle is not supported yet"},
         {"time = 'ts'\ndelimiter = ';;'",
          "p.toml:3:13: stream.clicks.delimiter: found the string ';;'; would be right: one "
          "character such as ';' or '\\t'"},
         {"time = 'ts'\ndelimiter = '\"'",
          "p.toml:3:13: stream.clicks.delimiter: found the string '\"'; would be right: one "
          "character such as ';' or '\\t'"},
         {"time = 'ts'\nheader = 'no'",
          "p.toml:3:10: stream.clicks.header: found the string "
          "'no'; would be right: true or false"},
         {"time = 'ts'\nformat = 'jsonl'\nheader = false\ndelimiter = ';'",
          "p.toml:4:10: stream.clicks.header: found header beside format = 'jsonl'; would be "
          "right: no header, or format = 'csv'\n"
          "p.toml:5:13: stream.clicks.delimiter: found delimiter beside format = 'jsonl'; would "
          "be right: no delimiter, or format = 'csv'"},
         {"time = 'ts'\ntime_format = 'unix_sec'",
          "p.toml:3:15: stream.clicks.time_format: found 'unix_sec'; would be right: 'unix_s'"},
         {"time = 'ts'\ntime_format = '%d/%m'",
          "p.toml:3:15: stream.clicks.time_format: found '%d/%m': needs the year once: %Y or %y"},
         {"time = 'ts'\ntime_format = '%Y-%m-%d'\ntime_zone = 'Europe/Londn'",
          "p.toml:4:13: stream.clicks.time_zone: found 'Europe/Londn', no known time zone; would "
          "be right: a name of the IANA time zone data base such as 'Europe/London'"},
         {"time = 'ts'\ntime_format = '%Y-%m-%d'\ntime_zone = '/etc/localtime'",
          "p.toml:4:13: stream.clicks.time_zone: found '/etc/localtime', no known time zone; "
          "would be right: a name of the IANA time zone data base such as 'Europe/London'"},
         {"time = 'ts'\ntime_format = 'unix_ms'\ntime_zone = 'Europe/London'",
          "p.toml:4:13: stream.clicks.time_zone: found the string 'Europe/London'; would be "
          "right: no time_zone, or a time_format that is a pattern such as '%Y-%m-%d %H:%M:%S'"},
         {"time = 'ts'\nmax_out_of_orderness = '10 m'\nallowed_lateness = '-1s'",
          "p.toml:3:24: stream.clicks.max_out_of_orderness: found '10 m'; would be right: a "
          "duration such as '10m', '1h30m' or '0s'\n"
          "p.toml:4:20: stream.clicks.allowed_lateness: found '-1s'; would be right: a duration "
          "such as '10m', '1h30m' or '0s'"},
         {"time = 'ts'\nallowed_lateness = 60",
          "p.toml:3:20: stream.clicks.allowed_lateness: found the integer 60; would be right: a "
          "duration such as '10m', '1h30m' or '0s'"},
         {"time = 'ts'\nvalid_from = 'yesterday'",
          "p.toml:3:14: stream.clicks.valid_from: found the string 'yesterday'; would be right: "
          "an instant such as '2024-01-31T08:00:00Z'"},
         {"time = 'ts'\nvalid_from = 2024-01-31T08:00:00",
          "p.toml:3:14: stream.clicks.valid_from: found the date or time 2024-01-31T08:00:00; "
          "would be right: an instant such as '2024-01-31T08:00:00Z'"},
         {"time = 'ts'\nvalid_from = '2024-01-01T00:00:00Z'\nvalid_until = 2023-01-01T00:00:00Z",
          "p.toml:4:15: stream.clicks.valid_until: found 2023-01-01T00:00:00Z; would be right: an "
          "instant after valid_from, 2024-01-01T00:00:00Z"}});
  }

  TEST_CASE("errors in the fields of a stream") {
    CheckErrors(
        File,
        {{"[stream.clicks]\ntime = 'ts'\n[[query]]\nname = 'q'\ntype = 'aggregate'\n"
          "compute = ['sum(x)']",
          "p.toml:1:1: stream.clicks.fields: found nothing; would be right: a table with a type "
          "for each field"},
         {"[stream.clicks]\ntime = 'ts'\n[stream.clicks.fields]\n[[query]]\nname = 'q'\n"
          "type = 'aggregate'\ncompute = ['count']",
          "p.toml:2:8: stream.clicks.time: found 'ts', no declared field; would be right: a field "
          "of type timestamp\n"
          "p.toml:3:1: stream.clicks.fields: found no field; would be right: one line for each "
          "field that the queries use"},
         {"[stream.clicks]\ntime = 'ts'\n[stream.clicks.fields]\nts = 'timestmp'\na = 'decimal'\n"
          "b = 'decimal(19)'\nc = 3\nuser.id = 'int'\n\"\" = 'int'\n[[query]]\nname = 'q'\n"
          "type = 'aggregate'\ncompute = ['count']",
          "p.toml:4:6: stream.clicks.fields.ts: found 'timestmp'; would be right: 'timestamp'\n"
          "p.toml:5:5: stream.clicks.fields.a: found 'decimal'; would be right: 'decimal(2)', "
          "with 0 to 18 digits after the point\n"
          "p.toml:6:5: stream.clicks.fields.b: found 'decimal(19)'; would be right: 'decimal(2)', "
          "with 0 to 18 digits after the point\n"
          "p.toml:7:5: stream.clicks.fields.c: found the integer 3; would be right: a type such "
          "as 'int', 'decimal(2)' or 'string'\n"
          "p.toml:8:1: stream.clicks.fields.user: found a table; would be right: a type such as "
          "'int', 'decimal(2)' or 'string'; the name of a nested field stands in quotes, "
          "\"user.…\"\n"
          "p.toml:9:6: stream.clicks.fields.: found an empty name; would be right: the name of a "
          "field"}});
  }

  TEST_CASE("errors in derived fields") {
    const auto with_derived = [](std::string_view line) {
      return ErrorsOf(WithStream("time = 'ts'") + fmt::format("[stream.clicks.derive]\n{}", line));
    };
    CHECK(with_derived("x = { type = 'decimal(2)', expr = 'amount + amunt' }") ==
          "p.toml:12:45: stream.clicks.derive.x.expr: found 'amunt', no field of stream "
          "'clicks'; would be right: 'amount'");
    CHECK(with_derived("x = { type = 'decimal(2)', expr = 'y' }\n"
                       "y = { type = 'decimal(2)', expr = 'amount' }") ==
          "p.toml:12:36: stream.clicks.derive.x.expr: found 'y', no field of stream 'clicks'; "
          "would be right: one of 'ts', 'page', 'amount'");
    CHECK(with_derived("amount = { type = 'int', expr = '1' }") ==
          "p.toml:12:1: stream.clicks.derive.amount: found the name of a declared field; would be "
          "right: a name of its own");
    CHECK(with_derived("x = 'amount'") ==
          "p.toml:12:5: stream.clicks.derive.x: found the string 'amount'; would be right: a "
          "table such as { type = 'decimal(2)', expr = 'quantity * price' }");
    CHECK(with_derived("x = { typ = 'int' }") ==
          "p.toml:12:5: stream.clicks.derive.x.type: found nothing; would be right: a type such "
          "as 'int', 'decimal(2)' or 'string'\n"
          "p.toml:12:5: stream.clicks.derive.x.expr: found nothing; would be right: an "
          "expression\n"
          "p.toml:12:7: stream.clicks.derive.x.typ: found an unknown setting; would be right: "
          "'type'");
    CHECK(with_derived("x = { type = 'string', expr = 'amount' }") ==
          "p.toml:12:32: stream.clicks.derive.x.expr: found 'amount', a decimal(2) for a string; "
          "would be right: a string (a literal stands in single quotes)");
  }

  TEST_CASE("a wrong expression is shown at its place in the file, if that can be told") {
    CHECK(ErrorsOf(WithAggregate("compute = ['count']\nwhere = \"page = 'é' AND amount > 1\"")) ==
          "p.toml:14:21: query.q.where: found 'AND'; would be right: 'and'");
    CHECK(ErrorsOf(WithAggregate("compute = ['count']\nwhere = \"page = \\u0027a' AND true\"")) ==
          "p.toml:14:9: query.q.where: column 12 of the expression: found 'AND'; would be right: "
          "'and'");
    CHECK(ErrorsOf(
              WithAggregate("compute = ['count']\nwhere = '''\npage = 'a'\nAND\n amount > 1'''")) ==
          "p.toml:14:9: query.q.where: column 12 of the expression: found 'AND'; would be right: "
          "'and'");
    CHECK(ErrorsOf(WithAggregate("compute = ['count']\nwhere = 'amount'")) ==
          "p.toml:14:10: query.q.where: found 'amount', a decimal(2); would be right: a "
          "condition, such as a comparison or a field of type bool");
  }

  TEST_CASE("errors in what every query has") {
    CheckErrors(
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
      return ErrorsOf(WithTopK(fmt::format("key = 'page'\nk = 1\nwindow = {}", window)));
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
    CheckErrors(
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
          "'type', 'from', 'key', 'where', 'allowed_lateness', 'window', 'k', 'by', "
          "'late_updates'"}});
  }

  TEST_CASE("errors in velocity queries") {
    CheckErrors(
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
          "'name', 'type', 'from', 'key', 'where', 'allowed_lateness', 'within', 'count_over', "
          "'distinct_at_least', 'sum_over', 'cooldown'"}});
  }

  TEST_CASE("errors in aggregates") {
    CheckErrors(
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
    CHECK(ErrorsOf(WithAggregate("compute = ['count', 'count']")) ==
          "p.toml:13:11: query.q.compute: found 'count" + tail);
    CHECK(ErrorsOf(WithAggregate("compute = ['count as time']")) ==
          "p.toml:13:11: query.q.compute: found 'time" + tail);
    CHECK(ErrorsOf(WithAggregate("compute = ['count as time']\nwindow = { size = '1m' }")) ==
          "no error");
    CHECK(ErrorsOf(WithAggregate("compute = ['count as revision']\nwindow = { size = '1m' }")) ==
          "p.toml:13:11: query.q.compute: found 'revision" + tail);
    CHECK(ErrorsOf(WithAggregate("key = 'page'\ncompute = ['count as page']")) ==
          "p.toml:14:11: query.q.compute: found 'page" + tail);
    const auto keyed = [](std::string_view key, std::string_view query) {
      return ErrorsOf(fmt::format(
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

  TEST_CASE("several streams are read, checked and refused for now") {
    const std::string two =
        "[stream.a]\ntime = 'ts'\nfields = { ts = 'timestamp', x = 'int' }\n[stream.b]\n"
        "time = 'ts'\nfields = { ts = 'timestamp', y = 'int' }\n[[query]]\nname = 'q'\n"
        "type = 'aggregate'\ncompute = ['sum(y)']\n";
    const std::string refusal = "p.toml:4:9: stream.b: several streams are not supported yet";
    CHECK(ErrorsOf(two + "from = 'b'") == refusal);
    CHECK(ErrorsOf(two) == refusal +
                               "\np.toml:7:1: query.q.from: found nothing; would be right: one of "
                               "'a', 'b'");
    CHECK(ErrorsOf(two + "from = 'a'") == refusal +
                                              "\np.toml:10:17: query.q.compute: found 'y', no "
                                              "field of stream 'a'; would be right: one of 'ts', "
                                              "'x'");
  }

  TEST_CASE("an error in the fields does not cast doubt on the names that queries use") {
    CHECK(ErrorsOf("[stream.s]\ntime = 'ts'\n[stream.s.fields]\nts = 'timestamp'\nx = 'itn'\n"
                   "[[query]]\nname = 'q'\ntype = 'aggregate'\ncompute = ['sum(x)']\n"
                   "where = 'x > 3'\nkey = 'x'") ==
          "p.toml:5:5: stream.s.fields.x: found 'itn'; would be right: 'int'");
  }

  TEST_CASE("twenty errors are enough") {
    std::string text;
    for (int i = 0; i < 30; ++i) text += fmt::format("x{} = 1\n", i);
    const std::string errors = ErrorsOf(text + WithStream("time = 'ts'"));
    CHECK(std::count(errors.begin(), errors.end(), '\n') == 20);
    CHECK(errors.ends_with("\np.toml: 10 more errors"));
  }

  TEST_CASE("what a message quotes stays on one line and short") {
    const std::string long_name(1000, 'x');
    const std::string error = ErrorsOf(WithQuery(fmt::format("type = \"top\\nk{}\"", long_name)));
    CHECK(error.find('\n') == std::string::npos);
    CHECK(error.size() < 250);
  }

  TEST_CASE("nesting that would exhaust the stack is refused") {
    const auto repeat = [](std::string_view text, size_t times) {
      std::string out;
      for (size_t i = 0; i < times; ++i) out += text;
      return out;
    };
    constexpr std::string_view kLong = "a key of more than 32 parts; would be right: at most 32";
    CHECK(ErrorsOf("a" + repeat(".a", 50'000) + " = 1") ==
          fmt::format("p.toml:1:64: found {}", kLong));
    CHECK(ErrorsOf("\n['a.b'" + repeat(" . \"a\"", 50'000) + "]").find(kLong) != std::string::npos);
    CHECK(ErrorsOf("x = { a" + repeat(".a", 50'000) + " = 1 }").find(kLong) != std::string::npos);
    CHECK(ErrorsOf("s = '''\n'''\na" + repeat(".a", 50'000)).find(kLong) != std::string::npos);
    CHECK(ErrorsOf("s = \"\"\"\\\"\"\"\"\"\na" + repeat(".a", 50'000)).find(kLong) !=
          std::string::npos);
    CHECK(ErrorsOf("a = " + repeat("[", 100'000)).find("maximum nested value depth") !=
          std::string::npos);
    CHECK(ErrorsOf("a = " + repeat("{a=", 100'000)).find("maximum nested value depth") !=
          std::string::npos);
  }

  TEST_CASE("a letter beyond ASCII outside strings is no TOML, and not undefined either") {
    CHECK(ErrorsOf("é = 1") ==
          "p.toml:1:1: no TOML: Error while parsing root table: expected keys, tables, whitespace "
          "or comments, saw 'é'");
    CHECK(ErrorsOf("name = \"\"\"a\\\n é\"\"\"\n# é\n" + WithStream("time = 'ts'")) == "no error");
  }

  TEST_CASE("a header that begins with a comment does not end the program") {
    CHECK(ErrorsOf("[# x\n]") ==
          "p.toml:1:2: no TOML: Error while parsing key: expected bare key starting "
          "character or string delimiter, saw '#'");
  }

  TEST_CASE("a newline in a key does not break the message") {
    const std::string error = ErrorsOf("\"a\\nb\" = 1\n\"a\\nb\" = 2");
    CHECK(error.starts_with("p.toml:2:"));
    CHECK(error.find('\n') == std::string::npos);
  }

  TEST_CASE("dots that are not in keys do not count") {
    const std::string dots(500, '.');
    CHECK(ErrorsOf(fmt::format("# {0}\nname = '{0}'\n{1}", dots, WithStream("time = 'ts'"))) ==
          "no error");
    CHECK(ErrorsOf(fmt::format("name = \"\"\"{0}\"{0}\\\"\"\"{0}\"\"\"\"\n{1}", dots,
                               WithStream("time = 'ts'"))) == "no error");
  }

  TEST_CASE("a file that is no pipeline at all is refused by its size") {
    CHECK(ErrorsOf(std::string(2'000'000, '#')) ==
          "p.toml:1:1: found more than 1048576 bytes; would be right: at most 1048576");
  }

  TEST_CASE("a byte order mark is skipped") {
    CHECK(ErrorsOf("\xEF\xBB\xBFnme = 3\n" + WithStream("time = 'ts'")) ==
          "p.toml:1:1: nme: found an unknown setting; would be right: 'name'");
  }

  TEST_CASE("the example pipelines are right") {
    for (std::string_view name : {"top_pages", "card_velocity", "inventory"}) {
      const std::string path = fmt::format("{}/tools/pipelines/{}.toml", ONRUSH_SOURCE_ROOT, name);
      const absl::StatusOr<Plan> plan = LoadPipeline(path);
      REQUIRE_MESSAGE(plan.ok(), plan.status().message());
      CHECK(plan->name == name);
      CHECK(plan->queries.size() == 2);
    }
  }

  TEST_CASE("a file is loaded from disk, and one that cannot be read says why") {
    const std::filesystem::path path =
        std::filesystem::temp_directory_path() / fmt::format("onrush_{}.toml", ::getpid());
    std::ofstream(path) << WithStream("time = 'ts'");
    const absl::StatusOr<Plan> plan = LoadPipeline(path.string());
    std::filesystem::remove(path);
    REQUIRE(plan.ok());
    CHECK(plan->name == path.stem().string());
    CHECK(LoadPipeline("/nowhere/p.toml").status() ==
          absl::NotFoundError("/nowhere/p.toml: cannot be read: No such file or directory"));
    CHECK(LoadPipeline("/").status() ==
          absl::UnavailableError("/: cannot be read: Is a directory"));
  }
}

}  // namespace
}  // namespace onrush
