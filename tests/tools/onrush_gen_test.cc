#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "doctest/doctest.h"
#include "fmt/format.h"
#include "tests/support/string_sink.h"
#include "tools/onrush/gen/generator.h"
#include "tools/onrush/gen/names.h"
#include "tools/onrush/gen/zipf.h"
#include "xxhash.h"

namespace onrush::gen {
namespace {

std::string MustGenerate(const GeneratorOptions& options) {
  std::string text;
  StringSink sink(text);
  const absl::Status status = Generate(options, sink);
  REQUIRE_MESSAGE(status.ok(), status.ToString());
  return text;
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return parts;
}

// The rows of CSV `text` without its header.
std::vector<std::vector<std::string_view>> Rows(std::string_view text) {
  std::vector<std::vector<std::string_view>> rows;
  for (const std::string_view line : Split(text, '\n')) rows.push_back(Split(line, ','));
  rows.erase(rows.begin());
  return rows;
}

int64_t ToInt(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  REQUIRE((error == std::errc() && end == text.data() + text.size()));
  return value;
}

GeneratorOptions Disordered() {
  GeneratorOptions options;
  options.events = 20'000;
  options.keys = 500;
  options.disorder = Duration{10 * kNanosPerSecond};
  options.late_share = 0.05;
  return options;
}

// How far each event is behind the largest time before it, in milliseconds (0: not behind).
std::vector<int64_t> Lags(std::string_view csv) {
  std::vector<int64_t> lags;
  int64_t largest = std::numeric_limits<int64_t>::min();
  for (const auto& row : Rows(csv)) {
    const int64_t time = ToInt(row[0]);
    lags.push_back(time < largest ? largest - time : 0);
    largest = std::max(largest, time);
  }
  return lags;
}

}  // namespace

TEST_SUITE("tools/onrush/gen/generator") {
  TEST_CASE("the same options give the same bytes on every machine") {
    struct Known {
      WorkloadKind kind;
      Format format;
      uint64_t digest;
    };
    const Known known[] = {
        {WorkloadKind::kClicks, Format::kCsv, 0x9586467b7f918408},
        {WorkloadKind::kClicks, Format::kJsonLines, 0x95106279ada61c97},
        {WorkloadKind::kPayments, Format::kCsv, 0xa6722b9d3ec4661b},
        {WorkloadKind::kPayments, Format::kJsonLines, 0x348f0161a6256288},
        {WorkloadKind::kStock, Format::kCsv, 0xd66dd51a11f4aace},
        {WorkloadKind::kStock, Format::kJsonLines, 0xe72bbaae19b4eb56},
    };
    for (const Known& expected : known) {
      GeneratorOptions options = Disordered();
      options.kind = expected.kind;
      options.format = expected.format;
      const std::string text = MustGenerate(options);
      CAPTURE(text.substr(0, 200));
      CHECK(fmt::format("{:016x}", XXH3_64bits(text.data(), text.size())) ==
            fmt::format("{:016x}", expected.digest));
    }
  }

  TEST_CASE("another seed gives other events") {
    GeneratorOptions options = Disordered();
    const std::string first = MustGenerate(options);
    options.seed = 2;
    CHECK(MustGenerate(options) != first);
  }

  TEST_CASE("both formats hold the same events") {
    GeneratorOptions options = Disordered();
    options.kind = WorkloadKind::kPayments;
    options.events = 3;
    const std::string csv = MustGenerate(options);
    options.format = Format::kJsonLines;
    std::string expected;
    for (const auto& row : Rows(csv)) {
      expected += fmt::format(R"({{"ts":{},"card":"{}","merchant":"{}","amount":{}}})"
                              "\n",
                              row[0], row[1], row[2], row[3]);
    }
    CHECK(MustGenerate(options) == expected);
  }

  TEST_CASE("in any order, lines have the same members, and every order comes") {
    GeneratorOptions options = Disordered();
    options.kind = WorkloadKind::kPayments;
    options.format = Format::kJsonLines;
    const std::string in_order = MustGenerate(options);
    options.any_order = true;
    const std::string shuffled = MustGenerate(options);
    REQUIRE(shuffled.size() == in_order.size());
    std::set<std::string> orders;
    for (size_t begin = 0; begin < shuffled.size();) {
      const size_t end = shuffled.find('\n', begin);
      const auto members = [&](const std::string& text) {
        REQUIRE(text[begin] == '{');
        REQUIRE(text[end - 1] == '}');
        std::vector<std::string> parts;
        std::istringstream line(text.substr(begin + 1, end - begin - 2));
        for (std::string part; std::getline(line, part, ',');) parts.push_back(part);
        return parts;
      };
      std::vector<std::string> found = members(shuffled), expected = members(in_order);
      std::string order;
      for (const std::string& member : found) order += member.substr(0, member.find(':'));
      orders.insert(order);
      std::sort(found.begin(), found.end());
      std::sort(expected.begin(), expected.end());
      REQUIRE(found == expected);
      begin = end + 1;
    }
    CHECK(orders.size() == 24);
    options.format = Format::kCsv;
    CHECK(options.Validate().code() == absl::StatusCode::kInvalidArgument);
  }

  TEST_CASE("without late events none is further behind than the disorder, and some come near it") {
    GeneratorOptions options = Disordered();
    options.late_share = 0;
    const std::vector<int64_t> lags = Lags(MustGenerate(options));
    CHECK(lags.size() == options.events);
    const int64_t largest = *std::max_element(lags.begin(), lags.end());
    CHECK(largest <= 10'000);
    CHECK(largest > 9'900);
  }

  TEST_CASE("without disorder the times never fall") {
    GeneratorOptions options = Disordered();
    options.disorder = Duration{0};
    options.late_share = 0;
    const std::vector<int64_t> lags = Lags(MustGenerate(options));
    CHECK(std::count(lags.begin(), lags.end(), 0) == static_cast<int64_t>(options.events));
  }

  TEST_CASE("the share of events behind the disorder is the one asked for") {
    const std::vector<int64_t> lags = Lags(MustGenerate(Disordered()));
    const auto late =
        std::count_if(lags.begin(), lags.end(), [](int64_t ms) { return ms > 10'000; });
    CHECK(late > 900);  // 1,000 expected; the standard deviation is 31
    CHECK(late < 1100);
    CHECK(*std::max_element(lags.begin(), lags.end()) <= 10'000 + 1'800'000);
  }

  TEST_CASE("event time advances at the rate asked for") {
    GeneratorOptions options;
    options.events = 10'001;
    options.events_per_second = 250;
    const std::string csv = MustGenerate(options);
    const auto rows = Rows(csv);
    CHECK(ToInt(rows.front()[0]) == options.start.ns / 1'000'000);
    CHECK(ToInt(rows.back()[0]) - ToInt(rows.front()[0]) == 40'000);
  }

  TEST_CASE("stock never falls below zero and a price stays with its SKU") {
    GeneratorOptions options = Disordered();
    options.kind = WorkloadKind::kStock;
    const std::string csv = MustGenerate(options);
    std::vector<std::pair<std::string, int64_t>> in_stock;
    std::vector<std::pair<std::string, std::string>> prices;
    const auto find = [](auto& entries, const std::string& key) -> auto& {
      for (auto& [name, value] : entries) {
        if (name == key) return value;
      }
      return entries.emplace_back(key, typename std::decay_t<decltype(entries[0].second)>{}).second;
    };
    int64_t lowest = 0;
    bool prices_stay = true;
    for (const auto& row : Rows(csv)) {
      int64_t& level = find(in_stock, fmt::format("{}/{}", row[1], row[2]));
      level += ToInt(row[4]);
      lowest = std::min(lowest, level);
      std::string& price = find(prices, std::string(row[1]));
      if (price.empty()) price = row[5];
      prices_stay = prices_stay && price == row[5];
    }
    CHECK(lowest == 0);
    CHECK(prices_stay);
  }

  TEST_CASE("what cannot be made is refused with the flag's name") {
    GeneratorOptions options;
    options.late_share = 1.5;
    CHECK(options.Validate().message() ==
          "--late 1.5: a share, from 0 to 1 (0.05 is one event in twenty)");
    options = {};
    options.keys = 0;
    CHECK(options.Validate().message() == "--keys 0: must be from 1 to 100000000");
    options = {};
    options.disorder = Duration{1'500'000};
    CHECK(options.Validate().message() ==
          "--disorder 1ms500us: must be whole milliseconds, as times are");
    options = {};
    options.events = std::numeric_limits<uint64_t>::max();
    CHECK_FALSE(options.Validate().ok());
  }
}

TEST_SUITE("tools/onrush/gen/zipf") {
  TEST_CASE("ranks come as often as Zipf's law says") {
    const Zipf zipf(1000, 0);
    Random random(7);
    std::vector<int64_t> counts(1000);
    for (int i = 0; i < 1'000'000; ++i) ++counts[zipf.Choose(random)];
    // The harmonic number H(1000) is 7.485: the first rank's share is 13.36 %, the tenth's 1.336 %.
    CHECK(counts[0] > 132'500);
    CHECK(counts[0] < 134'700);
    CHECK(counts[9] > 13'000);
    CHECK(counts[9] < 13'720);
    CHECK(counts[999] > 80);  // 134 expected
    CHECK(counts[999] < 190);
  }

  TEST_CASE("a flat start makes the first rank 6.6 times as frequent as the average") {
    const Zipf zipf(1000, 50);
    Random random(7);
    int64_t first = 0;
    for (int i = 0; i < 1'000'000; ++i) first += zipf.Choose(random) == 0;
    CHECK(first > 6'000);
    CHECK(first < 7'000);
  }

  TEST_CASE("a single rank is always chosen") {
    const Zipf zipf(1, 0);
    Random random(7);
    for (int i = 0; i < 10; ++i) CHECK(zipf.Choose(random) == 0);
  }
}

TEST_SUITE("tools/onrush/gen/names") {
  TEST_CASE("scattering is a bijection") {
    for (const uint64_t count : {1, 2, 3, 10, 999, 1000}) {
      std::vector<bool> seen(count);
      for (uint64_t rank = 0; rank < count; ++rank) seen[Scatter(rank, count)] = true;
      CHECK(std::count(seen.begin(), seen.end(), true) == static_cast<int64_t>(count));
    }
  }
}

}  // namespace onrush::gen
