#include "tools/engine/pipeline_stream.h"

#include <string>
#include <string_view>

#include "doctest/doctest.h"
#include "fmt/format.h"
#include "tests/support/pipeline_snippets.h"
#include "tools/engine/pipeline_file.h"

namespace onrush {
namespace {

std::string AsItIs(std::string_view text) { return std::string(text); }

TEST_SUITE("tools/engine/pipeline_stream") {
  TEST_CASE("errors in a stream") {
    CheckPipelineErrors(
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
         {"time = 'ts'\nformat = 'late'\nheader = false\ndelimiter = ';'", "no error"},
         {"time = 'ts'\nformat = 'late'\nraw_format = 'jsonl'", "no error"},
         {"time = 'ts'\nformat = 'late'\nraw_format = 'late'",
          "p.toml:4:14: stream.clicks.raw_format: found 'late'; would be right: one of 'csv', "
          "'jsonl', 'common_log', 'combined_log'"},
         {"time = 'ts'\nraw_format = 'csv'",
          "p.toml:3:14: stream.clicks.raw_format: found raw_format without format = 'late'; would "
          "be right: no raw_format, or format = 'late'"},
         {"time = 'ts'\nformat = 'late'\nraw_format = 'jsonl'\nheader = false",
          "p.toml:5:10: stream.clicks.header: found header beside raw_format = 'jsonl'; would be "
          "right: no header, or raw_format = 'csv'"},
         {"time = 'ts'\nid = 'page'\ndedup_within = '1m'\nidle_timeout = '1m'\n"
          "when_idle = 'hold'",
          "p.toml:3:1: stream.clicks.id is not supported yet\n"
          "p.toml:4:1: stream.clicks.dedup_within is not supported yet\n"
          "p.toml:5:1: stream.clicks.idle_timeout is not supported yet\n"
          "p.toml:6:1: stream.clicks.when_idle is not supported yet"},
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
    CheckPipelineErrors(
        AsItIs,
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

  TEST_CASE("a log has its own fields and time format") {
    const std::string query = "[[query]]\nname = 'q'\ntype = 'aggregate'\ncompute = ['count']\n";
    CheckPipelineErrors(
        AsItIs,
        {{"[stream.visits]\nformat = 'common_log'\ntime = 'time'\n[stream.visits.fields]\n"
          "time = 'timestamp'\npth = 'string'\nagent = 'string'\n[[query]]\nname = 'q'\n"
          "type = 'aggregate'\ncompute = ['count']",
          "p.toml:6:7: stream.visits.fields.pth: found 'pth', which a common log does not have; "
          "would be right: 'path'\n"
          "p.toml:7:9: stream.visits.fields.agent: found 'agent', which a common log does not "
          "have; would be right: one of 'host', 'ident', 'user', 'time', 'request', 'method', "
          "'path', 'protocol', 'status', 'bytes'"}});
    for (const std::string_view format :
         {"format = 'combined_log'", "format = 'late'\nraw_format = 'common_log'"}) {
      const absl::StatusOr<Plan> plan = ParsePipeline(
          "[stream.visits]\n" + std::string(format) + "\ntime = 'time'\n[stream.visits.fields]\n" +
              "time = 'timestamp'\npath = 'string'\n" + query,
          "p.toml");
      REQUIRE(plan.ok());
      CHECK(plan->streams[0].time_format.kind == TimeFormat::Kind::kClf);
    }
  }

  TEST_CASE("errors in derived fields") {
    const auto with_derived = [](std::string_view line) {
      return PipelineErrorsOf(WithStream("time = 'ts'") +
                              fmt::format("[stream.clicks.derive]\n{}", line));
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
    CHECK(PipelineErrorsOf(
              WithAggregate("compute = ['count']\nwhere = \"page = 'é' AND amount > 1\"")) ==
          "p.toml:14:21: query.q.where: found 'AND'; would be right: 'and'");
    CHECK(PipelineErrorsOf(
              WithAggregate("compute = ['count']\nwhere = \"page = \\u0027a' AND true\"")) ==
          "p.toml:14:9: query.q.where: column 12 of the expression: found 'AND'; would be right: "
          "'and'");
    CHECK(PipelineErrorsOf(
              WithAggregate("compute = ['count']\nwhere = '''\npage = 'a'\nAND\n amount > 1'''")) ==
          "p.toml:14:9: query.q.where: column 12 of the expression: found 'AND'; would be right: "
          "'and'");
    CHECK(PipelineErrorsOf(WithAggregate("compute = ['count']\nwhere = 'amount'")) ==
          "p.toml:14:10: query.q.where: found 'amount', a decimal(2); would be right: a "
          "condition, such as a comparison or a field of type bool");
  }
}

}  // namespace
}  // namespace onrush
