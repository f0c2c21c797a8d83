#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "fmt/format.h"
#include "tests/support/random_source.h"
#include "tools/onrush/serve/verdicts.h"

namespace onrush {
namespace {

StreamPlan TimesOnly() {
  StreamPlan stream;
  stream.name = "s";
  stream.fields = {{"ts", {TypeKind::kTimestamp}}};
  return stream;
}

VerdictRequest RequestFor(size_t arrival) {
  VerdictRequest request;
  request.arrival = arrival;
  request.frame.sequence = arrival;
  return request;
}

LinePlace Place(uint64_t seq, uint32_t query, uint64_t event_seq) {
  return LinePlace::ForEvent(seq, query, EventTime{0}, event_seq);
}

using Answers = std::vector<std::string>;  // "SEQUENCE: lines"

Answers AnswersOf(Verdicts& verdicts) {
  Answers answers;
  verdicts.Answer([&answers](const VerdictRequest& request, std::string_view lines) {
    answers.push_back(fmt::format("{}: {}", request.frame.sequence, lines));
  });
  return answers;
}

struct Flag {
  uint64_t seq;
  uint32_t query;
  uint64_t event_seq;
  std::string line() const { return fmt::format("<{} {} {}>", seq, query, event_seq); }
};

// A block of arrivals with rows of their own, of which some are asked for and some are flagged.
class RandomBlock {
 public:
  RandomBlock(RandomSource& random, uint64_t first_seq) : first_seq_(first_seq) {
    const size_t arrivals = random.Below(12);
    for (uint32_t arrival = 0; arrival < arrivals; ++arrival) {
      arrival_of_row_.resize(arrival_of_row_.size() + random.Below(4), arrival);
      if (random.Percent(70)) requests_.push_back(RequestFor(arrival));
    }
    for (uint64_t seq = first_seq; seq < end_seq(); ++seq) {
      for (uint32_t query = 0; query < 3; ++query) {
        if (random.Percent(30)) flags_.push_back({seq, query, seq});
        if (seq > 0 && random.Percent(20)) flags_.push_back({seq, query, random.Below(seq)});
      }
    }
  }

  uint64_t end_seq() const { return first_seq_ + arrival_of_row_.size(); }

  // In batches of `batch_rows`, whose lines come in any order.
  Answers Process(RandomSource& random, size_t batch_rows, Verdicts& verdicts) const {
    const StreamPlan stream = TimesOnly();
    verdicts.Expect(requests_);
    for (size_t begin = 0; begin < arrival_of_row_.size(); begin += batch_rows) {
      EventBatch batch(stream, 0, batch_rows);
      batch.size = std::min(batch_rows, arrival_of_row_.size() - begin);
      std::copy_n(arrival_of_row_.begin() + static_cast<std::ptrdiff_t>(begin), batch.size,
                  batch.arrival.begin());
      verdicts.OnDecoded(batch);
      std::vector<Flag> flags;
      std::copy_if(flags_.begin(), flags_.end(), std::back_inserter(flags), [&](const Flag& flag) {
        return flag.seq >= first_seq_ + begin && flag.seq < first_seq_ + begin + batch.size;
      });
      for (size_t i = flags.size(); i > 1; --i) std::swap(flags[i - 1], flags[random.Below(i)]);
      for (const Flag& flag : flags) {
        verdicts.OnFlag(Place(flag.seq, flag.query, flag.event_seq), flag.line());
      }
    }
    return AnswersOf(verdicts);
  }

  Answers Expected() const {
    Answers answers;
    for (const VerdictRequest& request : requests_) {
      std::string lines;
      for (const Flag& flag : flags_) {  // by seq, then query
        const bool own = arrival_of_row_[flag.seq - first_seq_] == request.arrival;
        if (own && flag.seq == flag.event_seq) lines += flag.line();
      }
      answers.push_back(fmt::format("{}: {}", request.frame.sequence, lines));
    }
    return answers;
  }

 private:
  const uint64_t first_seq_;
  std::vector<uint32_t> arrival_of_row_;
  std::vector<VerdictRequest> requests_;
  std::vector<Flag> flags_;
};

}  // namespace

TEST_SUITE("tools/onrush/serve/verdicts") {
  TEST_CASE("each request gets the lines of its own events, however batches are cut") {
    for (uint64_t seed = 0; seed < 500; ++seed) {
      CAPTURE(seed);
      RandomSource random(seed);
      Verdicts verdicts;
      uint64_t seq = 0;
      for (int i = 0; i < 6; ++i) {
        const RandomBlock block(random, seq);
        CHECK(block.Process(random, 1 + random.Below(9), verdicts) == block.Expected());
        seq = block.end_seq();
      }
    }
  }

  TEST_CASE("nobody asks, nobody is answered") {
    Verdicts verdicts;
    verdicts.Expect({});
    CHECK_FALSE(verdicts.waiting());
    verdicts.OnFlag(Place(0, 0, 0), "line\n");
    CHECK(AnswersOf(verdicts).empty());
  }

  TEST_CASE("a request whose arrival had no event gets an empty answer, and is answered once") {
    Verdicts verdicts;
    verdicts.Expect({RequestFor(0), RequestFor(3)});
    CHECK(verdicts.waiting());
    CHECK(AnswersOf(verdicts) == Answers{"0: ", "3: "});
    CHECK_FALSE(verdicts.waiting());
    CHECK(AnswersOf(verdicts).empty());
  }
}

}  // namespace onrush
