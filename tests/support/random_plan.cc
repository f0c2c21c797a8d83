#include <algorithm>
#include <limits>
#include <map>

#include "core/check.h"
#include "core/expression_parser.h"
#include "tests/support/model_zone.h"
#include "tests/support/plan_maker.h"
#include "tests/support/random_case.h"

namespace onrush {
namespace {

constexpr int64_t kMinute = 60 * kNanosPerSecond;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

int64_t RandomStep(RandomSource& random) {
  return random.Pick<int64_t>(
      {1'000, 1'000'000, 500'000'000, kNanosPerSecond, kNanosPerSecond, kMinute, kHour, 7 * kHour});
}

TimeTheme ThemeOfZone(RandomSource& random) {
  TimeTheme theme;
  theme.zone = random.Pick<std::string>({"Europe/London", "America/St_Johns", "America/Sao_Paulo",
                                         "Pacific/Apia", "Australia/Lord_Howe", "America/Havana",
                                         "Asia/Beirut", "Africa/Monrovia", "Pacific/Kwajalein",
                                         "America/Toronto", "America/Nuuk"});
  std::vector<int64_t> changes = model::Zone::Named(theme.zone).Changes();
  constexpr int64_t kSince = -1'650'000'000;  // 1917
  constexpr int64_t kUntil = 1'800'000'000;
  std::erase_if(changes, [](int64_t change) { return change < kSince || change > kUntil; });
  theme.step_ns = random.Pick<int64_t>({10 * kMinute, 30 * kMinute, kHour, 5 * kHour});
  theme.change_ns = random.Pick(changes) * kNanosPerSecond;
  theme.origin_ns = theme.change_ns - random.Between(5, 60) * theme.step_ns;
  return theme;
}

// Makes a plan around a theme.
class PlanWriter {
 public:
  PlanWriter(const TimeTheme& theme, RandomSource& random) : theme_(theme), random_(random) {}

  Plan Write() {
    Plan plan;
    plan.name = "random";
    WriteStream();
    const int64_t queries = random_.Between(1, 4);
    for (int64_t i = 0; i < queries; ++i) {
      plan.queries.push_back(RandomQuery("q" + std::to_string(i)));
    }
    plan.streams.push_back(stream_);
    return plan;
  }

 private:
  Duration Steps(int64_t least, int64_t most) {
    if (theme_.huge_spans && random_.Percent(25)) {
      return {random_.Pick<int64_t>({kMost, kMost / 2, kMost / 3 * 2}) / 1000 * 1000};
    }
    return {theme_.step_ns * random_.Between(least, most)};
  }

  void WriteStream() {
    stream_.name = random_.Pick<std::string>({"clicks", "s\"1"});
    stream_.format = random_.Pick<Format>(
        {Format::kCsv, Format::kCsv, Format::kCsv, Format::kJsonLines, Format::kJsonLines,
         random_.Percent(50) ? Format::kCommonLog : Format::kCombinedLog});
    stream_.time_format = RandomTimeFormat();
    stream_.max_out_of_orderness = Steps(0, random_.Pick<int64_t>({0, 3, 12}));
    stream_.delimiter = random_.Pick<char>({',', ',', ';', '\t', '|'});
    stream_.header = random_.Percent(75);
    WriteGuards();
    WriteFields();
    const int64_t derived = random_.Percent(60) ? 0 : random_.Between(1, 3);
    for (int64_t i = 0; i < derived; ++i) {
      stream_.derived.push_back(RandomDerived("derived_" + std::to_string(i)));
    }
  }

  void WriteGuards() {
    const auto moment = [&](int64_t least, int64_t most) {
      return SaturatingAdd({theme_.origin_ns}, {random_.Between(least, most) * theme_.step_ns});
    };
    if (random_.Percent(8)) stream_.valid_from = moment(-5, 20);
    if (random_.Percent(8)) stream_.valid_until = moment(40, 300);
  }

  TimeFormat RandomTimeFormat() {
    using Kind = TimeFormat::Kind;
    std::vector<TimeFormat> formats = {{.kind = Kind::kUnixNanos, .pattern = {}},
                                       {.kind = Kind::kUnixSeconds, .pattern = {}},
                                       {.kind = Kind::kRfc3339, .pattern = {}}};
    const std::string zone = theme_.zone.empty() ? "UTC" : theme_.zone;
    const auto add_pattern = [&](const char* pattern) {
      formats.push_back({Kind::kPattern, pattern, zone});
    };
    add_pattern("%Y-%m-%d %H:%M:%S");
    if (theme_.step_ns % 1'000 == 0) formats.push_back({.kind = Kind::kUnixMicros, .pattern = {}});
    if (theme_.step_ns % 1'000'000 == 0) {
      formats.push_back({.kind = Kind::kUnixMillis, .pattern = {}});
    }
    if (theme_.step_ns % kNanosPerSecond == 0)
      formats.push_back({.kind = Kind::kClf, .pattern = {}});
    if (theme_.step_ns % kMinute == 0) {
      add_pattern("%m/%d/%Y %H:%M");
      add_pattern("%d %b %Y %H.%M");
    }
    if (!theme_.zone.empty() && random_.Percent(50)) return formats[3];
    return random_.Pick(formats);
  }

  bool IsLog() const {
    return stream_.format == Format::kCommonLog || stream_.format == Format::kCombinedLog;
  }

  std::vector<FieldPlan> LogFields() const {
    std::vector<FieldPlan> fields = {
        {"user", {TypeKind::kString}},   {"host", {TypeKind::kString}},
        {"ident", {TypeKind::kString}},  {"method", {TypeKind::kString}},
        {"path", {TypeKind::kString}},   {"protocol", {TypeKind::kString}},
        {"status", {TypeKind::kInt}},    {"bytes", {TypeKind::kDecimal, 2}},
        {"request", {TypeKind::kString}}};
    if (stream_.format == Format::kCombinedLog) {
      fields.push_back({"referer", {TypeKind::kFloat}});
      fields.push_back({"agent", {TypeKind::kString}});
    }
    return fields;
  }

  static std::vector<FieldPlan> OtherFields() {
    return {{"user", {TypeKind::kString}},     {"page", {TypeKind::kString}},
            {"quantity", {TypeKind::kInt}},    {"amount", {TypeKind::kDecimal, 2}},
            {"rate", {TypeKind::kDecimal, 4}}, {"score", {TypeKind::kFloat}},
            {"flag", {TypeKind::kBool}},       {"seen", {TypeKind::kTimestamp}},
            {"geo.city", {TypeKind::kString}}, {"geo.zone.number", {TypeKind::kInt}}};
  }

  void WriteFields() {
    std::vector<FieldPlan> fields = IsLog() ? LogFields() : OtherFields();
    const std::string time = IsLog() ? "time" : "ts";
    std::erase_if(fields, [&](const FieldPlan& field) {
      return field.name != "user" && random_.Percent(30);
    });
    fields.push_back({time, {TypeKind::kTimestamp}});
    for (size_t i = fields.size(); i > 1; --i) std::swap(fields[i - 1], fields[random_.Below(i)]);
    stream_.fields = fields;
    while (stream_.fields[stream_.time_column].name != time) ++stream_.time_column;
  }

  DerivedPlan RandomDerived(const std::string& name) {
    const size_t visible = stream_.column_count();
    const ValueType type = random_.Pick<ValueType>({{TypeKind::kInt},
                                                    {TypeKind::kDecimal, 3},
                                                    {TypeKind::kDecimal, 6},
                                                    {TypeKind::kFloat},
                                                    {TypeKind::kString},
                                                    {TypeKind::kBool},
                                                    {TypeKind::kTimestamp}});
    std::string text;
    if (type.kind == TypeKind::kString) {
      text = random_.Percent(80) ? "user" : "'always'";
    } else if (type.kind == TypeKind::kTimestamp) {
      text =
          random_.Percent(80) ? stream_.fields[stream_.time_column].name : "'2024-01-01T00:00:00Z'";
    } else if (type.kind == TypeKind::kBool) {
      text = RandomPredicate(stream_, visible, random_);
    } else {
      // Few quotients are exact.
      const bool divide = type.kind == TypeKind::kFloat || random_.Percent(10);
      text = RandomArithmetic(stream_, visible, divide, random_);
    }
    const absl::StatusOr<Expr> tree = ParseValue(text, stream_, visible, type);
    ONRUSH_CHECK(tree.ok());
    return {name, type, {text, *tree}};
  }

  QueryPlan RandomQuery(const std::string& name) {
    QueryPlan query;
    query.name = name;
    query.key = RandomKey();
    if (random_.Percent(35)) query.where = RandomWhere();
    query.allowed_lateness = random_.Percent(30) ? Duration{0} : Steps(0, 20);
    switch (random_.Below(4)) {
      case 0:
        query.kind = RandomTopK();
        break;
      case 1:
        query.kind = RandomVelocity();
        break;
      case 2:
        if (random_.Percent(15)) query.key.clear();
        query.kind = RandomAggregate(RandomWindow());
        break;
      default:
        if (random_.Percent(15)) query.key.clear();
        query.kind = RandomAggregate(std::nullopt);
        query.allowed_lateness = {0};
    }
    if (query.window() != nullptr && random_.Percent(35)) {
      query.late_updates = QueryPlan::LateUpdates::kEach;
    }
    return query;
  }

  ExprPlan RandomWhere() {
    const std::string text = RandomPredicate(stream_, stream_.column_count(), random_);
    const absl::StatusOr<Expr> tree = ParseCondition(text, stream_, stream_.column_count());
    ONRUSH_CHECK(tree.ok());
    return {text, *tree};
  }

  std::vector<size_t> RandomKey() {
    if (random_.Percent(60)) return {RandomColumn({TypeKind::kString, TypeKind::kBool})};
    std::vector<size_t> key;
    const int64_t size = random_.Between(1, 3);
    while (static_cast<int64_t>(key.size()) < size) {
      const size_t column = random_.Below(stream_.column_count());
      if (std::find(key.begin(), key.end(), column) != key.end()) continue;
      if (stream_.column_name(column) == "time") continue;  // a name that some outputs have already
      key.push_back(column);
    }
    return key;
  }

  // A column of one of the kinds; "user" is always one of them or stands in.
  size_t RandomColumn(const std::vector<TypeKind>& kinds) {
    std::vector<size_t> columns;
    for (size_t i = 0; i < stream_.column_count(); ++i) {
      const TypeKind kind = stream_.column_type(i).kind;
      if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) columns.push_back(i);
    }
    return columns.empty() ? stream_.column_count() : random_.Pick(columns);
  }
  size_t RandomNumberColumn() {
    return RandomColumn({TypeKind::kInt, TypeKind::kDecimal, TypeKind::kFloat});
  }

  WindowPlan RandomWindow() {
    WindowPlan window;
    if (random_.Percent(theme_.zone.empty() ? 5 : 70)) {
      window.kind = WindowPlan::Kind::kZonedDay;
      window.size = window.slide = {kNanosPerDay};
      window.time_zone = theme_.zone.empty() ? "Europe/London" : theme_.zone;
      return window;
    }
    window.slide = Steps(1, 10);
    const int64_t panes = random_.Pick<int64_t>({1, 1, 1, 2, 2, 3, 3, 5, 5, 8, 40, 100});
    if (__builtin_mul_overflow(window.slide.ns, panes, &window.size.ns)) window.size = window.slide;
    if (random_.Percent(40)) window.origin = {random_.Between(-20, 20) * theme_.step_ns};
    if (random_.Percent(10)) window.origin = {random_.Pick<int64_t>({kLeast, kMost, 7})};
    return window;
  }

  TopKPlan RandomTopK() {
    TopKPlan top_k;
    top_k.window = RandomWindow();
    top_k.k = static_cast<uint32_t>(random_.Between(1, 5));
    using Kind = MeasurePlan::Kind;
    top_k.by = RandomMeasure({Kind::kCount, Kind::kSum, Kind::kDistinct});
    return top_k;
  }

  MeasurePlan RandomMeasure(const std::vector<MeasurePlan::Kind>& kinds) {
    using Kind = MeasurePlan::Kind;
    static const std::map<Kind, std::string> kNames = {
        {Kind::kSum, "sum"},          {Kind::kMin, "min"},     {Kind::kMax, "max"},
        {Kind::kAvg, "avg"},          {Kind::kFirst, "first"}, {Kind::kLast, "last"},
        {Kind::kDistinct, "distinct"}};
    MeasurePlan measure;
    measure.kind = random_.Pick(kinds);
    const bool of_number = measure.kind == Kind::kSum || measure.kind == Kind::kAvg;
    const size_t column = of_number ? RandomNumberColumn() : random_.Below(stream_.column_count());
    if (measure.kind == Kind::kCount || column == stream_.column_count()) return Count();
    measure.column = column;
    measure.name = kNames.at(measure.kind) + '_' + stream_.column_name(column);
    return measure;
  }

  AggregatePlan RandomAggregate(std::optional<WindowPlan> window) {
    using Kind = MeasurePlan::Kind;
    AggregatePlan aggregate;
    aggregate.window = std::move(window);
    if (random_.Percent(30)) aggregate.emit = AggregatePlan::Emit::kFinal;
    if (aggregate.window) aggregate.emit = AggregatePlan::Emit::kChange;
    const int64_t measures = random_.Between(1, 5);
    for (int64_t i = 0; i < measures; ++i) {
      aggregate.compute.push_back(
          RandomMeasure({Kind::kCount, Kind::kSum, Kind::kMin, Kind::kMax, Kind::kAvg,
                         Kind::kDistinct, Kind::kFirst, Kind::kLast}));
      // Names differ within a query.
      if (i > 0 || random_.Percent(20)) aggregate.compute.back().name = "m" + std::to_string(i);
    }
    return aggregate;
  }

  VelocityPlan RandomVelocity() {
    VelocityPlan velocity;
    velocity.within = Steps(1, random_.Pick<int64_t>({3, 12, 12, 150}));
    if (random_.Percent(40)) velocity.cooldown = Steps(0, 15);
    if (random_.Percent(30)) {
      velocity.distinct = {random_.Below(stream_.column_count()), random_.Between(1, 3)};
    }
    if (random_.Percent(40)) velocity.sum = RandomSumCondition();
    if (random_.Percent(50) || (!velocity.distinct && !velocity.sum)) {
      velocity.count_over = random_.Between(0, 4);
    }
    return velocity;
  }

  std::optional<VelocityPlan::Sum> RandomSumCondition() {
    VelocityPlan::Sum sum;
    sum.column = RandomNumberColumn();
    if (sum.column == stream_.column_count()) return std::nullopt;
    const int64_t thousandths = random_.Pick<int64_t>({0, 1000, 2500, 12345, 5, 20000, 999});
    const std::string digits = std::to_string(thousandths + 10000);  // at least five digits
    sum.text = std::to_string(thousandths / 1000) + '.' + digits.substr(digits.size() - 3);
    const ValueType type = stream_.column_type(sum.column);
    sum.amount = Int128{thousandths} * kPowersOfTen[type.scale] / 1000;
    sum.amount_float = static_cast<double>(thousandths) / 1000;
    return sum;
  }

  const TimeTheme& theme_;
  RandomSource& random_;
  StreamPlan stream_;
};

}  // namespace

TimeTheme RandomTheme(RandomSource& random) {
  const uint64_t kind = random.Below(100);
  if (kind >= 75) return ThemeOfZone(random);
  TimeTheme theme;
  theme.step_ns = RandomStep(random);
  if (kind < 35) {
    theme.origin_ns = 1'700'000'000 * kNanosPerSecond + random.Between(0, kNanosPerDay);
    theme.origin_ns -= theme.origin_ns % theme.step_ns;
  } else if (kind < 45) {
    theme.origin_ns = -20 * theme.step_ns;
  } else if (kind < 55) {
    theme.origin_ns = -random.Between(1, 100 * 365) * kNanosPerDay;
  } else if (kind < 65) {
    theme.origin_ns = kLeast;
    theme.huge_spans = random.Percent(50);
  } else {
    theme.origin_ns = kMost - random.Between(1, 150) * theme.step_ns;
    theme.huge_spans = random.Percent(50);
  }
  return theme;
}

Plan RandomPlan(const TimeTheme& theme, RandomSource& random) {
  return PlanWriter(theme, random).Write();
}

RandomCase MakeRandomCase(uint64_t seed) {
  RandomSource random(seed);
  const TimeTheme theme = RandomTheme(random);
  RandomCase result;
  result.plan = RandomPlan(theme, random);
  result.input = RandomInput(result.plan, theme, random);
  return result;
}

}  // namespace onrush
