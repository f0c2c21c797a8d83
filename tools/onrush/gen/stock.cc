#include "tools/onrush/gen/stock.h"

#include <algorithm>

#include "fmt/format.h"

namespace onrush::gen {
namespace {

constexpr uint64_t kWarehouseCount = 4;
// Of ten movements four happen in A, three in B, two in C, one in D.
constexpr uint8_t kWarehouseOfTenth[] = {0, 0, 0, 0, 1, 1, 1, 2, 2, 3};
constexpr std::string_view kWarehouseNames[kWarehouseCount] = {"A", "B", "C", "D"};

}  // namespace

Stock::Stock(Format format, uint64_t seed, uint64_t skus)
    : Workload(LineWriter(format, {{"ts", false},
                                   {"sku"},
                                   {"warehouse"},
                                   {"kind"},
                                   {"quantity", false},
                                   {"unit_price", false}})),
      random_(seed),
      skus_(skus, 0),
      in_stock_(skus * kWarehouseCount) {
  Random prices(Random::Mix(seed));
  for (uint64_t rank = 0; rank < skus; ++rank) {
    const uint64_t number = Scatter(rank, skus);
    sku_names_.Add(fmt::format("{:05}{:c}", number, static_cast<char>('A' + number % 6)));
    // Most goods are cheap: the smaller of two draws, from 0.29 to 79.99.
    prices_.push_back(
        static_cast<uint32_t>(std::min(prices.Between(29, 7999), prices.Between(29, 7999))));
  }
}

Stock::Movement Stock::ChooseMovement(int64_t in_stock) {
  const uint64_t percent = random_.Below(100);
  const auto few = static_cast<int64_t>(std::min(random_.Between(1, 12), random_.Between(1, 12)));
  if (percent < 4) return {"return", 1};
  if (in_stock < few) return {"delivery", static_cast<int64_t>(random_.Between(2, 20) * 12)};
  if (percent < 5) return {"loss", -1};
  return {"sale", -few};
}

void Stock::AppendEvent(int64_t time_ms) {
  const uint64_t sku = skus_.Choose(random_);
  const uint8_t warehouse = kWarehouseOfTenth[random_.Below(std::size(kWarehouseOfTenth))];
  uint32_t& in_stock = in_stock_[sku * kWarehouseCount + warehouse];
  const Movement movement = ChooseMovement(in_stock);
  in_stock = static_cast<uint32_t>(in_stock + movement.quantity);
  writer().Number(time_ms);
  writer().Text(sku_names_[sku]);
  writer().Text(kWarehouseNames[warehouse]);
  writer().Text(movement.kind);
  writer().Number(movement.quantity);
  writer().Money(prices_[sku]);
  writer().EndLine();
}

}  // namespace onrush::gen
