// The model against results worked out by hand, the documented example lines among them.
#include "tests/support/model.h"

#include <string>

#include "doctest/doctest.h"
#include "tests/support/plan_maker.h"

namespace onrush {
namespace {

using Kind = TimeFormat::Kind;

RunResult Run(const Plan& plan, const std::string& text) {
  return RunModel(plan, {0, "in.csv", text});
}

// The line that contains `part`.
std::string LineWith(const std::string& lines, const std::string& part) {
  const size_t at = lines.find(part);
  if (at == std::string::npos) return "";
  const size_t begin = lines.rfind('\n', at) + 1;  // npos + 1 is 0
  return lines.substr(begin, lines.find('\n', at) - begin);
}

StreamPlan Clicks(Duration bound) {
  return MakeStream("clicks", Kind::kUnixMillis, bound,
                    {{"ts", kTimestampType}, {"user", kStringType}, {"page", kStringType}});
}

QueryPlan CountPer(Duration size, Duration lateness) {
  AggregatePlan aggregate;
  aggregate.window = Tumbling(size);
  aggregate.compute = {Count()};
  return MakeQuery("n", {2}, lateness, aggregate);
}

std::string CountLine(int seq, const char* start, const char* end, int revision, const char* page,
                      int count) {
  return "{\"query\":\"n\",\"seq\":" + std::to_string(seq) +
         ",\"window_start\":\"1970-01-01T00:00:" + start +
         "Z\",\"window_end\":\"1970-01-01T00:00:" + end +
         "Z\",\"revision\":" + std::to_string(revision) + ",\"page\":\"" + page +
         "\",\"count\":" + std::to_string(count) + "}\n";
}

}  // namespace

TEST_SUITE_BEGIN("tests/support/model");

TEST_CASE("top_k gives the documented line") {
  TopKPlan top_k;
  top_k.window = Hopping(Minutes(5), Minutes(1));
  top_k.k = 2;
  top_k.by = Count();
  const Plan plan = MakePlan(Clicks(Minutes(0)), {MakeQuery("top_pages", {2}, {0}, top_k)});
  std::string text;
  for (int seq = 0; seq < 812; ++seq) {
    const std::string page = seq < 12 ? "/a" : seq < 21 ? "/b" : "/" + std::to_string(seq);
    text += "804571200000,u," + page + "\n";  // 1995-07-01T04:00:00Z
  }
  text += "804571500000,u,/b\n";
  CHECK(LineWith(Run(plan, text).results, "04:05:00Z\",\"rev") ==
        R"({"query":"top_pages","seq":812,"window_start":"1995-07-01T04:00:00Z",)"
        R"("window_end":"1995-07-01T04:05:00Z","revision":0,)"
        R"("top":[{"rank":1,"page":"/a","count":12},{"rank":2,"page":"/b","count":9}]})");
}

TEST_CASE("velocity gives the documented line") {
  VelocityPlan velocity;
  velocity.within = Minutes(2);
  velocity.count_over = 3;
  velocity.distinct = {2, 2};
  velocity.sum = {3, 10000, 100, "100"};
  const Plan plan = MakePlan(MakeStream("payments", Kind::kRfc3339, {0},
                                        {{"ts", kTimestampType},
                                         {"card", kStringType},
                                         {"merchant", kStringType},
                                         {"amt", DecimalType(2)}}),
                             {MakeQuery("card_velocity", {1}, {0}, velocity)});
  std::string text;
  for (int seq = 0; seq < 87; ++seq) text += "2020-06-21T12:00:00Z,,m,1\n";
  text +=
      "2020-06-21T12:12:25Z,4613,a,20.25\n"  // exactly two minutes before the last
      "2020-06-21T12:13:00Z,4613,b,40\n"
      "2020-06-21T12:13:00Z,4613,b,\n"
      "2020-06-21T12:14:25Z,4613,c,60.25\n";
  CHECK(Run(plan, text).results ==
        R"({"query":"card_velocity","seq":90,"event_seq":90,"time":"2020-06-21T12:14:25Z",)"
        R"("card":"4613","count":4,"distinct_merchant":3,"sum_amt":120.50,)"
        R"("window_start":"2020-06-21T12:12:25Z"})"
        "\n");
}

TEST_CASE("an aggregate over days and a running one give the documented lines") {
  AggregatePlan daily;
  daily.window = DaysOf("Europe/London");
  daily.compute = {Count(), {MeasurePlan::Kind::kSum, 3, "sold"}};
  AggregatePlan stock;
  stock.compute = {{MeasurePlan::Kind::kSum, 3, "sum_quantity"}};
  const Plan plan =
      MakePlan(MakeStream("movements", Kind::kRfc3339, {0},
                          {{"ts", kTimestampType},
                           {"sku", kStringType},
                           {"warehouse", kStringType},
                           {"quantity", kIntType}}),
               {MakeQuery("daily_sales", {1, 2}, {0}, daily), MakeQuery("stock", {1}, {0}, stock)});
  std::string text;
  for (int i = 0; i < 37; ++i) text += "2010-12-01T00:00:00Z,other,A,1\n";
  for (int i = 0; i < 39; ++i) text += "2010-12-01T08:26:00Z,85123A,A,12\n";
  text += "2010-12-01T08:26:00Z,85123A,A,-14\n";  // 39 · 12 − 14 = 454
  text += "2010-12-02T00:00:00Z,other,A,1\n";
  const RunResult result = Run(plan, text);
  CHECK(LineWith(result.results, "\"sold\":454") ==
        R"({"query":"daily_sales","seq":77,"window_start":"2010-12-01T00:00:00Z",)"
        R"("window_end":"2010-12-02T00:00:00Z","revision":0,"sku":"85123A","warehouse":"A",)"
        R"("count":40,"sold":454})");
  CHECK(LineWith(result.results, "\"seq\":76,") ==
        R"({"query":"stock","seq":76,"time":"2010-12-01T08:26:00Z","sku":"85123A",)"
        R"("sum_quantity":454})");
}

TEST_CASE("late and bad lines are as documented") {
  TopKPlan top_k;
  top_k.window = Hopping(Minutes(5), Minutes(1));
  top_k.k = 2;
  top_k.by = Count();
  const Plan plan = MakePlan(Clicks(Minutes(0)), {MakeQuery("top_pages", {2}, {0}, top_k)});
  const RunResult result = Run(plan, "421000,u,a\n\n60000,u,a\nx,u,a\n390000,\"u\",a\n");
  CHECK(result.late ==
        R"({"stream":"clicks","seq":1,"time":"1970-01-01T00:01:00Z",)"
        R"("watermark":"1970-01-01T00:07:01Z","late_by_ms":361000,)"
        R"("queries":[{"query":"top_pages","missed":5,"counted":0}],"raw":"60000,u,a"})"
        "\n"
        R"({"stream":"clicks","seq":3,"time":"1970-01-01T00:06:30Z",)"
        R"("watermark":"1970-01-01T00:07:01Z","late_by_ms":31000,)"
        R"("queries":[{"query":"top_pages","missed":1,"counted":4}],"raw":"390000,\"u\",a"})"
        "\n");
  CHECK(result.bad == R"({"stream":"clicks","file":"in.csv","line":4,"seq":2,)"
                      R"("reason":"ts: not a value of its type","raw":"x,u,a"})"
                      "\n");
  CHECK(result.streams[0] == RunResult::StreamLedger{4, 1});
  CHECK(result.queries[0] == RunResult::QueryLedger{2, 1, 1, 0, 0, 0});
}

TEST_CASE("a late update waits for the next multiple of the slide") {
  const Plan plan = MakePlan(Clicks(Seconds(0)), {CountPer(Seconds(10), Seconds(20))});
  const RunResult result = Run(plan,
                               "1000,u,a\n"
                               "12000,u,a\n"    // fires [0, 10)
                               "2000,u,a\n"     // late, counts
                               "3000,u,b\n"     // late, a key that was not there
                               "19000,u,a\n"    // no multiple of ten seconds crossed
                               "21000,u,a\n");  // fires [10, 20), tells of [0, 10)
  CHECK(result.results ==
        CountLine(1, "00", "10", 0, "a", 1) + CountLine(5, "00", "10", 1, "a", 2) +
            CountLine(5, "00", "10", 0, "b", 1) + CountLine(5, "10", "20", 0, "a", 2) +
            CountLine(6, "20", "30", 0, "a", 1));
}

TEST_CASE("a pending update comes when its window closes for good") {
  const Plan plan = MakePlan(Clicks(Seconds(0)), {CountPer(Seconds(10), Seconds(5))});
  const RunResult result = Run(plan, "1000,u,a\n12000,u,a\n2000,u,a\n16000,u,a\n3000,u,a\n");
  CHECK(result.results == CountLine(1, "00", "10", 0, "a", 1) +
                              CountLine(3, "00", "10", 1, "a", 2) +
                              CountLine(5, "10", "20", 0, "a", 2));
  CHECK(result.queries[0] == RunResult::QueryLedger{4, 1, 0, 0, 0, 0});
}

TEST_CASE("late_updates each tells at once, and only what differs") {
  AggregatePlan aggregate;
  aggregate.window = Tumbling(Seconds(10));
  aggregate.compute = {{MeasurePlan::Kind::kDistinct, 1, "distinct_user"}};
  QueryPlan query = MakeQuery("n", {2}, Seconds(20), aggregate);
  query.late_updates = QueryPlan::LateUpdates::kEach;
  const RunResult result = Run(MakePlan(Clicks(Seconds(0)), {query}),
                               "1000,u,a\n12000,u,a\n2000,u,a\n2000,v,a\n2000,w,b\n");
  const auto line = [](int seq, int revision, const char* page, int distinct) {
    return "{\"query\":\"n\",\"seq\":" + std::to_string(seq) +
           ",\"window_start\":\"1970-01-01T00:00:00Z\",\"window_end\":\"1970-01-01T00:00:10Z\"," +
           "\"revision\":" + std::to_string(revision) + ",\"page\":\"" + page +
           "\",\"distinct_user\":" + std::to_string(distinct) + "}\n";
  };
  const std::string before_the_end = line(1, 0, "a", 1) + line(3, 1, "a", 2) + line(4, 0, "b", 1);
  CHECK(result.results.substr(0, before_the_end.size()) == before_the_end);
}

TEST_CASE("an event out of order flags events before it, and a cooldown silences later times") {
  VelocityPlan velocity;
  velocity.within = Seconds(10);
  velocity.count_over = 1;
  QueryPlan query = MakeQuery("v", {2}, Seconds(20), velocity);
  const StreamPlan stream = Clicks(Seconds(20));
  const std::string text = "10000,u,a\n30000,u,a\n8000,u,a\n20000,u,a\n";
  const auto line = [](int seq, int event_seq, const char* time, int count, const char* start) {
    return "{\"query\":\"v\",\"seq\":" + std::to_string(seq) +
           ",\"event_seq\":" + std::to_string(event_seq) + ",\"time\":\"1970-01-01T00:00:" + time +
           "Z\",\"page\":\"a\",\"count\":" + std::to_string(count) +
           ",\"window_start\":\"1970-01-01T00:00:" + start + "Z\"}\n";
  };
  const std::string early = line(2, 0, "10", 2, "00");
  const std::string first = line(3, 3, "20", 2, "10");
  const std::string second = line(3, 1, "30", 2, "20");
  CHECK(Run(MakePlan(stream, {query}), text).results == early + first + second);
  std::get<VelocityPlan>(query.kind).cooldown = Seconds(10);
  // 20 is cooling down from 10 and starts nothing, so that 30 comes out.
  CHECK(Run(MakePlan(stream, {query}), text).results == early + second);
}

TEST_CASE("velocity refuses negative values and books late, null and filtered events") {
  VelocityPlan velocity;
  velocity.within = Seconds(10);
  velocity.sum = {2, 0, 0, "0"};
  const StreamPlan stream = MakeStream(
      "s", Kind::kUnixSeconds, {0}, {{"ts", kTimestampType}, {"k", kStringType}, {"f", kIntType}});
  QueryPlan query = MakeQuery("v", {1}, Seconds(1), velocity);
  query.where = Where(stream, "k is null or k != 'x'");
  const RunResult result =
      Run(MakePlan(stream, {query}), "10,a,-1\n5,a,1\n10,,1\n10,x,1\n9,a,\n9.5,a,2\n");
  CHECK(result.queries[0] == RunResult::QueryLedger{2, 1, 0, 1, 1, 1});
  CHECK(result.bad == R"({"stream":"s","file":"in.csv","line":1,"seq":0,)"
                      R"("reason":"v: f: negative value: '-1'","raw":"10,a,-1"})"
                      "\n");
  CHECK(result.late == R"({"stream":"s","seq":1,"time":"1970-01-01T00:00:05Z",)"
                       R"("watermark":"1970-01-01T00:00:10Z","late_by_ms":5000,)"
                       R"("queries":[{"query":"v","missed":1,"counted":0}],"raw":"5,a,1"})"
                       "\n");
  CHECK(result.results ==
        R"({"query":"v","seq":5,"event_seq":5,"time":"1970-01-01T00:00:09.500Z",)"
        R"("k":"a","count":2,"sum_f":2,"window_start":"1969-12-31T23:59:59.500Z"})"
        "\n");
}

TEST_CASE("days of a zone are 23, 25 hours or missing") {
  AggregatePlan daily;
  daily.compute = {Count()};
  StreamPlan stream = MakeStream("s", Kind::kRfc3339, {0}, {{"ts", kTimestampType}});
  const auto first_window = [&](const std::string& zone, const std::string& time) {
    daily.window = DaysOf(zone);
    const std::string line =
        Run(MakePlan(stream, {MakeQuery("d", {}, {0}, daily)}), time + "\n").results;
    const size_t at = line.find("window_start") + 15;
    return line.substr(at, 20) + ' ' + line.substr(at + 36, 20);
  };
  CHECK(first_window("Europe/London", "2023-03-26T12:00:00Z") ==
        "2023-03-26T00:00:00Z 2023-03-26T23:00:00Z");
  CHECK(first_window("Europe/London", "2023-10-29T12:00:00Z") ==
        "2023-10-28T23:00:00Z 2023-10-30T00:00:00Z");
  // Midnight does not exist: the day begins at one o'clock.
  CHECK(first_window("America/Sao_Paulo", "2018-11-04T12:00:00Z") ==
        "2018-11-04T03:00:00Z 2018-11-05T02:00:00Z");
  // A minute after midnight the clock went back to 23:01; the day had begun.
  CHECK(first_window("America/St_Johns", "2010-11-07T02:31:00Z") ==
        "2010-11-07T02:30:00Z 2010-11-08T03:30:00Z");
  // There was no 30 December.
  CHECK(first_window("Pacific/Apia", "2011-12-30T10:00:00Z") ==
        "2011-12-30T10:00:00Z 2011-12-31T10:00:00Z");
  CHECK(first_window("Pacific/Apia", "2011-12-30T09:59:59Z") ==
        "2011-12-29T10:00:00Z 2011-12-30T10:00:00Z");
}

TEST_CASE("local times that happen twice or not at all") {
  StreamPlan stream = MakeStream("s", Kind::kPattern, Hours(100), {{"ts", kTimestampType}});
  stream.time_format.pattern = "%Y-%m-%d %H:%M:%S";
  AggregatePlan running;
  running.compute = {Count()};
  const auto instant = [&](const std::string& zone, const std::string& text) {
    stream.time_format.time_zone = zone;
    const std::string line =
        Run(MakePlan(stream, {MakeQuery("r", {}, {0}, running)}), text + "\n").results;
    const size_t at = line.find("\"time\":\"") + 8;
    return line.substr(at, line.find('"', at) - at);
  };
  CHECK(instant("Europe/London", "2023-10-29 01:30:00") == "2023-10-29T00:30:00Z");
  CHECK(instant("Europe/London", "2023-03-26 1:30:00.5") == "2023-03-26T01:30:00.500Z");
  CHECK(instant("Pacific/Apia", "2011-12-30 12:00:00") == "2011-12-30T22:00:00Z");
  CHECK(instant("Australia/Lord_Howe", "2023-10-01 02:10:00") == "2023-09-30T15:40:00Z");
}

TEST_CASE("expressions keep their precedence, two-valued logic and exact arithmetic") {
  StreamPlan stream = MakeStream("s", Kind::kUnixSeconds, {0},
                                 {{"ts", kTimestampType},
                                  {"a", kIntType},
                                  {"d", DecimalType(2)},
                                  {"f", kFloatType},
                                  {"s", kStringType},
                                  {"b", kBoolType}});
  AggregatePlan running;
  running.compute = {Count()};
  QueryPlan query = MakeQuery("r", {}, {0}, running);
  const auto passes = [&](const std::string& where) {
    query.where = Where(stream, where);
    return Run(MakePlan(stream, {query}), "0,7,0.10,0.1,it's,\n").queries[0].counted == 1;
  };
  CHECK(passes("a = 1 or a = 7 and not a = 8"));
  CHECK_FALSE(passes("(a = 1 or a = 7) and a = 8"));
  CHECK(passes("a + 1 * 2 = 9 and (a + 1) * 2 = 16 and a - 2 - 1 = 4 and a / 7 * 7 = 7"));
  CHECK(passes("d + 0.2 = 0.3 and d * 3 = 0.30 and a / 3 * 3 = a"));
  CHECK_FALSE(passes("f + f + f = 0.3"));
  CHECK(passes("f = d and -a < -6.5 and 1 / 3 + 1 / 3 + 1 / 3 = 1"));
  CHECK(passes("a / 0 is null and not (a / (d - 0.1) = 1)"));
  CHECK(passes("s = 'it''s' and starts_with(s, 'it') and s in ('x', 'it''s') and s < 'jt'"));
  CHECK(passes("not b and b is null and not (b = true) and not (b = false)"));
  CHECK(passes("ts = '1970-01-01T00:00:00Z' and ts < '1970-01-01T01:00:01+01:00'"));
  CHECK(passes("9223372036854775807 * 9223372036854775807 * 4 is null"));
}

TEST_CASE("derived fields are exact or the event is bad") {
  StreamPlan stream = MakeStream("s", Kind::kUnixSeconds, {0},
                                 {{"ts", kTimestampType}, {"a", kIntType}, {"d", DecimalType(2)}});
  stream.derived.push_back(Derive(stream, "half", DecimalType(1), "a / 2"));
  stream.derived.push_back(Derive(stream, "all", DecimalType(3), "half * d"));
  AggregatePlan running;
  running.compute = {{MeasurePlan::Kind::kLast, 4, "last_all"}};
  const RunResult result = Run(MakePlan(stream, {MakeQuery("r", {}, {0}, running)}),
                               "0,3,1.25\n1,3,\n2,9223372036854775807,1\n");
  CHECK(result.results ==
        "{\"query\":\"r\",\"seq\":0,\"time\":\"1970-01-01T00:00:00Z\",\"last_all\":1.875}\n"
        "{\"query\":\"r\",\"seq\":1,\"time\":\"1970-01-01T00:00:01Z\",\"last_all\":1.875}\n");
  CHECK(result.streams[0].bad == 1);
}

TEST_CASE("measures skip nulls and keep their types") {
  using Measure = MeasurePlan::Kind;
  StreamPlan stream = MakeStream(
      "s", Kind::kUnixSeconds, Hours(1),
      {{"ts", kTimestampType}, {"d", DecimalType(2)}, {"f", kFloatType}, {"s", kStringType}});
  AggregatePlan final;
  final.emit = AggregatePlan::Emit::kFinal;
  final.compute = {Count(),
                   {Measure::kSum, 1, "sum"},
                   {Measure::kAvg, 1, "avg"},
                   {Measure::kSum, 2, "sum_f"},
                   {Measure::kMin, 3, "min"},
                   {Measure::kFirst, 3, "first"},
                   {Measure::kLast, 3, "last"},
                   {Measure::kDistinct, 2, "distinct"}};
  const Plan plan = MakePlan(stream, {MakeQuery("r", {}, {0}, final)});
  CHECK(Run(plan, "5,1,-0.0,b\n4,,,\n4,0.1,0,a\n5,-0.4,,c\n").results ==
        R"({"query":"r","seq":4,"time":"1970-01-01T00:00:05Z","count":4,"sum":0.70,)"
        R"("avg":0.23333333333333334,"sum_f":0.0,"min":"a","first":"a","last":"c","distinct":1})"
        "\n");
  CHECK(Run(plan, "0,,,\n").results ==
        R"({"query":"r","seq":1,"time":"1970-01-01T00:00:00Z","count":1,"sum":null,)"
        R"("avg":null,"sum_f":null,"min":null,"first":null,"last":null,"distinct":0})"
        "\n");
}

TEST_CASE("ties in top_k go to the smaller key, and keys without a measure are not ranked") {
  TopKPlan top_k;
  top_k.window = Tumbling(Seconds(10));
  top_k.k = 2;
  top_k.by = {MeasurePlan::Kind::kSum, 2, "sum_v"};
  const Plan plan = MakePlan(MakeStream("s", Kind::kUnixSeconds, {0},
                                        {{"ts", kTimestampType}, {"k", kIntType}, {"v", kIntType}}),
                             {MakeQuery("t", {1}, {0}, top_k)});
  const std::string line = Run(plan, "0,10,1\n0,9,1\n0,-1,1\n0,3,\n0,4,0\n").results;
  CHECK(line.find(R"("top":[{"rank":1,"k":-1,"sum_v":1},{"rank":2,"k":9,"sum_v":1}]})") !=
        std::string::npos);
  CHECK(Run(plan, "0,3,\n").results.empty());
}

TEST_CASE("guards make bad events that do not move the watermark") {
  StreamPlan stream = Clicks(Seconds(0));
  stream.valid_from = EventTime{0};
  stream.valid_until = EventTime{Seconds(100).ns};
  const RunResult result =
      Run(MakePlan(stream, {CountPer(Seconds(10), {0})}), "-1,u,a\n100000,u,a\n0,u,a\n99999,u,a\n");
  CHECK(result.streams[0] == RunResult::StreamLedger{4, 2});
  CHECK(result.queries[0].counted == 2);
}

TEST_CASE("CSV quotes, line ends and headers") {
  StreamPlan stream =
      MakeStream("s", Kind::kUnixSeconds, {0}, {{"t", kTimestampType}, {"a", kStringType}});
  stream.header = true;
  AggregatePlan running;
  running.compute = {Count()};
  const Plan plan = MakePlan(stream, {MakeQuery("r", {1}, {0}, running)});
  const RunResult result = Run(plan,
                               "\xEF\xBB\xBF\n\r\na,b,t\r\n\"x\n\"\"y\",,1\na\"b\"\rc,,2\r\n"
                               "\"\",,3\n\"a\"b,,4\na,5\n\n\"open");
  CHECK(result.results.find(R"("a":"x\n\"y")") != std::string::npos);
  CHECK(result.results.find(R"("a":"a\"b\"\rc")") != std::string::npos);
  CHECK(result.queries[0] == RunResult::QueryLedger{2, 0, 0, 1, 0, 0});
  CHECK(result.bad.find(R"("line":8,"seq":3,)") != std::string::npos);
  CHECK(result.bad.find(R"("line":9,"seq":4,)") != std::string::npos);
  CHECK(result.bad.find(R"("line":11,"seq":5,)") != std::string::npos);
  CHECK(result.streams[0] == RunResult::StreamLedger{6, 3});
}

TEST_CASE("JSON Lines: declared members are read strictly, others only scanned") {
  StreamPlan stream = MakeStream("s", Kind::kUnixSeconds, {0},
                                 {{"t", kTimestampType}, {"a.b", kStringType}, {"n", kIntType}});
  stream.format = Format::kJsonLines;
  AggregatePlan running;
  running.compute = {{MeasurePlan::Kind::kLast, 1, "b"}, {MeasurePlan::Kind::kLast, 2, "n"}};
  const Plan plan = MakePlan(stream, {MakeQuery("r", {}, {0}, running)});
  const auto last = [&](const std::string& line) -> std::string {
    const std::string text = Run(plan, line + "\n").results;
    return text.empty() ? "bad" : text.substr(text.find("\"b\""));
  };
  CHECK(last(R"({"t":1,"a":{"b":"x"},"n":2})") == "\"b\":\"x\",\"n\":2}\n");
  CHECK(last(R"( {"x":[{"t":"]"},{}],"\u0074":"1","a":{"c":0,"b":tru},"n":2} )") == "bad");
  CHECK(last(R"({"x":[{"t":"]"},{}],"\u0074":"1","a":{"c":z,"b":true},"n":"2"})") ==
        "\"b\":\"true\",\"n\":2}\n");
  CHECK(last(R"({"t":1,"a":{"b":1.50e3},"n":null,"n":7})") == "\"b\":\"1.50e3\",\"n\":null}\n");
  CHECK(last(R"({"t":1,"a":{"b":"\ud83d\ude00\n"},"a":{"b":"no"}})") ==
        "\"b\":\"\xF0\x9F\x98\x80\\n\",\"n\":null}\n");
  CHECK(last(R"({"t":1,"a":{"b":"\ud83d"}})") == "bad");
  CHECK(last(R"({"t":1,"a":{"b":[]}})") == "bad");
  CHECK(last(R"({"t":1,"n":01})") == "bad");
  CHECK(last(R"({"t":1,"n":1.0})") == "bad");
  CHECK(last(R"({"t":1,})") == "bad");
  CHECK(last(R"({"t":1} x)") == "bad");
  CHECK(last("{\"t\":1,\"x\":\"\xFF\"}") == "bad");
  CHECK(Run(plan, " \t\r\n\n{\"t\":1}").streams[0] == RunResult::StreamLedger{1, 0});
}

TEST_CASE("bytes that are not UTF-8 are replaced in results and kept in raw_base64") {
  AggregatePlan running;
  running.compute = {Count()};
  const RunResult result = Run(MakePlan(Clicks(Seconds(0)), {MakeQuery("r", {2}, {0}, running)}),
                               "1,u,\xF0\x9F\x98|\xED\xA0\x80\xC3\nx,u,\xFF\n");
  CHECK(result.results.find("\"page\":\"\uFFFD|\uFFFD\uFFFD\uFFFD\uFFFD\"") != std::string::npos);
  CHECK(result.bad.find("\"raw_base64\":\"eCx1LP8=\"") != std::string::npos);
}

TEST_SUITE_END();

}  // namespace onrush
