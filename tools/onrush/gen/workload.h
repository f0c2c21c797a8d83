// The three kinds of events that `onrush gen` can make.
#pragma once

#include <cstdint>
#include <memory>

#include "core/plan.h"
#include "tools/onrush/gen/line_writer.h"

namespace onrush::gen {

enum class WorkloadKind : uint8_t {
  kClicks,    // ts,user,page: page views of a shop; every ten minutes another page is in fashion
  kPayments,  // ts,card,merchant,amount: now and then a stolen card pays at many merchants
  kStock,     // ts,sku,warehouse,kind,quantity,unit_price: quantity is what stock changes by
};

// Makes events of one kind, in the order of their arrival. Not thread-safe.
class Workload {
 public:
  virtual ~Workload() = default;

  // Writes one event that happened at `time_ms`, milliseconds since 1970, into writer().
  virtual void AppendEvent(int64_t time_ms) = 0;

  LineWriter& writer() { return writer_; }

 protected:
  explicit Workload(LineWriter writer) : writer_(std::move(writer)) {}

 private:
  LineWriter writer_;
};

// `keys` is the number of pages, cards or SKUs. Requires: 0 < keys ≤ kMaxKeys.
inline constexpr uint64_t kMaxKeys = 100'000'000;
std::unique_ptr<Workload> MakeWorkload(WorkloadKind kind, Format format, uint64_t seed,
                                       uint64_t keys);

}  // namespace onrush::gen
