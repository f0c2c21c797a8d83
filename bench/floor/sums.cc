// The sum of the quantities of each SKU, at the end.
//   sums stock.csv|.jsonl|.any.jsonl|.bin [RECORDS.bin]
#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <vector>

#include "bench/floor/instant.h"
#include "bench/floor/key_table.h"
#include "bench/floor/records.h"

namespace floor_bench {
namespace {

constexpr size_t kBatch = 64;

class Sums {
 public:
  void Take(const Record& event) {
    Pending& pending = pending_[pending_count_++];
    pending.event = event;
    pending.hash = event.key.Hash();
    table_.Prefetch(pending.hash);
    if (pending_count_ == kBatch) CountPending();
  }

  void Finish() {
    CountPending();
    std::vector<uint32_t> order(table_.size());
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
      if (states_[a].max_time_ms != states_[b].max_time_ms) {
        return states_[a].max_time_ms < states_[b].max_time_ms;
      }
      return table_.key(a).text() < table_.key(b).text();
    });
    std::string out;
    for (const uint32_t id : order) {
      out += "{\"query\":\"sums\",\"seq\":" + std::to_string(seq_) + ",\"time\":\"" +
             Instant(states_[id].max_time_ms) + "\",\"sku\":\"" +
             std::string(table_.key(id).text()) +
             "\",\"sum_quantity\":" + std::to_string(states_[id].sum) + "}\n";
    }
    std::fwrite(out.data(), 1, out.size(), stdout);
  }

 private:
  struct Pending {
    Record event;
    uint64_t hash;
  };
  struct State {
    int64_t sum = 0;
    int64_t max_time_ms = 0;
  };

  void CountPending() {
    for (size_t i = 0; i < pending_count_; ++i) {
      const Record& event = pending_[i].event;
      const uint32_t id = table_.FindOrInsert(event.key, pending_[i].hash);
      if (id >= states_.size()) states_.resize(id + 1024);
      State& state = states_[id];
      state.sum += static_cast<int64_t>(event.other);
      state.max_time_ms = std::max(state.max_time_ms, event.time_ms);
    }
    seq_ += pending_count_;
    pending_count_ = 0;
  }

  KeyTable table_{1 << 18};
  std::array<Pending, kBatch> pending_;
  size_t pending_count_ = 0;
  std::vector<State> states_;
  uint64_t seq_ = 0;
};

}  // namespace
}  // namespace floor_bench

int main(int argc, char** argv) {
  using namespace floor_bench;
  constexpr NextLine kAny = NextAnyJson<'s', 0, 'q'>;
  if (WriteRecords<NextMovementCsv, NextMovementJson, kAny>(argc, argv)) return 0;
  Sums sums;
  ForEachRecord<NextMovementCsv, NextMovementJson, kAny>(
      argv[1], [&](const Record& event) { sums.Take(event); });
  sums.Finish();
}
