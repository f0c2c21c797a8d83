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
#include "tests/support/pipeline_snippets.h"

namespace onrush {
namespace {

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
    CheckPipelineErrors(
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
    CHECK(PipelineErrorsOf("nme = 'x'\n" + good) ==
          "p.toml:1:1: nme: found an unknown setting; would be right: 'name'");
    CHECK(PipelineErrorsOf("name = 3\n" + good) ==
          "p.toml:1:8: name: found the integer 3; would be right: a name for the pipeline");
    CHECK(PipelineErrorsOf(good + "[lookup.products]\nkey = 'x'") ==
          "p.toml:11:2: lookup is not supported yet");
    CHECK(PipelineErrorsOf("[stream]\nformat = 'csv'\n" + good) ==
          "p.toml:2:10: stream.format: found the string 'csv'; would be right: a table for each "
          "stream, such as [stream.clicks]");
    CHECK(PipelineErrorsOf("query = 3\n[stream.clicks]\ntime = 'ts'\nfields.ts = 'timestamp'") ==
          "p.toml:1:9: query: found the integer 3; would be right: a table for each query, "
          "[[query]]");
    CHECK(PipelineErrorsOf("query = [3]\n[stream.clicks]\ntime = 'ts'\nfields.ts = 'timestamp'") ==
          "p.toml:1:10: query: found the integer 3; would be right: a table for each query, "
          "[[query]]");
  }

  TEST_CASE("several streams are read, checked and refused for now") {
    const std::string two =
        "[stream.a]\ntime = 'ts'\nfields = { ts = 'timestamp', x = 'int' }\n[stream.b]\n"
        "time = 'ts'\nfields = { ts = 'timestamp', y = 'int' }\n[[query]]\nname = 'q'\n"
        "type = 'aggregate'\ncompute = ['sum(y)']\n";
    const std::string refusal = "p.toml:4:9: stream.b: several streams are not supported yet";
    CHECK(PipelineErrorsOf(two + "from = 'b'") == refusal);
    CHECK(PipelineErrorsOf(two) ==
          refusal +
              "\np.toml:7:1: query.q.from: found nothing; would be right: one of "
              "'a', 'b'");
    CHECK(PipelineErrorsOf(two + "from = 'a'") ==
          refusal +
              "\np.toml:10:17: query.q.compute: found 'y', no "
              "field of stream 'a'; would be right: one of 'ts', "
              "'x'");
  }

  TEST_CASE("an error in the fields does not cast doubt on the names that queries use") {
    CHECK(
        PipelineErrorsOf("[stream.s]\ntime = 'ts'\n[stream.s.fields]\nts = 'timestamp'\nx = 'itn'\n"
                         "[[query]]\nname = 'q'\ntype = 'aggregate'\ncompute = ['sum(x)']\n"
                         "where = 'x > 3'\nkey = 'x'") ==
        "p.toml:5:5: stream.s.fields.x: found 'itn'; would be right: 'int'");
  }

  TEST_CASE("twenty errors are enough") {
    std::string text;
    for (int i = 0; i < 30; ++i) text += fmt::format("x{} = 1\n", i);
    const std::string errors = PipelineErrorsOf(text + WithStream("time = 'ts'"));
    CHECK(std::count(errors.begin(), errors.end(), '\n') == 20);
    CHECK(errors.ends_with("\np.toml: 10 more errors"));
  }

  TEST_CASE("what a message quotes stays on one line and short") {
    const std::string long_name(1000, 'x');
    const std::string error =
        PipelineErrorsOf(WithQuery(fmt::format("type = \"top\\nk{}\"", long_name)));
    CHECK(error.find('\n') == std::string::npos);
    CHECK(error.size() < 250);
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
