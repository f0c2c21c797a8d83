#include <memory>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "simdjson.h"
#include "tests/support/string_sink.h"
#include "tools/onrush/profile/host_stalls.h"
#include "tools/onrush/profile/overhead.h"
#include "tools/onrush/profile/renderers.h"

namespace onrush {
namespace {

Profile SomeProfile() {
  Profile profile;
  profile.pipeline = "shop";
  profile.queries = {"top", "say \"hi\""};
  profile.events = 2'000'000;
  profile.elapsed_s = 0.5;
  profile.lines = 42;
  profile.digest = 0xabc;
  ThreadProfile thread;
  thread.name = "ingest";
  thread.wall_ns = 500'000'000;
  thread.cpu_ns = 450'000'000;
  thread.switches_by_others = 3;
  thread.stalls = {.count = 1, .sum = 5'000'000, .percentiles = {5'000'000}, .max = 5'000'000};
  StageProfile decode;
  decode.stage = Stage::kDecode;
  decode.own = {.count = 2'000,
                .sum = 100'000'000,
                .percentiles = {48'000, 51'000, 60'000, 70'000, 1'500'000},
                .max = 1'500'000};
  decode.events = 2'000'000;
  decode.bytes = 200'000'000;
  decode.allocations = 12;
  StageProfile process;
  process.stage = Stage::kProcess;
  process.query = "say \"hi\"";
  process.own = {.count = 1'000, .sum = 395'000'000, .percentiles = {900}, .max = 2'000};
  process.events = 1'000'000;
  thread.stages = {decode, process};
  profile.threads = {thread};
  profile.all_threads = thread;
  profile.host = {
      .watched_ns = 200'000'000,
      .stalls = {.count = 40, .sum = 1'000'000, .percentiles = {24'000}, .max = 60'000}};
  profile.states = {{"top", 0, 100'000, 8'000'000}, {"say \"hi\"", 0, 0, 64}};
  profile.warm_up = {1'000'000, {4'000, 1}};
  profile.steady = {1'000'000, {7, 0}};
  profile.input_over = {0, {5, 0}};
  profile.allocations_counted = true;
  profile.overhead = {
      .calls = 10'000, .ns_per_call = 50, .stall_checks = 100, .ns_per_stall_check = 1'000};
  return profile;
}

TEST_SUITE_BEGIN("tools/onrush/profile");

TEST_CASE("as text, a table a thread, then the state, the faults, the host and the overhead") {
  CHECK(ProfileAsText(SomeProfile()) ==
        R"text(shop: 2,000,000 events in 0.500 s (4.0 M events/s), 42 lines, xxh3:0000000000000abc

ingest: 500.0 ms, of which 450.0 ms on a processor; stopped 3 times by others
  stage             ns/event   share  events/s  bytes/s  times      p50      p90      p99    p99.9  p99.99     max  allocated  steady
  decode               50.00  20.0 %    20.0 M   2.0 GB  2,000  48.0 µs  51.0 µs  60.0 µs  70.0 µs  1.5 ms  1.5 ms         12       0
  process say "hi"    197.50  79.0 %     2.5 M        –  1,000   900 ns     0 ns     0 ns     0 ns    0 ns  2.0 µs          0       0
  (stalled)             2.50   1.0 %         –        –      1   5.0 ms     0 ns     0 ns     0 ns    0 ns  5.0 ms          –       –

  state of  shard     keys   bytes  bytes/key
  top           0  100,000  8.0 MB         80
  say "hi"      0        0    64 B          –

  page faults     events  minor  major  minor per million events
  warm-up      1,000,000  4,000      1                      4000
  steady       1,000,000      7      0                         7
  input over           0      5      0                         –

host: 40 stalls in 200.0 ms before the run, 0.5 % of the time: half of them up to 24.0 µs, the longest 60.0 µs. The guest does not see them: they are in the figures above
measuring: 10,000 looks at the clock of 50 ns and 100 for stalls of 1000 ns: 0.1 % of the time
)text");
}

TEST_CASE("as JSON, one line with the same figures") {
  const std::string text = ProfileAsJson(SomeProfile());
  CHECK(text.find('\n') == text.size() - 1);
  simdjson::dom::parser parser;
  simdjson::dom::element json;
  REQUIRE(parser.parse(text).get(json) == simdjson::SUCCESS);
  const auto number = [&](const char* pointer) {
    double value = -1;
    CHECK_MESSAGE(json.at_pointer(pointer).get(value) == simdjson::SUCCESS, pointer);
    return value;
  };
  CHECK(number("/events_per_s") == 4e6);
  CHECK(number("/threads/0/wall_ns") == 5e8);
  CHECK(number("/threads/0/stalls/ns") == 5e6);
  CHECK(number("/threads/0/stages/0/ns_per_event") == 50);
  CHECK(number("/threads/0/stages/0/share") == 0.2);
  CHECK(number("/threads/0/stages/0/events_per_s") == 2e7);
  CHECK(number("/threads/0/stages/0/bytes_per_s") == 2e9);
  CHECK(number("/threads/0/stages/0/p99.99_ns") == 1.5e6);
  CHECK(number("/threads/0/stages/1/ns_per_event") == 197.5);
  CHECK(number("/states/0/bytes_per_key") == 80);
  CHECK(number("/steady/minor_faults_per_million_events") == 7);
  CHECK(number("/overhead/ns") == 600'000);
  CHECK(number("/overhead/share") == 0.0012);
  CHECK(json.at_pointer("/states/1/bytes_per_key").is_null());
  CHECK(json.at_pointer("/input_over/minor_faults_per_million_events").is_null());
  CHECK(json.at_pointer("/threads/0/stages/0/query").is_null());
  CHECK(std::string_view(json.at_pointer("/threads/0/stages/1/query")) == "say \"hi\"");
  CHECK(std::string_view(json.at_pointer("/digest")) == "xxh3:0000000000000abc");
}

TEST_CASE("a trace that was cut says so") {
  std::vector<std::unique_ptr<StageTimer>> timers;
  timers.push_back(
      std::make_unique<StageTimer>(StageTimerOptions{.queries = 2, .span_capacity = 2}));
  timers[0]->Begin();
  timers[0]->Took(Stage::kDecode, 0, {10});
  timers[0]->Took(Stage::kProcess, 1, {9});
  timers[0]->Took(Stage::kCollect, 0, {10});
  timers[0]->End();
  std::string text;
  StringSink sink(text);
  REQUIRE(WriteTrace(SomeProfile(), timers, sink).ok());
  simdjson::dom::parser parser;
  simdjson::dom::element json;
  REQUIRE(parser.parse(text).get(json) == simdjson::SUCCESS);
  CHECK(std::string_view(json.at_pointer("/otherData/spans_left_out")) == "2");
  CHECK(simdjson::dom::array(json["traceEvents"]).size() == 4);  // two name process and thread
  CHECK(std::string_view(json.at_pointer("/traceEvents/3/name")) == "process say \"hi\"");
  CHECK(uint64_t(json.at_pointer("/traceEvents/3/args/events")) == 9);
}

TEST_CASE("the host is watched for as long as asked") {
  const HostStalls host = WatchForHostStalls(2'000'000);
  CHECK(host.watched_ns >= 2'000'000);
  CHECK(host.stalls.sum <= host.watched_ns);
  CHECK((host.stalls.count == 0 || host.stalls.median() >= 5'000));
}

TEST_CASE("the costs of a stopwatch are measured") {
  Overhead overhead{.calls = 10, .stall_checks = 2};
  MeasureCosts({.queries = 1, .find_stalls = true}, overhead);
  CHECK(overhead.ns_per_call > 0);
  CHECK(overhead.ns_per_stall_check > 0);
  CHECK(overhead.ns() ==
        doctest::Approx(10 * overhead.ns_per_call + 2 * overhead.ns_per_stall_check));
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
