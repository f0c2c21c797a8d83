// Half a year of card transactions: what velocity flags, against SQLite's window functions over the
// same rows, and against a naive loop.
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "doctest/doctest.h"
#include "fmt/format.h"
#include "simdjson.h"
#include "tests/realdata/csv_reader.h"
#include "tests/realdata/data_folder.h"
#include "tests/realdata/decimal_text.h"
#include "tests/realdata/naive_velocity.h"
#include "tests/realdata/replay.h"
#include "tests/realdata/sqlite.h"
#include "tests/realdata/utc_text.h"

namespace onrush::realdata {
namespace {

constexpr std::string_view kPipeline = R"toml(
[stream.transactions]
format = "csv"
time = "TX_DATETIME"
time_format = "%Y-%m-%d %H:%M:%S"
max_out_of_orderness = "0s"
[stream.transactions.fields]
TX_DATETIME = "timestamp"
CUSTOMER_ID = "int"
TERMINAL_ID = "int"
TX_AMOUNT = "decimal(2)"

[[query]]
name = "many"
type = "velocity"
key = "CUSTOMER_ID"
within = "1h"
count_over = 3

[[query]]
name = "much"
type = "velocity"
key = "CUSTOMER_ID"
within = "2h"
sum_over = { field = "TX_AMOUNT", amount = 600 }

[[query]]
name = "here_and_there"
type = "velocity"
key = "CUSTOMER_ID"
within = "2m"
count_over = 1
distinct_at_least = { field = "TERMINAL_ID", n = 2 }

[[query]]
name = "at_once"
type = "velocity"
key = "CUSTOMER_ID"
within = "0s"
count_over = 1

[[query]]
name = "cooled"
type = "velocity"
key = "CUSTOMER_ID"
within = "6h"
count_over = 3
sum_over = { field = "TX_AMOUNT", amount = 250.50 }
cooldown = "12h"
)toml";

constexpr int64_t kMinute = 60'000, kHour = 60 * kMinute;

enum QueryIndex { kMany, kMuch, kHereAndThere, kAtOnce, kCooled };

const std::vector<NaiveVelocity::Query>& Queries() {
  static const auto& queries = *new std::vector<NaiveVelocity::Query>{
      {.name = "many", .key_field = "CUSTOMER_ID", .within = kHour, .count_over = 3},
      {.name = "much",
       .key_field = "CUSTOMER_ID",
       .within = 2 * kHour,
       .sum = NaiveVelocity::Sum{"TX_AMOUNT", 2, 600'00}},
      {.name = "here_and_there",
       .key_field = "CUSTOMER_ID",
       .within = 2 * kMinute,
       .count_over = 1,
       .distinct = NaiveVelocity::Distinct{"TERMINAL_ID", 2}},
      {.name = "at_once", .key_field = "CUSTOMER_ID", .within = 0, .count_over = 1},
      {.name = "cooled",
       .key_field = "CUSTOMER_ID",
       .within = 6 * kHour,
       .count_over = 3,
       .sum = NaiveVelocity::Sum{"TX_AMOUNT", 2, 250'50},
       .cooldown = 12 * kHour},
  };
  return queries;
}

struct Transactions {
  std::vector<NaiveVelocity::Event> events;
  std::vector<int64_t> ids;  // the file's own numbers, which are not quite in order
};

Transactions LoadTransactions(std::string_view text) {
  Transactions transactions;
  CsvReader csv(text);
  const size_t id = csv.ColumnOf("TRANSACTION_ID"), time = csv.ColumnOf("TX_DATETIME"),
               customer = csv.ColumnOf("CUSTOMER_ID"), terminal = csv.ColumnOf("TERMINAL_ID"),
               amount = csv.ColumnOf("TX_AMOUNT");
  for (uint64_t seq = 0; csv.Next(); ++seq) {
    transactions.events.push_back({seq, ReadUtc(csv.cell(time)), ReadDecimal(csv.cell(customer), 0),
                                   ReadDecimal(csv.cell(terminal), 0),
                                   ReadDecimal(csv.cell(amount), 2)});
    transactions.ids.push_back(ReadDecimal(csv.cell(id), 0));
  }
  return transactions;
}

std::set<int64_t> ReadIds(std::string_view text) {
  std::set<int64_t> ids;
  CsvReader csv(text);
  for (const size_t id = csv.ColumnOf("TRANSACTION_ID"); csv.Next();) {
    ids.insert(ReadDecimal(csv.cell(id), 0));
  }
  return ids;
}

// What one query says is what the naive loop says.
void CheckAgainstLoop(const NaiveVelocity::Query& query, const RunResult& run,
                      const Transactions& transactions) {
  CAPTURE(query.name);
  NaiveVelocity velocity(query);
  std::string lines;
  for (const NaiveVelocity::Event& event : transactions.events) lines += velocity.Arrive(event);
  CHECK(lines != "");
  CHECK(Difference(lines, LinesOf(run.results, query.name)) == "");
}

void CheckLedger(const RunResult& run, size_t rows) {
  CHECK(run.streams[0].read == rows);
  CHECK(run.late == "");
  CHECK(run.bad == "");
  CheckBalance(run);
}

// A measure of the trailing window of each flagged event, by the event's number.
using Flagged = std::map<int64_t, int64_t>;

std::string TextOf(const Flagged& flagged) {
  std::string text;
  for (const auto& [seq, measure] : flagged) text += fmt::format("{}: {}\n", seq, measure);
  return text;
}

// What the lines of a query say: its count, or its sum in cents.
Flagged FlaggedBy(const RunResult& run, std::string_view query, std::string_view measure) {
  Flagged flagged;
  simdjson::dom::parser parser;
  const std::string lines = LinesOf(run.results, query);
  for (size_t begin = 0; begin < lines.size();) {
    const size_t end = lines.find('\n', begin);
    const simdjson::dom::element line = parser.parse(lines.substr(begin, end - begin));
    const bool is_count = measure == "count";
    flagged[int64_t{line["event_seq"]}] =
        is_count ? int64_t{line["count"]} : std::llround(double{line[measure]} * 100);
    begin = end + 1;
  }
  return flagged;
}

SqliteDatabase LoadDatabase(const Transactions& transactions) {
  SqliteDatabase database;
  database.Execute(
      "CREATE TABLE rows (seq INTEGER PRIMARY KEY, customer INTEGER, time INTEGER, cents INTEGER);"
      "BEGIN;");
  SqliteStatement insert = database.Prepare("INSERT INTO rows VALUES (?, ?, ?, ?)");
  for (const NaiveVelocity::Event& event : transactions.events) {
    insert.Bind(0, static_cast<int64_t>(event.seq));
    insert.Bind(1, event.key);
    insert.Bind(2, event.time / 1000);
    insert.Bind(3, event.amount);
    insert.Step();
  }
  database.Execute("COMMIT;");
  return database;
}

// The rows whose `measure` over the trailing window is above a bound.
Flagged FlaggedBySqlite(SqliteDatabase& database, std::string_view measure, int64_t within_seconds,
                        int64_t bound) {
  SqliteStatement select = database.Prepare(
      fmt::format("SELECT seq, measure FROM (SELECT seq, {} OVER trailing AS measure FROM rows "
                  "  WINDOW trailing AS (PARTITION BY customer ORDER BY time "
                  "                      RANGE BETWEEN {} PRECEDING AND CURRENT ROW)) "
                  "WHERE measure > {}",
                  measure, within_seconds, bound));
  Flagged flagged;
  while (select.Step()) flagged[select.Int(0)] = select.Int(1);
  return flagged;
}

TEST_SUITE_BEGIN("realdata/transactions");

TEST_CASE("velocity flags the card transactions that SQLite's trailing windows tell") {
  const auto path = FindDataFile("transactions.csv.zst");
  const auto tied_path = FindDataFile("tied_customer_rows.csv");
  if (!path || !tied_path) return;
  const RunResult run = ReplayFile(ParsePlan(kPipeline), *path);
  const Transactions transactions = LoadTransactions(ReadDataFile(*path));
  CHECK(transactions.events.size() == 1'754'155);
  CheckLedger(run, transactions.events.size());

  // The rows of a customer at one second are peers: each is in the other's window, and the first is
  // flagged when the second arrives.
  const std::set<int64_t> tied_ids = ReadIds(ReadDataFile(*tied_path));
  CHECK(tied_ids.size() == 58);
  Flagged tied;
  for (size_t seq = 0; seq < transactions.ids.size(); ++seq) {
    if (tied_ids.contains(transactions.ids[seq])) tied[static_cast<int64_t>(seq)] = 2;
  }
  CHECK(Difference(TextOf(tied), TextOf(FlaggedBy(run, "at_once", "count"))) == "");

  SqliteDatabase database = LoadDatabase(transactions);
  const auto check = [&](const Flagged& expected, Flagged actual) {
    CHECK(!expected.empty());
    // A line has the measure of the moment of the flag, SQLite that with all its peers.
    for (const auto& [seq, measure] : expected) {
      if (tied.contains(seq) && actual.contains(seq)) actual[seq] = measure;
    }
    CHECK(Difference(TextOf(expected), TextOf(actual)) == "");
  };
  check(FlaggedBySqlite(database, "count(*)", 3600, 3), FlaggedBy(run, "many", "count"));
  check(FlaggedBySqlite(database, "sum(cents)", 7200, 600'00),
        FlaggedBy(run, "much", "sum_TX_AMOUNT"));

  // What SQLite's windows cannot tell: distinct values, and the cooldown.
  CheckAgainstLoop(Queries()[kHereAndThere], run, transactions);
  CheckAgainstLoop(Queries()[kCooled], run, transactions);
}

TEST_CASE("what velocity flags does not depend on how the input is cut") {
  const auto path = FindDataFile("transactions.csv.zst");
  if (!path) return;
  const std::string all = ReadDataFile(*path);
  const std::string_view some = FirstLines(all, 100'001);
  const RunResult run = ReplayInManyWays(ParsePlan(kPipeline), *path, some);
  const Transactions transactions = LoadTransactions(some);
  CheckLedger(run, transactions.events.size());
  for (const NaiveVelocity::Query& query : Queries()) CheckAgainstLoop(query, run, transactions);
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush::realdata
