// A pipeline in words.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/plan.h"

namespace onrush {

// Some lines on each stream and query: what it reads, what it computes, and when an event is late
// for it.
std::string DescribePlan(const Plan& plan);

// Its parts: whole lines, the first without indentation.
std::string DescribeStream(const StreamPlan& stream);
std::string DescribeQuery(const StreamPlan& stream, const QueryPlan& query);

// Parts of lines: "the 10 largest page by count, windows of 5m", "nothing is late", "sku,
// warehouse"
// (`none` for a query without a key), and how a stream's times are written: "unix_ms",
// "'%d/%m/%Y' in Europe/London".
std::string QueryInWords(const StreamPlan& stream, const QueryPlan& query);
std::string LatenessInWords(const StreamPlan& stream, const QueryPlan& query);
std::string KeyInWords(const StreamPlan& stream, const std::vector<size_t>& key,
                       std::string_view none);
std::string TimeFormatInWords(const TimeFormat& format);

}  // namespace onrush
