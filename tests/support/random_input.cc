#include <algorithm>
#include <limits>
#include <optional>

#include "core/time.h"
#include "tests/support/random_case.h"
#include "tests/support/random_records.h"

namespace onrush {
namespace {

// Draws the texts of an input's events.
class EventWriter {
 public:
  EventWriter(const Plan& plan, const TimeTheme& theme, RandomSource& random)
      : stream_(plan.streams[0]), theme_(theme), random_(random) {
    extremes_ = random.Percent(15);
    wrong_percent_ = random.Pick<uint64_t>({0, 1, 5});
    null_percent_ = random.Pick<uint64_t>({0, 5, 20});
    disorder_ = random.Pick<int64_t>({0, 2, 10, 40});
    key_count_ = random.Pick<size_t>({1, 2, 4, 8});
    clock_ = Int128{theme.origin_ns};
  }

  FieldTexts NextEvent() {
    const int64_t steps = StepsForward();
    clock_ += Int128{steps} * theme_.step_ns;
    if (steps > 10) gap_ = random_.Percent(50) ? steps : 0;
    FieldTexts texts;
    for (const FieldPlan& field : stream_.fields) texts.push_back(Text(field));
    return texts;
  }

 private:
  int64_t StepsForward() {
    if (random_.Percent(2)) return random_.Between(20, 200);  // a gap
    return random_.Pick<int64_t>({0, 0, 1, 1, 1, 2, 3});
  }

  Int128 EventTimeNs() {
    Int128 time = clock_;
    if (!theme_.zone.empty() && random_.Percent(30)) return NearChange();
    // Events that come late, together, into the gap that the clock has just left behind.
    if (random_.Percent(40)) time -= theme_.step_ns * (gap_ - gap_ / 8 * random_.Between(0, 8));
    if (random_.Percent(30)) time -= theme_.step_ns * random_.Between(0, disorder_);
    if (random_.Percent(3)) time -= theme_.step_ns * random_.Between(0, 4 * disorder_ + 20);
    if (random_.Percent(1)) time += theme_.step_ns * random_.Between(0, 30);
    // Away from the grid, to the instants around it.
    if (random_.Percent(10)) time += random_.Pick<int64_t>({-1, 1, theme_.step_ns / 2});
    return random_.Percent(2) ? time : ClampToEventTime(time).ns;
  }

  // Within the hours around the clock change, as long as that is not far away.
  Int128 NearChange() {
    constexpr int64_t kHour = 3600 * kNanosPerSecond;
    const Int128 away = clock_ - theme_.change_ns;
    if (away < -30 * kHour || away > 30 * kHour) return clock_;
    return Int128{theme_.change_ns} + random_.Between(-20, 20) * (kHour / 8) +
           random_.Pick<int64_t>({-1, 0, 0, 0, 1});
  }

  std::optional<std::string> Text(const FieldPlan& field) {
    const bool time = field.name == stream_.fields[stream_.time_column].name;
    if (random_.Percent(time ? null_percent_ / 10 : null_percent_)) {
      return random_.Percent(50) ? std::nullopt : std::optional<std::string>("");
    }
    if (random_.Below(1000) < wrong_percent_ * 4) return WrongText();
    switch (field.type.kind) {
      case TypeKind::kInt:
        return IntText();
      case TypeKind::kDecimal:
        return DecimalText(field.type.scale);
      case TypeKind::kFloat:
        return FloatText();
      case TypeKind::kString:
        return StringText();
      case TypeKind::kBool:
        return random_.Pick<std::string>({"true", "false"});
      case TypeKind::kTimestamp:
        return RandomTimeText(stream_.time_format, EventTimeNs(), random_);
    }
    return std::nullopt;
  }

  std::string WrongText() {
    return random_.Pick<std::string>({"x",
                                      "1.0.0",
                                      "1e",
                                      "--1",
                                      "+",
                                      ".",
                                      "nan",
                                      "inf",
                                      "0x10",
                                      "1_0",
                                      "1e309",
                                      "9223372036854775808",
                                      "True",
                                      "0.00001",
                                      " 1",
                                      "1 ",
                                      "2024-02-30T00:00:00Z",
                                      "2024-01-01 24:00:00",
                                      "2024-01-01 00:00:60",
                                      "-9223372036854775809",
                                      "1e400",
                                      "[1]",
                                      "0.12345"});
  }

  std::string IntText() {
    if (extremes_ && random_.Percent(20)) {
      return random_.Pick<std::string>({"9223372036854775807", "-9223372036854775808"});
    }
    if (random_.Percent(5)) return random_.Pick<std::string>({"+4", "007", "-0", "000"});
    return std::to_string(random_.Between(-2, 6));
  }

  std::string DecimalText(int scale) {
    if (extremes_ && random_.Percent(20)) {
      return random_.Pick<std::string>({"92233720368547758.07", "-922337203685477.5808"});
    }
    if (random_.Percent(10)) {
      return random_.Pick<std::string>({"3", "+2.5", "3.", ".5", "0.500000", "-0.00", "1.5"});
    }
    const std::string cents = std::to_string(random_.Between(100, 199)).substr(1);
    std::string text = std::to_string(random_.Between(0, 5)) + '.' + cents;
    if (random_.Percent(15)) text.insert(0, "-");
    return scale < 2 ? "1" : text;
  }

  std::string FloatText() {
    if (extremes_ && random_.Percent(20)) {
      return random_.Pick<std::string>({"1e308", "-1.7976931348623157e308", "5e-324", "1e-400",
                                        "123456789012345678901234567890", "9007199254740993"});
    }
    return random_.Pick<std::string>({"0.1", "0.2", "0.3", "1.5", "-0.5", "2", "1e1", "2.5E-1",
                                      "-0.0", "+3.25", "7.", ".75", "0.7", "1e15", "1e22"});
  }

  std::string StringText() {
    static const std::vector<std::string> kUsual = {"a", "b", "c", "aa", "/p", "d", "e", "f"};
    if (random_.Percent(92)) return kUsual[random_.Below(key_count_)];
    return random_.Pick<std::string>({"x'y",
                                      "a,b;c",
                                      "say \"hi\"",
                                      "two\nlines",
                                      "tab\there",
                                      "\xC3\xA9",
                                      "lone\rcr",
                                      "back\\slash",
                                      "\xF0\x9F\x90\x98",
                                      "\x01",
                                      " a",
                                      "a ",
                                      "true",
                                      "12",
                                      std::string("a\0b", 3),
                                      "a\xFF",
                                      "\xC3",
                                      "\xED\xA0\x80",
                                      "\xE2\x82",
                                      "null",
                                      "\x7F",
                                      "a long text that does not fit anywhere small at all"});
  }

  const StreamPlan& stream_;
  const TimeTheme& theme_;
  RandomSource& random_;
  bool extremes_ = false;
  uint64_t wrong_percent_ = 0;  // of events with some wrong field, roughly
  uint64_t null_percent_ = 0;
  int64_t disorder_ = 0;  // in steps
  size_t key_count_ = 1;
  int64_t gap_ = 0;  // in steps
  Int128 clock_ = 0;
};

}  // namespace

InputText RandomInput(const Plan& plan, const TimeTheme& theme, RandomSource& random) {
  const StreamPlan& stream = plan.streams[0];
  const int64_t events = random.Pick<int64_t>({0, 1, 5, 30, 60, 100, 100, 180, 300});
  EventWriter writer(plan, theme, random);
  std::vector<FieldTexts> texts;
  for (int64_t i = 0; i < events; ++i) texts.push_back(writer.NextEvent());
  InputText input;
  if (stream.format == Format::kCsv) {
    input.file = "in.csv";
    input.text = RandomCsv(stream, texts, random);
  } else if (stream.format == Format::kJsonLines) {
    input.file = "in.jsonl";
    input.text = RandomJsonLines(stream, texts, random);
  } else {
    input.file = "in.log";
    input.text = RandomLog(stream, texts, random);
  }
  return input;
}

}  // namespace onrush
