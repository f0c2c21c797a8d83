#include "ingest/live/sender_table.h"

#include <bit>
#include <utility>

#include "core/check.h"
#include "core/random_seed.h"
#include "fmt/format.h"
#define XXH_INLINE_ALL
#include "xxhash.h"

namespace onrush {
SenderTable::SenderTable(SenderTableOptions options)
    : options_(std::move(options)),
      // Senders choose their numbers: without a seed they could all choose one bucket.
      hash_seed_(RandomSeed()),
      buckets_(std::bit_ceil(2 * options_.max_senders), kNone) {
  ONRUSH_CHECK(options_.max_senders > 0 && options_.max_senders < kNone / 2);
  senders_.reserve(options_.max_senders);
}

SenderTable::Taken SenderTable::Take(const FrameHeader& frame, const SocketAddress& address) {
  uint32_t index = Find(frame, address);
  if (index == kNone) index = Add(frame, address);
  if (index != latest_) {
    Unlink(index);
    LinkAsLatest(index);
  }
  Sender& sender = senders_[index];
  const FrameOrder order = Count(frame, sender);
  if (frame.is_end && !std::exchange(sender.ended, true)) ++totals_.senders_ended;
  return {order, sender.name};
}

FrameOrder SenderTable::Count(const FrameHeader& frame, Sender& sender) {
  if (sender.window.TakeIfNext(frame)) {  // nearly always
    sender.counts.AddTaken(frame);
    totals_.frames.AddTaken(frame);
    return FrameOrder::kNext;
  }
  FrameCounts change;
  const FrameOrder order = sender.window.Take(frame, change);
  sender.counts.Add(change);
  totals_.frames.Add(change);
  return order;
}

uint32_t& SenderTable::BucketOf(uint64_t number, const SocketAddress& address) {
  const std::string_view bytes = address.bytes();
  const uint64_t hash =
      XXH3_64bits_withSeed(bytes.data(), bytes.size(), hash_seed_ ^ (number * 0x9E3779B97F4A7C15u));
  return buckets_[hash & (buckets_.size() - 1)];
}

uint32_t SenderTable::Find(const FrameHeader& frame, const SocketAddress& address) {
  const auto is_it = [&](const Sender& sender) {
    return sender.number == frame.sender && sender.address == address;
  };
  if (latest_ != kNone && is_it(senders_[latest_])) return latest_;
  uint32_t index = BucketOf(frame.sender, address);
  while (index != kNone && !is_it(senders_[index])) index = senders_[index].next_in_bucket;
  return index;
}

uint32_t SenderTable::Add(const FrameHeader& frame, const SocketAddress& address) {
  uint32_t index = static_cast<uint32_t>(senders_.size());
  if (senders_.size() < options_.max_senders) {
    senders_.emplace_back();
  } else {
    index = ForgetOldest();
  }
  Sender& sender = senders_[index];
  sender = Sender();
  sender.number = frame.sender;
  sender.address = address;
  sender.name = NewName(frame.sender, address);
  sender.next_in_bucket = std::exchange(BucketOf(frame.sender, address), index);
  LinkAsLatest(index);
  ++totals_.senders_seen;
  totals_.senders = senders_.size();
  return index;
}

uint32_t SenderTable::ForgetOldest() {
  const uint32_t index = oldest_;
  uint32_t* link = &BucketOf(senders_[index].number, senders_[index].address);
  while (*link != index) link = &senders_[*link].next_in_bucket;
  *link = senders_[index].next_in_bucket;
  Unlink(index);
  ++totals_.senders_forgotten;
  return index;
}

void SenderTable::Unlink(uint32_t index) {
  const Sender& sender = senders_[index];
  (sender.newer == kNone ? latest_ : senders_[sender.newer].older) = sender.older;
  (sender.older == kNone ? oldest_ : senders_[sender.older].newer) = sender.newer;
}

void SenderTable::LinkAsLatest(uint32_t index) {
  senders_[index].newer = kNone;
  senders_[index].older = latest_;
  (latest_ == kNone ? oldest_ : senders_[latest_].newer) = index;
  latest_ = index;
}

std::string_view SenderTable::NewName(uint64_t number, const SocketAddress& address) {
  if (names_.size() == options_.max_names) return options_.other_name;
  return names_.emplace_back(fmt::format("{:016x}@{}", number, address.ToString()));
}

}  // namespace onrush
