#include "tools/onrush/gen/workload.h"

#include "core/check.h"
#include "tools/onrush/gen/clicks.h"
#include "tools/onrush/gen/payments.h"
#include "tools/onrush/gen/stock.h"

namespace onrush::gen {

std::unique_ptr<Workload> MakeWorkload(WorkloadKind kind, Format format, uint64_t seed,
                                       uint64_t keys) {
  ONRUSH_CHECK(keys > 0 && keys <= kMaxKeys);
  switch (kind) {
    case WorkloadKind::kClicks:
      return std::make_unique<Clicks>(format, seed, keys);
    case WorkloadKind::kPayments:
      return std::make_unique<Payments>(format, seed, keys);
    case WorkloadKind::kStock:
      return std::make_unique<Stock>(format, seed, keys);
  }
  ONRUSH_CHECK(false);
}

}  // namespace onrush::gen
