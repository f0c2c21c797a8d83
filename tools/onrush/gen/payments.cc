#include "tools/onrush/gen/payments.h"

#include <algorithm>

#include "fmt/format.h"

namespace onrush::gen {
namespace {

constexpr std::string_view kTrades[] = {"grocery", "coffee",   "fuel",  "restaurant",
                                        "online",  "pharmacy", "books", "electronics"};

// What a payment comes to, in hundredths, and how many of 100 lie in each band.
struct Band {
  uint64_t percent;
  uint64_t low;
  uint64_t high;
};
constexpr Band kBands[] = {
    {30, 1'50, 9'99}, {45, 10'00, 49'99}, {20, 50'00, 199'99}, {5, 200'00, 2'000'00}};

uint64_t MerchantCount(uint64_t cards) { return std::max<uint64_t>(cards / 100, 20); }

// A number of 16 digits that no bank gives out, different for each rank.
uint64_t CardNumber(uint64_t rank) {
  constexpr uint64_t kPrefix = 9'900'120'000'000'000;
  constexpr uint64_t kCoprimeToTen = 7'236'067'977;
  return kPrefix + (rank * kCoprimeToTen + 123'456'789) % 10'000'000'000;
}

}  // namespace

Payments::Payments(Format format, uint64_t seed, uint64_t cards)
    : Workload(LineWriter(format, {{"ts", false}, {"card"}, {"merchant"}, {"amount", false}})),
      random_(seed),
      cards_(cards, cards / 20),
      merchants_(MerchantCount(cards), 0) {
  for (uint64_t rank = 0; rank < merchants_.count(); ++rank) {
    merchant_names_.Add(fmt::format("{}-{}", kTrades[rank % std::size(kTrades)], rank + 1));
  }
}

uint64_t Payments::ChooseStolenCard() {
  if (stolen_payments_left_ == 0) {
    stolen_card_ = random_.Below(cards_.count());
    stolen_payments_left_ = random_.Between(4, 9);
  }
  --stolen_payments_left_;
  return stolen_card_;
}

uint64_t Payments::ChooseAmount(bool dear) {
  uint64_t percent = dear ? random_.Between(90, 99) : random_.Below(100);
  const Band* band = kBands;
  while (percent >= band->percent) percent -= (band++)->percent;
  return random_.Between(band->low, band->high);
}

void Payments::AppendEvent(int64_t time_ms) {
  const bool stolen = random_.Below(256) == 0;
  writer().Number(time_ms);
  writer().Text("", CardNumber(stolen ? ChooseStolenCard() : cards_.Choose(random_)));
  writer().Text(
      merchant_names_[stolen ? random_.Below(merchants_.count()) : merchants_.Choose(random_)]);
  writer().Money(ChooseAmount(stolen));
  writer().EndLine();
}

}  // namespace onrush::gen
