#include "core/runtime/collector.h"

#include <string>

#include "core/check.h"
#include "core/status_macros.h"
#include "xxhash.h"

namespace onrush {

Collector::Collector(LineSink* sink, size_t query_count)
    : sink_(sink), lines_by_query_(query_count), digest_(XXH3_createState()) {
  ONRUSH_CHECK(digest_ != nullptr);
  XXH3_64bits_reset(static_cast<XXH3_state_t*>(digest_));
}

Collector::~Collector() { XXH3_freeState(static_cast<XXH3_state_t*>(digest_)); }

absl::Status Collector::Collect(ResultLines& results) {
  if (results.empty()) return absl::OkStatus();
  lines_ += results.size();
  for (size_t i = 0; i < results.size(); ++i) ++lines_by_query_[results.query(i)];
  absl::Status status;
  if (results.sorted()) {
    status = Write(results.all());
  } else {
    reordered_.clear();
    for (const uint32_t line : results.SortedOrder()) reordered_ += results.line(line);
    status = Write(reordered_);
  }
  results.Clear();
  return status;
}

absl::Status Collector::Write(std::string_view text) {
  XXH3_64bits_update(static_cast<XXH3_state_t*>(digest_), text.data(), text.size());
  return sink_ == nullptr ? absl::OkStatus() : sink_->Write(text);
}

uint64_t Collector::digest() const {
  return XXH3_64bits_digest(static_cast<const XXH3_state_t*>(digest_));
}

}  // namespace onrush
