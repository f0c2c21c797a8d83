// The ten most visited pages of five minutes, every minute; events at most five seconds late.
//   top_pages clicks.csv|.jsonl|.any.jsonl|.bin [RECORDS.bin]
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "bench/floor/instant.h"
#include "bench/floor/key_table.h"
#include "bench/floor/records.h"

namespace floor_bench {
namespace {

constexpr int64_t kMinute = 60'000;
constexpr int64_t kBound = 5'000;
constexpr int64_t kPanes = 5;  // in a window
constexpr size_t kBatch = 64;
constexpr size_t kTop = 10;

class TopPages {
 public:
  void Take(const Record& event) {
    pending_[pending_count_++] = {event.time_ms, event.key, 0};
    Pending& pending = pending_[pending_count_ - 1];
    pending.hash = pending.key.Hash();
    table_.Prefetch(pending.hash);
    if (pending_count_ == kBatch) CountPending();
  }

  void Finish() {
    CountPending();
    while (next_end_ <= last_pane_ + kPanes) Fire(seq_);
    std::fwrite(out_.data(), 1, out_.size(), stdout);
  }

 private:
  struct Pending {
    int64_t time_ms;
    Key key;
    uint64_t hash;
  };

  void CountPending() {
    for (size_t i = 0; i < pending_count_; ++i) {
      const Pending& event = pending_[i];
      const uint32_t id = table_.FindOrInsert(event.key, event.hash);
      const int64_t pane = event.time_ms / kMinute;
      if (seq_ == 0) next_end_ = last_pane_ = (event.time_ms - kBound) / kMinute;
      if (pane + 1 <= fired_) Die("an event is late");
      std::vector<uint32_t>& counts = counts_[static_cast<size_t>(pane) % counts_.size()];
      if (id >= counts.size()) counts.resize(id + 1024);
      ++counts[id];
      last_pane_ = std::max(last_pane_, pane);
      if (event.time_ms > max_time_) {
        max_time_ = event.time_ms;
        while (next_end_ * kMinute <= max_time_ - kBound) Fire(seq_);
      }
      ++seq_;
    }
    pending_count_ = 0;
  }

  // The window that ends at minute next_end_.
  void Fire(uint64_t seq) {
    fired_ = next_end_++;
    totals_.assign(table_.size(), 0);
    for (int64_t pane = fired_ - kPanes; pane < fired_; ++pane) {
      const std::vector<uint32_t>& counts = counts_[static_cast<size_t>(pane) % counts_.size()];
      const size_t known = std::min(counts.size(), totals_.size());
      for (size_t id = 0; id < known; ++id) totals_[id] += counts[id];
    }
    // The pane that no later window needs makes room.
    std::vector<uint32_t>& oldest = counts_[static_cast<size_t>(fired_ - kPanes) % counts_.size()];
    std::fill(oldest.begin(), oldest.end(), 0);
    Select();
    if (!top_.empty()) Append(seq);
  }

  void Select() {
    const auto before = [&](uint32_t a, uint32_t b) {
      if (totals_[a] != totals_[b]) return totals_[a] > totals_[b];
      return table_.key(a).text() < table_.key(b).text();
    };
    top_.clear();
    uint32_t least = 1;
    for (uint32_t id = 0; id < totals_.size(); ++id) {
      if (totals_[id] < least) continue;
      if (top_.size() == kTop) {
        if (!before(id, top_.back())) continue;
        top_.pop_back();
      }
      top_.insert(std::upper_bound(top_.begin(), top_.end(), id, before), id);
      if (top_.size() == kTop) least = totals_[top_.back()];
    }
  }

  void Append(uint64_t seq) {
    out_ += "{\"query\":\"top_pages\",\"seq\":" + std::to_string(seq) + ",\"window_start\":\"" +
            Instant((fired_ - kPanes) * kMinute) + "\",\"window_end\":\"" +
            Instant(fired_ * kMinute) + "\",\"revision\":0,\"top\":[";
    for (size_t i = 0; i < top_.size(); ++i) {
      out_ += (i == 0 ? "{\"rank\":" : ",{\"rank\":") + std::to_string(i + 1) + ",\"page\":\"" +
              std::string(table_.key(top_[i]).text()) +
              "\",\"count\":" + std::to_string(totals_[top_[i]]) + "}";
    }
    out_ += "]}\n";
  }

  KeyTable table_{1 << 18};
  std::array<Pending, kBatch> pending_;
  size_t pending_count_ = 0;
  std::array<std::vector<uint32_t>, 8> counts_;  // by minute, by id
  uint64_t seq_ = 0;
  int64_t max_time_ = 0;
  int64_t last_pane_ = 0;
  int64_t fired_ = 0;  // the minute at which the last window ended
  int64_t next_end_ = 0;
  std::vector<uint32_t> totals_;
  std::vector<uint32_t> top_;
  std::string out_;
};

}  // namespace
}  // namespace floor_bench

int main(int argc, char** argv) {
  using namespace floor_bench;
  constexpr NextLine kAny = NextAnyJson<'p', 0, 0>;
  if (WriteRecords<NextClickCsv, NextClickJson, kAny>(argc, argv)) return 0;
  TopPages pages;
  ForEachRecord<NextClickCsv, NextClickJson, kAny>(argv[1],
                                                   [&](const Record& event) { pages.Take(event); });
  pages.Finish();
}
