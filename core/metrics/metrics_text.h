// Figures in the text format that Prometheus reads.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "core/metrics/histogram.h"

namespace onrush {

struct MetricLabel {
  std::string_view name;
  std::string_view value;  // UTF-8
};
using MetricLabels = std::initializer_list<MetricLabel>;

// Description
//   Writes one metric after the other, each with its help, its type and its samples, in the text
//   exposition format 0.0.4. Names follow Prometheus' rules: a prefix, base units (seconds, bytes)
//   spelled out, `_total` at the end of counters; which of these a name breaks is checked in debug
//   builds.
// Threads
//   One at a time.
class MetricsText {
 public:
  // Begin a metric; its samples follow, with different labels if there are several.
  void BeginCounter(std::string_view name, std::string_view help);
  void BeginGauge(std::string_view name, std::string_view help);
  // The name ends in _seconds, since histograms are of nanoseconds.
  void BeginHistogram(std::string_view name, std::string_view help);

  // A sample of the counter or gauge begun last.
  void Add(uint64_t value, MetricLabels labels = {});
  void AddReal(double value, MetricLabels labels = {});
  // A sample of the histogram begun last: how many took up to 255 ns, 511 ns, … 17 s, all, and
  // their sum. The other's writer may go on meanwhile. Some 20 us.
  void AddHistogram(const Histogram& histogram, MetricLabels labels = {});

  // All that was written.
  const std::string& text() const { return text_; }

 private:
  void Begin(std::string_view name, std::string_view help, std::string_view type);
  void AppendName(std::string_view suffix, MetricLabels labels, std::string_view bound = {});

  std::string name_;
  std::string text_;
};

}  // namespace onrush
