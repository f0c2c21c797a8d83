#include "core/metrics/metrics_text.h"

#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

#include "doctest/doctest.h"
#include "tests/support/temporary_directory.h"

namespace onrush {
namespace {

bool Has(const MetricsText& metrics, const std::string& line) {
  return ("\n" + metrics.text()).find("\n" + line + "\n") != std::string::npos;
}

TEST_SUITE_BEGIN("core/metrics/metrics_text");

TEST_CASE("samples follow their metric's help and type") {
  MetricsText metrics;
  metrics.BeginCounter("onrush_events_total", "Events.");
  metrics.Add(3, {{"stream", "clicks"}, {"fate", "late"}});
  metrics.Add(std::numeric_limits<uint64_t>::max());
  metrics.BeginGauge("onrush_lag_seconds", "Lag.");
  metrics.AddReal(0.25);
  CHECK(metrics.text() ==
        "# HELP onrush_events_total Events.\n"
        "# TYPE onrush_events_total counter\n"
        "onrush_events_total{stream=\"clicks\",fate=\"late\"} 3\n"
        "onrush_events_total 18446744073709551615\n"
        "# HELP onrush_lag_seconds Lag.\n"
        "# TYPE onrush_lag_seconds gauge\n"
        "onrush_lag_seconds 0.25\n");
}

TEST_CASE("what would end a line or a label is escaped") {
  MetricsText metrics;
  metrics.BeginGauge("onrush_a", "Back\\slash,\nnew \"line\".");
  metrics.Add(1, {{"name", "a\"b\\c\nd"}});
  CHECK(Has(metrics, "# HELP onrush_a Back\\\\slash,\\nnew \"line\"."));
  CHECK(Has(metrics, "onrush_a{name=\"a\\\"b\\\\c\\nd\"} 1"));
}

TEST_CASE("reals that are no numbers are spelled as Prometheus does") {
  MetricsText metrics;
  metrics.BeginGauge("onrush_a", "A.");
  metrics.AddReal(std::nan(""));
  metrics.AddReal(-INFINITY);
  CHECK(Has(metrics, "onrush_a NaN"));
  CHECK(Has(metrics, "onrush_a -Inf"));
}

TEST_CASE("a histogram's buckets are in seconds and add up") {
  Histogram histogram;
  for (const uint64_t ns : {0, 255, 256, 1000, 2'000'000'000}) histogram.Add(ns);
  histogram.Add(Histogram::kHighestValue);
  MetricsText metrics;
  metrics.BeginHistogram("onrush_wait_seconds", "Wait.");
  metrics.AddHistogram(histogram, {{"shard", "0"}});
  CHECK(Has(metrics, "onrush_wait_seconds_bucket{shard=\"0\",le=\"0.000000255\"} 2"));
  CHECK(Has(metrics, "onrush_wait_seconds_bucket{shard=\"0\",le=\"0.000000511\"} 3"));
  CHECK(Has(metrics, "onrush_wait_seconds_bucket{shard=\"0\",le=\"0.000001023\"} 4"));
  CHECK(Has(metrics, "onrush_wait_seconds_bucket{shard=\"0\",le=\"17.179869183\"} 5"));
  CHECK(Has(metrics, "onrush_wait_seconds_bucket{shard=\"0\",le=\"+Inf\"} 6"));
  CHECK(Has(metrics, "onrush_wait_seconds_count{shard=\"0\"} 6"));
  CHECK(Has(metrics, "onrush_wait_seconds_sum{shard=\"0\"} 1101.511629286"));
}

TEST_CASE("Prometheus' own check finds nothing wrong") {
  if (std::system("command -v promtool >/dev/null") != 0) {
    MESSAGE("skipped: there is no promtool (package prometheus)");
    return;
  }
  Histogram histogram;
  histogram.Add(1000);
  MetricsText metrics;
  metrics.BeginCounter("onrush_events_total", "Events, with \"quotes\" and \\ and\nlines.");
  metrics.Add(3, {{"name", "a\"b\\c\nd"}});
  metrics.BeginGauge("onrush_state_bytes", "Memory.");
  metrics.AddReal(1e20);
  metrics.AddReal(INFINITY, {{"of", "x"}});
  metrics.BeginHistogram("onrush_wait_seconds", "Wait.");
  metrics.AddHistogram(histogram);
  metrics.AddHistogram(histogram, {{"shard", "0"}});
  TemporaryDirectory directory;
  const std::string file = directory.Write("metrics.txt", metrics.text());
  CHECK(std::system(("promtool check metrics <" + file).c_str()) == 0);
  directory.Write("metrics.txt", "# TYPE onrush_events counter\nonrush_events 1\n");
  CHECK(std::system(("promtool check metrics >/dev/null 2>&1 <" + file).c_str()) != 0);
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush
