// Flink's and Kafka Streams' published test sequences, played on onrush.
#pragma once

#include <string>

#include "core/plan.h"

namespace onrush {

// Description
//   A script is a list of lines:
//     E ts key value    an event, its time in milliseconds
//     W t               Flink's watermark t: no more events with time ≤ t
//     O key sum s e     a result of the window [s, e), as I (first) and U+ (update) are
//     L ts key value    a late event, in the late output
//     P ts key value    a partly late event, in the late output
//   O, I, U+, L and P belong to the E or W above them; their order within one step is not part of
//   it.
// Translation
//   Our watermark is exclusive and moves with events alone, so W t becomes an event of the key "W"
//   at t + 1 + bound, which `where` leaves out, and the bound is an hour, so that no other event
//   moves the watermark. I is our revision 0, U+ a later one.

// The stream ts, key, value of the scripts.
StreamPlan FlinkStream();

// sum(value) per key in such windows, one update per late event.
QueryPlan FlinkSum(const WindowPlan& window, Duration allowed_lateness);

// The input of a script: seq n is its n-th E or W.
std::string FlinkInput(const std::string& script);

// Runs the script (see RunBoth) and gives back what came out, written as a script.
std::string PlayFlinkScript(const QueryPlan& query, const std::string& script);

// The script with the lines of each step sorted.
std::string SortedScript(const std::string& script);

// How a result is written: O for every one, or I and U+.
std::string WithUpdatesAsOutput(std::string script);

}  // namespace onrush
