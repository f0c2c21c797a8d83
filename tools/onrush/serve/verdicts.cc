#include "tools/onrush/serve/verdicts.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <tuple>

namespace onrush {

void Verdicts::Expect(const std::vector<VerdictRequest>& requests) {
  pending_count_ = requests.size();
  if (pending_.size() < pending_count_) pending_.resize(pending_count_);
  for (size_t i = 0; i < pending_count_; ++i) {
    pending_[i].request = requests[i];
    pending_[i].first_seq = pending_[i].end_seq = UINT64_MAX;  // no event of it yet
  }
  flags_.clear();
  text_.clear();
}

void Verdicts::OnDecoded(const EventBatch& batch) {
  const uint64_t first_seq = next_seq_;
  next_seq_ += batch.size;
  if (pending_count_ == 0 || batch.size == 0) return;
  const std::span<const uint32_t> arrivals = std::span(batch.arrival).first(batch.size);
  const auto behind = pending_.begin() + static_cast<std::ptrdiff_t>(pending_count_);
  auto pending = std::lower_bound(
      pending_.begin(), behind, arrivals.front(),
      [](const Pending& one, size_t arrival) { return one.request.arrival < arrival; });
  for (; pending != behind && pending->request.arrival <= arrivals.back(); ++pending) {
    const auto [first, last] =
        std::equal_range(arrivals.begin(), arrivals.end(), pending->request.arrival);
    if (first == last) continue;  // no event came of it
    if (pending->first_seq == UINT64_MAX) {
      pending->first_seq = first_seq + static_cast<uint64_t>(first - arrivals.begin());
    }
    pending->end_seq = first_seq + static_cast<uint64_t>(last - arrivals.begin());
  }
}

void Verdicts::OnFlag(const LinePlace& place, std::string_view line) {
  if (pending_count_ == 0 || place.seq != place.tail) return;
  flags_.push_back({place.seq, place.query, text_.size(), line.size()});
  text_ += line;
}

void Verdicts::Answer(const AnswerFn& answer) {
  std::sort(flags_.begin(), flags_.end(), [](const Flag& a, const Flag& b) {
    return std::tie(a.seq, a.query) < std::tie(b.seq, b.query);
  });
  const auto before = [](const Flag& flag, uint64_t seq) { return flag.seq < seq; };
  for (size_t i = 0; i < pending_count_; ++i) {
    const Pending& pending = pending_[i];
    lines_.clear();
    for (auto flag = std::lower_bound(flags_.begin(), flags_.end(), pending.first_seq, before);
         flag != flags_.end() && flag->seq < pending.end_seq; ++flag) {
      lines_.append(text_, flag->begin, flag->size);
    }
    answer(pending.request, lines_);
  }
  pending_count_ = 0;
}

}  // namespace onrush
