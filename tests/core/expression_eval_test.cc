#include "core/expression_eval.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/expression_parser.h"
#include "doctest/doctest.h"

namespace onrush {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

struct Row {
  std::optional<std::string_view> s = {};
  std::optional<std::string_view> t = {};
  std::optional<int64_t> i = {};
  std::optional<int64_t> j = {};
  std::optional<int64_t> d = {};  // decimal(2)
  std::optional<double> f = {};
  std::optional<bool> b = {};
  std::optional<int64_t> at = {};
  bool bad = false;
};

StreamPlan EveryType() {
  StreamPlan stream;
  stream.name = "every";
  stream.fields = {{"at", {TypeKind::kTimestamp, 0}}, {"s", {TypeKind::kString, 0}},
                   {"t", {TypeKind::kString, 0}},     {"i", {TypeKind::kInt, 0}},
                   {"j", {TypeKind::kInt, 0}},        {"d", {TypeKind::kDecimal, 2}},
                   {"f", {TypeKind::kFloat, 0}},      {"b", {TypeKind::kBool, 0}}};
  return stream;
}

template <typename T, typename Stored>
void Set(EventBatch& batch, size_t column, std::vector<Stored> Column::*values, size_t row,
         const std::optional<T>& value) {
  batch.columns[column].nulls[row] = value ? 0 : 1;
  if (value) (batch.columns[column].*values)[row] = static_cast<Stored>(*value);
}

void Fill(EventBatch& batch, const std::vector<Row>& rows) {
  for (size_t r = 0; r < rows.size(); ++r) {
    const Row& row = rows[r];
    Set(batch, 0, &Column::ints, r, row.at);
    Set(batch, 1, &Column::strings, r, row.s);
    Set(batch, 2, &Column::strings, r, row.t);
    Set(batch, 3, &Column::ints, r, row.i);
    Set(batch, 4, &Column::ints, r, row.j);
    Set(batch, 5, &Column::ints, r, row.d);
    Set(batch, 6, &Column::floats, r, row.f);
    Set(batch, 7, &Column::ints, r, row.b);
    batch.size = r + 1;
    if (row.bad) batch.MarkBad(r, "bad from the start");
  }
}

Predicate Compile(std::string_view text) {
  const StreamPlan stream = EveryType();
  const absl::StatusOr<Expr> expr = ParseCondition(text, stream, stream.fields.size());
  REQUIRE_MESSAGE(expr.ok(), expr.status().message());
  return Predicate(*expr);
}

bool Holds(std::string_view text, const Row& row) {
  EventBatch batch(EveryType(), 0, 1);
  Fill(batch, {row});
  std::vector<uint8_t> mask(1, 7);
  Compile(text).Evaluate(batch, mask);
  REQUIRE(mask[0] <= 1);
  return mask[0] == 1;
}

// The derived column "x" of one row as text: its value, "null" or "bad: <reason>".
std::string Derived(std::string_view text, ValueType type, const Row& row) {
  StreamPlan stream = EveryType();
  absl::StatusOr<Expr> expr = ParseValue(text, stream, stream.fields.size(), type);
  REQUIRE_MESSAGE(expr.ok(), expr.status().message());
  stream.derived.push_back({"x", type, {std::string(text), std::move(*expr)}});
  EventBatch batch(stream, 0, 1);
  Fill(batch, {row});
  Derivation derivation(stream, 0);  // owns the literals that the column may point to
  derivation.Apply(batch);
  if (batch.bad[0] != 0) return "bad: " + batch.bad_rows[0].reason;
  const Column& column = batch.columns.back();
  if (column.nulls[0] != 0) return "null";
  if (type.kind == TypeKind::kString) return std::string(column.strings[0]);
  if (type.kind == TypeKind::kFloat) return std::to_string(column.floats[0]);
  std::string out;
  AppendDecimal(column.ints[0], type.scale, out);
  return out;
}

struct ConditionCase {
  std::string_view text;
  Row row;
  bool holds;
};

void CheckAll(const std::vector<ConditionCase>& cases) {
  for (const ConditionCase& c : cases) {
    CAPTURE(c.text);
    CHECK(Holds(c.text, c.row) == c.holds);
  }
}

TEST_SUITE("core/expression_eval") {
  TEST_CASE("numbers compare exactly whatever their scales") {
    CheckAll({
        {"i = 3", {.i = 3}, true},
        {"i != 3", {.i = 3}, false},
        {"i < 3", {.i = 2}, true},
        {"i < 3", {.i = 3}, false},
        {"i <= 3", {.i = 3}, true},
        {"i > -3", {.i = -2}, true},
        {"i >= -3", {.i = -3}, true},
        {"3 > i", {.i = 2}, true},
        {"3 > i", {.i = 3}, false},
        {"3 <= i", {.i = 3}, true},
        {"i = 2.5", {.i = 2}, false},
        {"i != 2.5", {.i = 2}, true},
        {"i < 2.5", {.i = 2}, true},
        {"i <= 2.5", {.i = 2}, true},
        {"i > 2.5", {.i = 3}, true},
        {"i > 2.5", {.i = 2}, false},
        {"i >= 2.5", {.i = 2}, false},
        {"i < -2.5", {.i = -3}, true},
        {"i < -2.5", {.i = -2}, false},
        {"i > -2.5", {.i = -2}, true},
        {"d = 1.5", {.d = 150}, true},
        {"d = 1.500", {.d = 150}, true},
        {"d = 1.505", {.d = 150}, false},
        {"d > 1.505", {.d = 151}, true},
        {"d > 1", {.d = 101}, true},
        {"i = d", {.i = 2, .d = 200}, true},
        {"i < d", {.i = 2, .d = 201}, true},
        {"i > d", {.i = kMax, .d = kMax}, true},
        {"i < d", {.i = kMin, .d = kMin}, true},
        {"i = j", {.i = 4, .j = 4}, true},
        {"i < j", {.i = 4, .j = 5}, true},
        {"i >= j", {.i = 4, .j = 5}, false},
        {"3 < 4", {}, true},
        {"0.30 = 0.3", {}, true},
        {"0.1 + 0.2 = 0.3", {}, true},
    });
  }

  TEST_CASE("a literal beyond the range of a column is just larger or smaller") {
    CheckAll({
        {"i < 9223372036854775808", {.i = kMax}, true},
        {"i <= 9223372036854775807", {.i = kMax}, true},
        {"i > 9223372036854775807", {.i = kMax}, false},
        {"i < 9223372036854775807", {.i = kMax}, false},
        {"i >= -9223372036854775808", {.i = kMin}, true},
        {"i > -9223372036854775809", {.i = kMin}, true},
        {"i < -9223372036854775808", {.i = kMin}, false},
        {"i = 9223372036854775808", {.i = kMax}, false},
        {"i != 9223372036854775808", {.i = kMax}, true},
        {"d < 100000000000000000000000000000000000", {.d = kMax}, true},
        {"d > -100000000000000000000000000000000000", {.d = kMin}, true},
        {"i > 0.00000000000000000000000000000000001", {.i = 0}, false},
        {"i < 0.00000000000000000000000000000000001", {.i = 0}, true},
        {"i in (9223372036854775808, 9223372036854775807)", {.i = kMax}, true},
    });
  }

  TEST_CASE("logic has two values: null compares false, and not makes that true") {
    const Row nothing = {};
    CheckAll({
        {"i = 3", nothing, false},
        {"i != 3", nothing, false},
        {"not (i = 3)", nothing, true},
        {"not (i != 3)", nothing, true},
        {"s = 'x'", nothing, false},
        {"s != 'x'", nothing, false},
        {"not (s = 'x')", nothing, true},
        {"s < t", {.s = "x"}, false},
        {"f < 1", nothing, false},
        {"i = i", nothing, false},
        {"i < 1 + j", {.i = 0}, false},
        {"i / j > 0", {.i = 1}, false},
        {"s in ('x')", nothing, false},
        {"not s in ('x')", nothing, true},
        {"i in (0)", nothing, false},
        {"starts_with(s, '')", nothing, false},
        {"not starts_with(s, 'x')", nothing, true},
        {"b", nothing, false},
        {"not b", nothing, true},
        {"b = false", nothing, false},
        {"b != true", nothing, false},
        {"at < '2024-01-01T00:00:00Z'", nothing, false},
    });
  }

  TEST_CASE("is null sees absent values, divisions by zero and overflows") {
    CheckAll({
        {"s is null", {}, true},
        {"s is not null", {}, false},
        {"s is null", {.s = "x"}, false},
        {"i is null", {.i = 0}, false},
        {"i + j is null", {.i = 0}, true},
        {"i + j is not null", {.i = 0, .j = 0}, true},
        {"i / j is null", {.i = 1, .j = 0}, true},
        {"i / f is null", {.i = 1, .f = 0.0}, true},
        {"i / j is null", {.i = 0, .j = 1}, false},
        {"i * i * i is null", {.i = kMax}, true},
        {"f * f is null", {.f = 1e200}, true},
        {"f is not null", {.f = 1e200}, true},
        {"b is null", {}, true},
        {"(i = 3) is null", {}, false},
        {"at is null", {.at = 1}, false},
    });
  }

  TEST_CASE("strings compare byte by byte") {
    CheckAll({
        {"s = 'sale'", {.s = "sale"}, true},
        {"s = 'sale'", {.s = "sales"}, false},
        {"s = 'sale'", {.s = "salt"}, false},
        {"'sale' = s", {.s = "sale"}, true},
        {"s != 'sale'", {.s = "salt"}, true},
        {"s < 'b'", {.s = "a"}, true},
        {"'b' > s", {.s = "a"}, true},
        {"s < 'é'", {.s = "z"}, true},
        {"s >= 'ab'", {.s = "a"}, false},
        {"s = t", {.s = "x", .t = "x"}, true},
        {"s < t", {.s = "x", .t = "xa"}, true},
        {"s in ('a', 'bb', 'c')", {.s = "bb"}, true},
        {"s in ('a', 'bb', 'c')", {.s = "b"}, false},
        {"s in ('bb', 'a', 'ba', 'ab')", {.s = "ba"}, true},
        {"starts_with(s, '/p')", {.s = "/page"}, true},
        {"starts_with(s, '/page/')", {.s = "/page"}, false},
        {"starts_with(s, t)", {.s = "xyz", .t = "xy"}, true},
    });
  }

  TEST_CASE("bools, timestamps and lists of numbers") {
    CheckAll({
        {"b", {.b = true}, true},
        {"b", {.b = false}, false},
        {"not b", {.b = false}, true},
        {"b = true", {.b = true}, true},
        {"b != true", {.b = true}, false},
        {"b = (i > 3)", {.i = 2, .b = false}, true},
        {"b and i = 1 or false", {.i = 1, .b = true}, true},
        {"true", {}, true},
        {"false or not true", {}, false},
        {"at = '1970-01-01T00:00:00.000000005Z'", {.at = 5}, true},
        {"at > '1970-01-01T00:00:00Z'", {.at = 0}, false},
        {"'1970-01-01T00:00:00Z' <= at", {.at = 0}, true},
        {"at in ('1970-01-01T00:00:00Z')", {.at = 0}, true},
        {"i in (3, -1, 2)", {.i = -1}, true},
        {"i in (3, -1, 2)", {.i = 1}, false},
        {"i in (2.0, 1.5)", {.i = 2}, true},
        {"d in (2, 1.5)", {.d = 150}, true},
        {"i + 1 in (3, 4)", {.i = 2}, true},
        {"i / 2 in (0.5)", {.i = 1}, true},
        {"f in (0.1, 7)", {.f = 0.1}, true},
        {"f in (0.1, 7)", {.f = 0.2}, false},
    });
  }

  TEST_CASE("divisions make fractions, and a third of three is one") {
    CheckAll({
        {"i / 3 * 3 = i", {.i = 7}, true},
        {"i / j = 0.5", {.i = 1, .j = 2}, true},
        {"i / j > 0.333333333333333333", {.i = 1, .j = 3}, true},
        {"i / j < 0.333333333333333334", {.i = 1, .j = 3}, true},
        {"i / -j < 0", {.i = 1, .j = 3}, true},
        {"-(i / j) = i / -j", {.i = 1, .j = 3}, true},
        {"d / d = 1", {.d = 3}, true},
        {"1 / i + 1 / j = 5 / 6", {.i = 2, .j = 3}, true},
        {"1 / i - 1 / j = 1 / 6", {.i = 2, .j = 3}, true},
        {"i / j > 5", {.i = 1, .j = 0}, false},
        {"not (i / j > 5)", {.i = 1, .j = 0}, true},
        {"i / (1 / j) = i * j", {.i = 3, .j = 7}, true},
    });
  }

  TEST_CASE("with a float, both sides are doubles") {
    CheckAll({
        {"f = 0.1", {.f = 0.1}, true},
        {"f < 0.5", {.f = 0.25}, true},
        {"0.5 > f", {.f = 0.25}, true},
        {"f != 0.5", {.f = 0.5}, false},
        {"f + 0.2 = 0.3", {.f = 0.1}, false},
        {"f = i", {.i = 9007199254740993, .f = 9007199254740992.0}, true},
        {"f * d = 0.375", {.d = 150, .f = 0.25}, true},
        {"f = i / 3", {.i = 1, .f = 1.0 / 3}, true},
        {"-f < 0", {.f = 1}, true},
        {"f - 1 = 0", {.f = 1}, true},
        {"i / f = 4", {.i = 1, .f = 0.25}, true},
        {"f = 123456789012345678.123456789012345678", {.f = 123456789012345678.125}, true},
    });
  }

  TEST_CASE("an overflow is null in a condition") {
    CheckAll({
        {"i * i > 0", {.i = kMax}, true},
        {"i * i * i > 0", {.i = kMax}, false},
        {"not (i * i * i > 0)", {.i = kMax}, true},
        {"f * f > 0", {.f = 1e200}, false},
        {"i * i + i * i > 0", {.i = kMax}, true},
        {"i * i + i * i > 0", {.i = kMin}, false},
        {"i * 0.0000000000000000000000001 > 0", {.i = 1}, true},
        {"i * 100000000000000000000000000000000000 + 0.1 > 0", {.i = 1}, true},
        {"i * 100000000000000000000000000000000000 + 0.1 > 0", {.i = 1000}, false},
    });
  }

  TEST_CASE("a derived number is exact or its event is bad") {
    const ValueType whole = {TypeKind::kInt, 0};
    const ValueType cents = {TypeKind::kDecimal, 2};
    const ValueType mils = {TypeKind::kDecimal, 3};
    CHECK(Derived("i * d", cents, {.i = 3, .d = 150}) == "4.50");
    CHECK(Derived("i * d", mils, {.i = -3, .d = 150}) == "-4.500");
    CHECK(Derived("i * d", cents, {.i = 3}) == "null");
    CHECK(Derived("d", whole, {.d = 300}) == "3");
    CHECK(Derived("d", whole, {.d = 301}) == "bad: x: does not fit int: 3.01");
    CHECK(Derived("d * d", cents, {.d = 110}) == "1.21");
    CHECK(Derived("d * d", cents, {.d = 101}) == "bad: x: does not fit decimal(2): 1.0201");
    CHECK(Derived("i / j", cents, {.i = 1, .j = 4}) == "0.25");
    CHECK(Derived("i / j", cents, {.i = 2, .j = 6}) == "bad: x: does not fit decimal(2): 1/3");
    CHECK(Derived("i / j", cents, {.i = 1, .j = 0}) == "null");
    CHECK(Derived("i / j", whole, {.i = -6, .j = 2}) == "-3");
    CHECK(Derived("i", cents, {.i = kMax}) ==
          "bad: x: does not fit decimal(2): 9223372036854775807");
    CHECK(Derived("i + 1", whole, {.i = kMax}) == "bad: x: does not fit int: 9223372036854775808");
    CHECK(Derived("-i", whole, {.i = kMin}) == "bad: x: does not fit int: 9223372036854775808");
    CHECK(Derived("i - j", whole, {.i = kMin, .j = kMin}) == "0");
    CHECK(Derived("i * i * i", whole, {.i = kMax}) == "bad: x: overflow");
    CHECK(Derived("i * i * i", whole, {}) == "null");
    // i · i fits, i · i · 100 would not.
    CHECK(Derived("i * i - d", cents, {.i = kMax, .d = 100}) == "bad: x: overflow");
    CHECK(Derived("i * i - d", cents, {.i = kMax}) == "null");
    CHECK(Derived("7", whole, {}) == "7");
    CHECK(Derived("i", whole, {.i = 5}) == "5");
    CHECK(Derived("f * f", {TypeKind::kFloat, 0}, {.f = 1e200}) == "bad: x: overflow");
  }

  TEST_CASE("a float goes into an exact column only where it is exact itself") {
    const ValueType cents = {TypeKind::kDecimal, 2};
    const ValueType whole = {TypeKind::kInt, 0};
    CHECK(Derived("f", cents, {.f = 2.5}) == "2.50");
    CHECK(Derived("f", cents, {.f = -0.0}) == "0.00");
    CHECK(Derived("f", cents, {.f = 0.1}) == "bad: x: does not fit decimal(2): 0.1");
    CHECK(Derived("f", cents, {.f = 0.125}) == "bad: x: does not fit decimal(2): 0.125");
    CHECK(Derived("f", whole, {.f = 9007199254740992.0}) == "9007199254740992");
    CHECK(Derived("f", whole, {.f = -9223372036854775808.0}) == "-9223372036854775808");
    CHECK(Derived("f", whole, {.f = 9223372036854775808.0}) ==
          "bad: x: does not fit int: 9223372036854775808.0");
    CHECK(Derived("f", whole, {.f = 1e300}) == "bad: x: does not fit int: 1e+300");
    CHECK(Derived("f", whole, {.f = 5e-324}) == "bad: x: does not fit int: 5e-324");
    CHECK(Derived("f", {TypeKind::kDecimal, 18}, {.f = std::ldexp(1.0, -18)}) ==
          "0.000003814697265625");
  }

  TEST_CASE("derived floats are the nearest doubles") {
    const ValueType real = {TypeKind::kFloat, 0};
    CHECK(Derived("i / j", real, {.i = 1, .j = 3}) == std::to_string(1.0 / 3));
    CHECK(Derived("d", real, {.d = 125}) == std::to_string(1.25));
    CHECK(Derived("f", real, {}) == "null");
  }

  TEST_CASE("a derived string, bool or timestamp is a column, a literal or a condition") {
    CHECK(Derived("s", {TypeKind::kString, 0}, {.s = "x"}) == "x");
    CHECK(Derived("s", {TypeKind::kString, 0}, {}) == "null");
    CHECK(Derived("'lit'", {TypeKind::kString, 0}, {}) == "lit");
    CHECK(Derived("i > 3", {TypeKind::kBool, 0}, {.i = 4}) == "1");
    CHECK(Derived("i > 3", {TypeKind::kBool, 0}, {}) == "0");
    CHECK(Derived("b", {TypeKind::kBool, 0}, {}) == "null");
    CHECK(Derived("true", {TypeKind::kBool, 0}, {}) == "1");
    CHECK(Derived("i * i * i > 3", {TypeKind::kBool, 0}, {.i = kMax}) == "bad: x: overflow");
    CHECK(Derived("at", {TypeKind::kTimestamp, 0}, {.at = -5}) == "-5");
    CHECK(Derived("'1970-01-01T00:00:01Z'", {TypeKind::kTimestamp, 0}, {}) == "1000000000");
  }

  TEST_CASE("every row of a long batch gets its own answer") {
    constexpr size_t kRows = 3 * expression::kChunkRows + 17;
    std::vector<Row> rows(kRows);
    for (size_t r = 0; r < kRows; ++r) {
      rows[r].i = static_cast<int64_t>(r);
      rows[r].s = r % 3 == 0 ? "x" : "y";
    }
    EventBatch batch(EveryType(), 0, kRows);
    Fill(batch, rows);
    std::vector<uint8_t> mask(kRows);
    Predicate predicate = Compile("s = 'x' and i * 2 >= 600 and not (i / 7 * 7 > 2000)");
    predicate.Evaluate(batch, mask);
    for (size_t r = 0; r < kRows; ++r) {
      CAPTURE(r);
      CHECK(mask[r] == (r % 3 == 0 && r >= 300 && r <= 2000 ? 1 : 0));
    }
  }

  TEST_CASE("rows that are bad already are not looked into and keep their reason") {
    StreamPlan stream = EveryType();
    const absl::StatusOr<Expr> expr =
        ParseValue("i * i * i", stream, stream.fields.size(), {TypeKind::kInt, 0});
    stream.derived.push_back({"x", {TypeKind::kInt, 0}, {"i * i * i", *expr}});
    EventBatch batch(stream, 0, 2);
    // A view that would crash whoever reads it.
    const std::string_view dangling(reinterpret_cast<const char*>(16), 1);
    Fill(batch, {{.s = dangling, .t = dangling, .i = kMax, .bad = true}, {.s = "a", .i = 2}});
    Derivation(stream, 0).Apply(batch);
    CHECK(batch.bad_rows.size() == 1);
    CHECK(batch.bad_rows[0].reason == "bad from the start");
    CHECK(batch.columns.back().ints[1] == 8);
    for (std::string_view text : {"s = 'x'", "s < 'x'", "s = t", "s in ('x')",
                                  "starts_with(s, 'x')", "starts_with(s, t)"}) {
      std::vector<uint8_t> mask(2);
      Compile(text).Evaluate(batch, mask);
    }
    batch.bad[0] = 0;
    batch.columns[1].nulls[0] = batch.columns[2].nulls[0] = 1;
    for (std::string_view text : {"s = 'x'", "s < 'x'", "s = t", "s in ('x')",
                                  "starts_with(s, 'x')", "starts_with(s, t)"}) {
      std::vector<uint8_t> mask(2, 7);
      Compile(text).Evaluate(batch, mask);
      CHECK(mask[0] == 0);
    }
  }

  TEST_CASE("a later derived field sees the earlier ones") {
    StreamPlan stream = EveryType();
    for (const auto& [name, text] : {std::pair{"x", "i * 2"}, std::pair{"y", "x + 1"}}) {
      const absl::StatusOr<Expr> expr =
          ParseValue(text, stream, stream.column_count(), {TypeKind::kInt, 0});
      REQUIRE(expr.ok());
      stream.derived.push_back({name, {TypeKind::kInt, 0}, {text, *expr}});
    }
    EventBatch batch(stream, 0, 1);
    Fill(batch, {{.i = 5}});
    Derivation(stream, 0).Apply(batch);
    Derivation(stream, 1).Apply(batch);
    CHECK(batch.columns.back().ints[0] == 11);
  }
}

}  // namespace
}  // namespace onrush
