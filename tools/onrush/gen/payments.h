// Card payments.
#pragma once

#include "tools/onrush/gen/names.h"
#include "tools/onrush/gen/random.h"
#include "tools/onrush/gen/workload.h"
#include "tools/onrush/gen/zipf.h"

namespace onrush::gen {

// ts,card,merchant,amount. Cards differ mildly in use (the busiest pays 6.6 times as often as the
// average one), merchants follow Zipf's law. One payment in 256 is made with the card that was
// stolen last: it pays four to nine times, dearly, anywhere, and then another card is stolen.
class Payments : public Workload {
 public:
  Payments(Format format, uint64_t seed, uint64_t cards);
  void AppendEvent(int64_t time_ms) override;

 private:
  uint64_t ChooseStolenCard();
  uint64_t ChooseAmount(bool dear);

  Random random_;
  Zipf cards_;
  Zipf merchants_;
  NameTable merchant_names_;
  uint64_t stolen_card_ = 0;
  uint64_t stolen_payments_left_ = 0;
};

}  // namespace onrush::gen
