#include "tests/support/compare_results.h"

#include <sstream>
#include <vector>

namespace onrush {
namespace {

std::string WithoutReason(std::string line) {
  const std::string member = "\"reason\":\"";
  const size_t begin = line.find(member);
  if (begin == std::string::npos) return line;
  size_t end = begin + member.size();
  while (end < line.size() && line[end] != '"') end += line[end] == '\\' ? 2 : 1;
  return line.erase(begin, end + 1 - begin);
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(WithoutReason(line));
  return lines;
}

std::string LineDifference(const std::string& what, const std::string& expected,
                           const std::string& actual) {
  const std::vector<std::string> left = Lines(expected);
  const std::vector<std::string> right = Lines(actual);
  const auto line = [](const std::vector<std::string>& lines, size_t i) {
    return i < lines.size() ? lines[i] : "(no more lines)";
  };
  for (size_t i = 0; i < left.size() || i < right.size(); ++i) {
    if (i < left.size() && i < right.size() && left[i] == right[i]) continue;
    return what + ", line " + std::to_string(i + 1) + "\n  expected: " + line(left, i) +
           "\n  actual:   " + line(right, i) + "\n";
  }
  return "";
}

std::string Text(const RunResult::StreamLedger& ledger) {
  return "read " + std::to_string(ledger.read) + ", bad " + std::to_string(ledger.bad);
}

std::string Text(const RunResult::QueryLedger& ledger) {
  return "counted " + std::to_string(ledger.counted) + ", late " + std::to_string(ledger.late) +
         ", partly late " + std::to_string(ledger.partly_late) + ", null key " +
         std::to_string(ledger.skipped_null_key) + ", filtered " + std::to_string(ledger.filtered) +
         ", rejected " + std::to_string(ledger.rejected);
}

template <typename Ledger>
std::string LedgerDifference(const std::string& what, const std::vector<Ledger>& expected,
                             const std::vector<Ledger>& actual) {
  if (expected.size() != actual.size()) return what + ": another number of ledgers\n";
  for (size_t i = 0; i < expected.size(); ++i) {
    if (expected[i] == actual[i]) continue;
    return what + ' ' + std::to_string(i) + "\n  expected: " + Text(expected[i]) +
           "\n  actual:   " + Text(actual[i]) + "\n";
  }
  return "";
}

}  // namespace

std::string FirstDifference(const RunResult& expected, const RunResult& actual) {
  std::string text = LineDifference("results", expected.results, actual.results);
  text += LineDifference("late output", expected.late, actual.late);
  text += LineDifference("bad output", expected.bad, actual.bad);
  text += LedgerDifference("ledger of stream", expected.streams, actual.streams);
  return text + LedgerDifference("ledger of query", expected.queries, actual.queries);
}

}  // namespace onrush
