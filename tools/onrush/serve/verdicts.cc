#include "tools/onrush/serve/verdicts.h"

#include <algorithm>
#include <iterator>

namespace onrush {

void Verdicts::Expect(const std::vector<VerdictRequest>& requests) {
  pending_count_ = requests.size();
  if (pending_.size() < pending_count_) pending_.resize(pending_count_);
  for (size_t i = 0; i < pending_count_; ++i) {
    pending_[i].request = requests[i];
    pending_[i].first_seq = pending_[i].end_seq = UINT64_MAX;  // behind all that is decoded
    pending_[i].lines.clear();
  }
}

void Verdicts::OnDecoded(const EventBatch& batch) {
  const uint64_t first_seq = next_seq_;
  next_seq_ += batch.size;
  if (pending_count_ == 0 || batch.size == 0) return;
  const auto begin = batch.arrival.begin();
  const auto end = begin + static_cast<std::ptrdiff_t>(batch.size);
  for (size_t i = 0; i < pending_count_; ++i) {
    Pending& pending = pending_[i];
    const auto [first, last] = std::equal_range(begin, end, pending.request.arrival);
    if (last == begin || first == end) continue;  // in another batch
    if (pending.first_seq == UINT64_MAX) {
      pending.first_seq = first_seq + static_cast<uint64_t>(first - begin);
    }
    pending.end_seq = first_seq + static_cast<uint64_t>(last - begin);
  }
}

void Verdicts::OnFlag(uint64_t event_seq, std::string_view line) {
  const auto begin = pending_.begin();
  const auto after = std::upper_bound(
      begin, begin + static_cast<std::ptrdiff_t>(pending_count_), event_seq,
      [](uint64_t seq, const Pending& pending) { return seq < pending.first_seq; });
  if (after == begin) return;
  Pending& pending = *std::prev(after);
  if (event_seq < pending.end_seq) pending.lines += line;
}

void Verdicts::Answer() {
  if (pending_count_ == 0) return;
  for (size_t i = 0; i < pending_count_; ++i) {
    sender_->Add(pending_[i].request, pending_[i].lines);
  }
  sender_->Flush();
  pending_count_ = 0;
}

}  // namespace onrush
