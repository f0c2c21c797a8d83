// Cards with more than three payments at two merchants or more within two minutes; events at most
// five seconds late.
//   velocity payments.csv|.jsonl|.any.jsonl|.bin [RECORDS.bin]
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "bench/floor/instant.h"
#include "bench/floor/key_table.h"
#include "bench/floor/records.h"

namespace floor_bench {
namespace {

constexpr int64_t kWithin = 120'000;
constexpr int64_t kBound = 5'000;
constexpr size_t kBatch = 64;
constexpr uint32_t kCountOver = 3;

struct Payment {
  int64_t time_ms;
  uint64_t merchant;  // a hash that stands for the name
  uint64_t mark;      // seq, and whether it is flagged in the lowest bit
};

// A card's payments by time, then arrival: few in place, many elsewhere.
class Card {
 public:
  size_t size() const { return size_; }
  Payment* data() { return size_ <= kInPlace ? in_place_ : more_.data(); }

  void ForgetBefore(int64_t time_ms) {
    Payment* const payments = data();
    size_t old = 0;
    while (old < size_ && payments[old].time_ms < time_ms) ++old;
    if (old == 0) return;
    const bool was_elsewhere = size_ > kInPlace;
    size_ -= static_cast<uint32_t>(old);
    if (was_elsewhere) {
      more_.erase(more_.begin(), more_.begin() + static_cast<std::ptrdiff_t>(old));
      if (size_ <= kInPlace) std::copy(more_.begin(), more_.end(), in_place_);
    } else {
      std::copy(payments + old, payments + old + size_, payments);
    }
  }

  // Returns its place.
  size_t Insert(const Payment& payment) {
    if (size_ == kInPlace) more_.assign(in_place_, in_place_ + size_);
    if (size_ >= kInPlace) more_.push_back(payment);
    size_t at = size_++;
    Payment* const payments = data();
    for (; at > 0 && payments[at - 1].time_ms > payment.time_ms; --at) {
      payments[at] = payments[at - 1];
    }
    payments[at] = payment;
    return at;
  }

 private:
  static constexpr uint32_t kInPlace = 4;
  Payment in_place_[kInPlace];
  uint32_t size_ = 0;
  std::vector<Payment> more_;
};

class Velocity {
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
    Flush();
  }

 private:
  struct Pending {
    Record event;
    uint64_t hash;
  };

  void CountPending() {
    std::array<uint32_t, kBatch> ids;
    for (size_t i = 0; i < pending_count_; ++i) {
      ids[i] = table_.FindOrInsert(pending_[i].event.key, pending_[i].hash);
      if (ids[i] >= cards_.size()) cards_.resize(std::max<size_t>(1 << 20, 2 * cards_.size()));
      __builtin_prefetch(&cards_[ids[i]]);
      __builtin_prefetch(reinterpret_cast<const char*>(&cards_[ids[i]]) + 64);
    }
    for (size_t i = 0; i < pending_count_; ++i) {
      const Record& event = pending_[i].event;
      if (event.time_ms < max_time_ - kBound) Die("an event is late");
      max_time_ = std::max(max_time_, event.time_ms);
      Card& card = cards_[ids[i]];
      card.ForgetBefore(max_time_ - kBound - kWithin);
      const size_t at = card.Insert({event.time_ms, event.other, seq_ << 1});
      if (card.size() > kCountOver) Judge(ids[i], card, at);
      ++seq_;
    }
    pending_count_ = 0;
    if (out_.size() > (1 << 18)) Flush();
  }

  // Flags what the payment at `at` raises above the limits.
  void Judge(uint32_t id, Card& card, size_t at) {
    Payment* const payments = card.data();
    const size_t size = card.size();
    const int64_t last = payments[at].time_ms + kWithin;
    while (at > 0 && payments[at - 1].time_ms == payments[at].time_ms) --at;
    for (size_t end = at; end < size && payments[at].time_ms <= last; at = end) {
      const int64_t time_ms = payments[at].time_ms;
      while (end < size && payments[end].time_ms == time_ms) ++end;
      size_t begin = at;
      while (begin > 0 && payments[begin - 1].time_ms >= time_ms - kWithin) --begin;
      const size_t count = end - begin;
      if (count <= kCountOver) continue;
      size_t merchants = 0;
      for (size_t i = begin; i < end; ++i) {
        size_t same = begin;
        while (payments[same].merchant != payments[i].merchant) ++same;
        merchants += same == i;
      }
      if (merchants < 2) continue;
      for (size_t i = at; i < end; ++i) {
        if ((payments[i].mark & 1) != 0) continue;
        payments[i].mark |= 1;
        Append(id, payments[i], count, merchants);
      }
    }
  }

  void Append(uint32_t id, const Payment& payment, size_t count, size_t merchants) {
    out_ += "{\"query\":\"velocity\",\"seq\":" + std::to_string(seq_) +
            ",\"event_seq\":" + std::to_string(payment.mark >> 1) + ",\"time\":\"" +
            Instant(payment.time_ms) + "\",\"card\":\"" + std::string(table_.key(id).text()) +
            "\",\"count\":" + std::to_string(count) +
            ",\"distinct_merchant\":" + std::to_string(merchants) + ",\"window_start\":\"" +
            Instant(payment.time_ms - kWithin) + "\"}\n";
  }

  void Flush() {
    std::fwrite(out_.data(), 1, out_.size(), stdout);
    out_.clear();
  }

  KeyTable table_{1 << 21};
  std::vector<Card> cards_;  // by id
  std::array<Pending, kBatch> pending_;
  size_t pending_count_ = 0;
  uint64_t seq_ = 0;
  int64_t max_time_ = 0;
  std::string out_;
};

}  // namespace
}  // namespace floor_bench

int main(int argc, char** argv) {
  using namespace floor_bench;
  constexpr NextLine kAny = NextAnyJson<'c', 'm', 0>;
  if (WriteRecords<NextPaymentCsv, NextPaymentJson, kAny>(argc, argv)) return 0;
  Velocity velocity;
  ForEachRecord<NextPaymentCsv, NextPaymentJson, kAny>(
      argv[1], [&](const Record& event) { velocity.Take(event); });
  velocity.Finish();
}
