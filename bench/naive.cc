// The three workloads as one would write them in an afternoon: the standard library, one event at a
// time.
//   naive top_pages|velocity|sums FILE.csv|FILE.jsonl
#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "bench/floor/instant.h"
#include "simdjson.h"

namespace {

using floor_bench::Instant;

constexpr int64_t kBoundMs = 5'000;

struct Event {
  int64_t time_ms = 0;
  std::string key;
  std::string other;
  int64_t number = 0;
};

// Where a workload's fields are: CSV columns, JSON members.
struct Fields {
  size_t key_column;
  const char* key;
  size_t other_column = 0;
  const char* other = nullptr;
  size_t number_column = 0;
  const char* number = nullptr;
};

Event FromCsv(const std::string& line, const Fields& fields) {
  std::vector<std::string> columns;
  for (size_t begin = 0; begin <= line.size();) {
    const size_t end = std::min(line.find(',', begin), line.size());
    columns.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
  Event event;
  event.time_ms = std::stoll(columns[0]);
  event.key = columns[fields.key_column];
  if (fields.other != nullptr) event.other = columns[fields.other_column];
  if (fields.number != nullptr) event.number = std::stoll(columns[fields.number_column]);
  return event;
}

Event FromJson(simdjson::ondemand::parser& parser, const std::string& line, const Fields& fields) {
  const simdjson::padded_string padded(line);
  simdjson::ondemand::document document = parser.iterate(padded);
  Event event;
  event.time_ms = document["ts"].get_int64();
  event.key = std::string(std::string_view(document[fields.key]));
  if (fields.other != nullptr) event.other = std::string(std::string_view(document[fields.other]));
  if (fields.number != nullptr) event.number = document[fields.number].get_int64();
  return event;
}

template <typename Each>
void ForEachEvent(const std::string& path, const Fields& fields, Each each) {
  std::ifstream file(path);
  simdjson::ondemand::parser parser;
  const bool csv = path.ends_with(".csv");
  std::string line;
  if (csv) std::getline(file, line);
  while (std::getline(file, line)) {
    each(csv ? FromCsv(line, fields) : FromJson(parser, line, fields));
  }
}

void TopPages(const std::string& path) {
  constexpr int64_t kMinute = 60'000;
  std::map<int64_t, std::unordered_map<std::string, int64_t>> panes;
  uint64_t seq = 0;
  int64_t max_time = INT64_MIN;
  int64_t next_end = INT64_MIN;
  const auto fire = [&] {
    std::unordered_map<std::string, int64_t> totals;
    for (auto pane = panes.lower_bound(next_end - 5); pane != panes.end(); ++pane) {
      if (pane->first >= next_end) break;
      for (const auto& [page, count] : pane->second) totals[page] += count;
    }
    std::vector<std::pair<std::string, int64_t>> top(totals.begin(), totals.end());
    std::sort(top.begin(), top.end(), [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    panes.erase(panes.begin(), panes.lower_bound(next_end - 4));
    if (!top.empty()) {
      std::cout << "{\"query\":\"top_pages\",\"seq\":" << seq << ",\"window_start\":\""
                << Instant((next_end - 5) * kMinute) << "\",\"window_end\":\""
                << Instant(next_end * kMinute) << "\",\"revision\":0,\"top\":[";
      for (size_t i = 0; i < std::min<size_t>(10, top.size()); ++i) {
        std::cout << (i == 0 ? "" : ",") << "{\"rank\":" << i + 1 << ",\"page\":\"" << top[i].first
                  << "\",\"count\":" << top[i].second << "}";
      }
      std::cout << "]}\n";
    }
    ++next_end;
  };
  ForEachEvent(path, {.key_column = 2, .key = "page"}, [&](const Event& event) {
    if (seq == 0) next_end = (event.time_ms - kBoundMs) / kMinute;
    ++panes[event.time_ms / kMinute][event.key];
    max_time = std::max(max_time, event.time_ms);
    while (next_end * kMinute <= max_time - kBoundMs) fire();
    ++seq;
  });
  while (!panes.empty()) fire();
}

void Velocity(const std::string& path) {
  constexpr int64_t kWithin = 120'000;
  struct Payment {
    int64_t time_ms;
    uint64_t seq;
    std::string merchant;
    bool flagged;
  };
  std::unordered_map<std::string, std::vector<Payment>> cards;
  uint64_t seq = 0;
  int64_t max_time = INT64_MIN;
  const Fields fields{.key_column = 1, .key = "card", .other_column = 2, .other = "merchant"};
  ForEachEvent(path, fields, [&](const Event& event) {
    max_time = std::max(max_time, event.time_ms);
    std::vector<Payment>& card = cards[event.key];
    std::erase_if(card,
                  [&](const Payment& p) { return p.time_ms < max_time - kBoundMs - kWithin; });
    const auto place = std::upper_bound(
        card.begin(), card.end(), event.time_ms,
        [](int64_t time, const Payment& payment) { return time < payment.time_ms; });
    card.insert(place, {event.time_ms, seq, event.other, false});
    for (Payment& judged : card) {
      if (judged.flagged || judged.time_ms < event.time_ms ||
          judged.time_ms > event.time_ms + kWithin) {
        continue;
      }
      int64_t count = 0;
      std::set<std::string> merchants;
      for (const Payment& other : card) {
        if (other.time_ms < judged.time_ms - kWithin || other.time_ms > judged.time_ms) continue;
        ++count;
        merchants.insert(other.merchant);
      }
      if (count <= 3 || merchants.size() < 2) continue;
      judged.flagged = true;
      std::cout << "{\"query\":\"velocity\",\"seq\":" << seq << ",\"event_seq\":" << judged.seq
                << ",\"time\":\"" << Instant(judged.time_ms) << "\",\"card\":\"" << event.key
                << "\",\"count\":" << count << ",\"distinct_merchant\":" << merchants.size()
                << ",\"window_start\":\"" << Instant(judged.time_ms - kWithin) << "\"}\n";
    }
    ++seq;
  });
}

void Sums(const std::string& path) {
  struct State {
    int64_t sum = 0;
    int64_t max_time_ms = INT64_MIN;
  };
  std::unordered_map<std::string, State> skus;
  uint64_t seq = 0;
  const Fields fields{.key_column = 1, .key = "sku", .number_column = 4, .number = "quantity"};
  ForEachEvent(path, fields, [&](const Event& event) {
    State& state = skus[event.key];
    state.sum += event.number;
    state.max_time_ms = std::max(state.max_time_ms, event.time_ms);
    ++seq;
  });
  std::vector<std::pair<std::string, State>> order(skus.begin(), skus.end());
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return std::pair(a.second.max_time_ms, a.first) < std::pair(b.second.max_time_ms, b.first);
  });
  for (const auto& [sku, state] : order) {
    std::cout << "{\"query\":\"sums\",\"seq\":" << seq << ",\"time\":\""
              << Instant(state.max_time_ms) << "\",\"sku\":\"" << sku
              << "\",\"sum_quantity\":" << state.sum << "}\n";
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  std::ios::sync_with_stdio(false);
  const std::string workload = arguments[1];
  if (workload == "top_pages") TopPages(arguments[2]);
  if (workload == "velocity") Velocity(arguments[2]);
  if (workload == "sums") Sums(arguments[2]);
}
