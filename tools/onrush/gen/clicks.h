// Page views of a shop.
#pragma once

#include "tools/onrush/gen/names.h"
#include "tools/onrush/gen/random.h"
#include "tools/onrush/gen/workload.h"
#include "tools/onrush/gen/zipf.h"

namespace onrush::gen {

// ts,user,page. Pages follow Zipf's law; ten times as many users, less skewed. One view in sixteen
// goes to the page that is in fashion for these ten minutes, so that a ranking has news.
class Clicks : public Workload {
 public:
  Clicks(Format format, uint64_t seed, uint64_t pages);
  void AppendEvent(int64_t time_ms) override;

 private:
  uint64_t ChoosePage(int64_t time_ms);

  uint64_t seed_;
  Random random_;
  Zipf pages_;
  Zipf users_;
  NameTable page_names_;
};

}  // namespace onrush::gen
