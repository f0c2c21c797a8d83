#include "ingest/live/verdict_sender.h"

#include <algorithm>
#include <utility>

namespace onrush {
namespace {

constexpr size_t kMostBytes = kMaxDatagramBytes - kTimedHeaderSize;

// As many whole lines as fit.
std::string_view Shorten(std::string_view lines) {
  if (lines.size() <= kMostBytes) return lines;
  const size_t last = lines.substr(0, kMostBytes).rfind('\n');
  return lines.substr(0, last == lines.npos ? 0 : last + 1);
}

}  // namespace

VerdictSender::VerdictSender(const std::vector<const DatagramSocket*>& sockets, NetworkList allowed)
    : allowed_(std::move(allowed)), addresses_(kMost), lines_(kMost) {
  for (const DatagramSocket* socket : sockets) {
    senders_.push_back(std::make_unique<DatagramSender>(*socket));
  }
}

void VerdictSender::Add(const VerdictRequest& request, std::string_view lines, int64_t decided_ns) {
  if (!request.to.CanBeAnswered()) {
    ++counts_.no_address;
    return;
  }
  if (!allowed_.Contains(request.to)) {
    ++counts_.not_allowed;
    return;
  }
  if (waiting_ == kMost) Flush();
  const std::string_view shown = Shorten(lines);
  if (shown.size() < lines.size()) ++counts_.shortened;
  addresses_[waiting_] = request.to;
  lines_[waiting_].assign(shown);
  const auto count = static_cast<uint16_t>(std::count(shown.begin(), shown.end(), '\n'));
  senders_[request.socket]->Add(VerdictHeader(request.frame, count, decided_ns), lines_[waiting_],
                                &addresses_[waiting_]);
  ++waiting_;
}

void VerdictSender::Flush() {
  if (waiting_ == 0) return;
  for (const auto& sender : senders_) sender->Flush();
  waiting_ = 0;
}

VerdictCounts VerdictSender::counts() const {
  VerdictCounts counts = counts_;
  for (const auto& sender : senders_) {
    counts.sent += sender->counts().datagrams;
    counts.refused_by_kernel += sender->counts().all_refused();
  }
  return counts;
}

}  // namespace onrush
