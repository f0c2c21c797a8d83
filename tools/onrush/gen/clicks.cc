#include "tools/onrush/gen/clicks.h"

#include <algorithm>

#include "fmt/format.h"

namespace onrush::gen {
namespace {

constexpr std::string_view kKnownPages[] = {"/",      "/search",  "/cart", "/checkout", "/account",
                                            "/deals", "/new",     "/help", "/login",    "/orders",
                                            "/gifts", "/reviews", "/blog", "/returns",  "/contact"};
constexpr int64_t kFashionMs = 10 * 60 * 1000;

uint64_t UserCount(uint64_t pages) { return std::min(pages * 10, kMaxKeys); }

}  // namespace

Clicks::Clicks(Format format, uint64_t seed, uint64_t pages)
    : Workload(LineWriter(format, {{"ts", false}, {"user"}, {"page"}})),
      seed_(seed),
      random_(seed),
      pages_(pages, 0),
      users_(UserCount(pages), UserCount(pages) / 20) {
  for (uint64_t rank = 0; rank < pages; ++rank) {
    if (rank < std::size(kKnownPages)) {
      page_names_.Add(kKnownPages[rank]);
    } else {
      page_names_.Add(fmt::format("/product/{}", Scatter(rank, pages)));
    }
  }
}

uint64_t Clicks::ChoosePage(int64_t time_ms) {
  if (random_.Below(16) != 0) return pages_.Choose(random_);
  const auto fashion = static_cast<uint64_t>(FloorDiv(time_ms, kFashionMs));
  return Random(seed_ ^ Random::Mix(fashion)).Below(pages_.count());
}

void Clicks::AppendEvent(int64_t time_ms) {
  writer().Number(time_ms);
  writer().Text("u", Scatter(users_.Choose(random_), users_.count()));
  writer().Text(page_names_[ChoosePage(time_ms)]);
  writer().EndLine();
}

}  // namespace onrush::gen
