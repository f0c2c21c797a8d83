// Movements of goods in warehouses.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/onrush/gen/names.h"
#include "tools/onrush/gen/random.h"
#include "tools/onrush/gen/workload.h"
#include "tools/onrush/gen/zipf.h"

namespace onrush::gen {

// ts,sku,warehouse,kind,quantity,unit_price. `quantity` is what the stock changes by: sales and
// losses are negative, deliveries and returns positive; the sum over them is what lies there, and
// by arrival it never falls below zero. SKUs follow Zipf's law; a SKU's price stays.
class Stock : public Workload {
 public:
  Stock(Format format, uint64_t seed, uint64_t skus);
  void AppendEvent(int64_t time_ms) override;

 private:
  struct Movement {
    std::string_view kind;
    int64_t quantity = 0;
  };
  Movement ChooseMovement(int64_t in_stock);

  Random random_;
  Zipf skus_;
  NameTable sku_names_;
  std::vector<uint32_t> prices_;    // per SKU, in hundredths
  std::vector<uint32_t> in_stock_;  // per SKU and warehouse
};

}  // namespace onrush::gen
