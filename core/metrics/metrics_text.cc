#include "core/metrics/metrics_text.h"

#include <cmath>
#include <memory>
#include <utility>

#include "core/check.h"
#include "fmt/format.h"

namespace onrush {
namespace {

// Powers of two less one: there a histogram's counts are exact.
constexpr int kLowestBound = 8;
constexpr int kHighestBound = 34;

[[maybe_unused]] bool IsName(std::string_view name) {
  for (const char c : name) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  }
  return !name.empty() && !(name.front() >= '0' && name.front() <= '9');
}

// Backslashes and newlines, and within quotes these too.
void AppendEscaped(std::string_view text, bool quoted, std::string& out) {
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else {
      if (c == '\\' || (c == '"' && quoted)) out += '\\';
      out += c;
    }
  }
}

// Without rounding: a double has no room for all sums.
std::string Seconds(Int128 ns) {
  constexpr int64_t kSecond = 1'000'000'000;
  return fmt::format("{}.{:09}", static_cast<uint64_t>(ns / kSecond),
                     static_cast<uint64_t>(ns % kSecond));
}

}  // namespace

void MetricsText::BeginCounter(std::string_view name, std::string_view help) {
  ONRUSH_DCHECK(name.ends_with("_total"));
  Begin(name, help, "counter");
}

void MetricsText::BeginGauge(std::string_view name, std::string_view help) {
  ONRUSH_DCHECK(!name.ends_with("_total"));
  Begin(name, help, "gauge");
}

void MetricsText::BeginHistogram(std::string_view name, std::string_view help) {
  ONRUSH_DCHECK(name.ends_with("_seconds"));
  Begin(name, help, "histogram");
}

void MetricsText::Begin(std::string_view name, std::string_view help, std::string_view type) {
  ONRUSH_DCHECK(IsName(name) && !help.empty());
  name_ = name;
  text_ += fmt::format("# HELP {} ", name);
  AppendEscaped(help, false, text_);
  text_ += fmt::format("\n# TYPE {} {}\n", name, type);
}

void MetricsText::AppendName(std::string_view suffix, MetricLabels labels, std::string_view bound) {
  text_ += name_;
  text_ += suffix;
  char separator = '{';
  const auto append = [&](std::string_view name, std::string_view value) {
    text_ += std::exchange(separator, ',');
    text_.append(name).append("=\"");
    AppendEscaped(value, true, text_);
    text_ += '"';
  };
  for (const MetricLabel& label : labels) {
    ONRUSH_DCHECK(IsName(label.name));
    append(label.name, label.value);
  }
  if (!bound.empty()) append("le", bound);
  text_ += separator == ',' ? "} " : " ";
}

void MetricsText::Add(uint64_t value, MetricLabels labels) {
  AppendName("", labels);
  text_ += fmt::format("{}\n", value);
}

void MetricsText::AddReal(double value, MetricLabels labels) {
  AppendName("", labels);
  if (std::isfinite(value)) {
    text_ += fmt::format("{}\n", value);
  } else {
    text_ += std::isnan(value) ? "NaN\n" : value > 0 ? "+Inf\n" : "-Inf\n";
  }
}

void MetricsText::AddHistogram(const Histogram& histogram, MetricLabels labels) {
  // A copy, so that its counts agree with each other.
  const auto copy = std::make_unique<Histogram>();
  copy->Merge(histogram);
  for (int power = kLowestBound; power <= kHighestBound; ++power) {
    const uint64_t bound = (uint64_t{1} << power) - 1;
    AppendName("_bucket", labels, Seconds(bound));
    text_ += fmt::format("{}\n", copy->CountUpTo(bound));
  }
  const uint64_t count = copy->count();
  AppendName("_bucket", labels, "+Inf");
  text_ += fmt::format("{}\n", count);
  AppendName("_sum", labels);
  text_ += fmt::format("{}\n", Seconds(copy->sum()));
  AppendName("_count", labels);
  text_ += fmt::format("{}\n", count);
}

}  // namespace onrush
