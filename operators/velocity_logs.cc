#include "operators/velocity_logs.h"

namespace onrush {

void VelocityLogs::Grow(Head& head) {
  if (head.order == SmallLog::kMaxOrder) return MakeLong(head);
  const int order = OrderOf(head) + 1;
  const EventBlocks::Ref block = blocks_.Allocate(order);
  EventsOf(head).Move(0, head.size, blocks_.At(block, order), 0);
  if (head.order != 0) blocks_.Free(head.block(), head.order);
  head.SetBlock(block);
  head.order = static_cast<uint8_t>(order);
}

void VelocityLogs::MakeLong(Head& head) {
  if (free_long_logs_.empty()) {
    free_long_logs_.push_back(static_cast<uint32_t>(long_logs_.size()));
    long_logs_.push_back(std::make_unique<LongLog>(blocks_, within_));
    free_long_logs_.reserve(long_logs_.capacity());
  }
  const uint32_t number = free_long_logs_.back();
  free_long_logs_.pop_back();
  LongLog& log = *long_logs_[number];
  for (size_t i = 0; i < head.size; ++i) {
    log.Insert(EventsOf(head).Get(i));
  }
  blocks_.Free(head.block(), head.order);
  head.SetBlock(number);
  head.order = kLong;
  head.size = 1;
}

size_t VelocityLogs::memory_bytes() const {
  size_t bytes = blocks_.memory_bytes();
  for (const auto& log : long_logs_) bytes += log->memory_bytes();
  return bytes;
}

}  // namespace onrush
