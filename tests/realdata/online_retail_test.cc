// A year of a UK shop's invoice lines, against SQLite over the same rows.
#include <string>
#include <string_view>

#include "doctest/doctest.h"
#include "fmt/format.h"
#include "tests/realdata/csv_reader.h"
#include "tests/realdata/data_folder.h"
#include "tests/realdata/decimal_text.h"
#include "tests/realdata/replay.h"
#include "tests/realdata/sqlite.h"

namespace onrush::realdata {
namespace {

constexpr std::string_view kPipeline = R"toml(
[stream.sales]
format = "csv"
time = "InvoiceDate"
time_format = "%Y-%m-%d %H:%M:%S"
time_zone = "Europe/London"
max_out_of_orderness = "0s"
[stream.sales.fields]
InvoiceNo = "string"
StockCode = "string"
Quantity = "int"
InvoiceDate = "timestamp"
UnitPrice = "decimal(3)"
CustomerID = "string"
Country = "string"
[stream.sales.derive]
revenue = { type = "decimal(3)", expr = "Quantity * UnitPrice" }

[[query]]
name = "daily_sales"
type = "aggregate"
key = "Country"
window = { size = "1d", time_zone = "Europe/London" }
compute = ["count", "sum(Quantity) as sold", "sum(revenue) as revenue", "min(UnitPrice)",
           "max(UnitPrice)", "distinct(InvoiceNo)", "distinct(CustomerID) as customers"]

[[query]]
name = "stock"
type = "aggregate"
key = "StockCode"
compute = ["sum(Quantity)"]
emit = "final"

[[query]]
name = "live_stock"
type = "aggregate"
key = "StockCode"
compute = ["sum(Quantity)"]

[[query]]
name = "total"
type = "aggregate"
compute = ["count", "sum(Quantity) as quantity", "sum(revenue) as revenue"]
emit = "final"
)toml";

// The rows as they stand: prices in thousandths, the day as the shop's calendar has it.
SqliteDatabase LoadSales(std::string_view text) {
  SqliteDatabase database;
  database.Execute(
      "CREATE TABLE sales (seq INTEGER PRIMARY KEY, invoice TEXT, stock TEXT, quantity INTEGER, "
      "wall TEXT, day TEXT, price INTEGER, customer TEXT, country TEXT); BEGIN;");
  SqliteStatement insert =
      database.Prepare("INSERT INTO sales VALUES (?, ?, ?, ?, ?, ?, ?, nullif(?, ''), ?)");
  CsvReader csv(text);
  const size_t invoice = csv.ColumnOf("InvoiceNo"), stock = csv.ColumnOf("StockCode"),
               quantity = csv.ColumnOf("Quantity"), wall = csv.ColumnOf("InvoiceDate"),
               price = csv.ColumnOf("UnitPrice"), customer = csv.ColumnOf("CustomerID"),
               country = csv.ColumnOf("Country");
  for (int64_t seq = 0; csv.Next(); ++seq) {
    insert.Bind(0, seq);
    insert.Bind(1, csv.cell(invoice));
    insert.Bind(2, csv.cell(stock));
    insert.Bind(3, ReadDecimal(csv.cell(quantity), 0));
    insert.Bind(4, csv.cell(wall));
    insert.Bind(5, csv.cell(wall).substr(0, 10));
    insert.Bind(6, ReadDecimal(csv.cell(price), 3));
    insert.Bind(7, csv.cell(customer));
    insert.Bind(8, csv.cell(country));
    insert.Step();
  }
  database.Execute("COMMIT;");
  return database;
}

// A day's windows fire at the first row of the next day that has any. In summer time, which begins
// on 27 March and ends on 30 October 2011, days begin at 23:00 UTC.
std::string ExpectedDailySales(SqliteDatabase& database) {
  SqliteStatement select = database.Prepare(R"sql(
    WITH sums AS (
      SELECT day, country, count(*), sum(quantity), sum(quantity * price), min(price), max(price),
        count(DISTINCT invoice), count(DISTINCT customer)
      FROM sales GROUP BY day, country),
    days AS (
      SELECT day, date(day, '+1 day') AS next_day,
        lead(min(seq), 1, (SELECT count(*) FROM sales)) OVER (ORDER BY day) AS fired
      FROM sales GROUP BY day)
    SELECT sums.*, fired,
      CASE WHEN day > '2011-03-27' AND day <= '2011-10-30'
           THEN date(day, '-1 day') || 'T23' ELSE day || 'T00' END,
      CASE WHEN next_day > '2011-03-27' AND next_day <= '2011-10-30'
           THEN day || 'T23' ELSE next_day || 'T00' END
    FROM sums JOIN days USING (day) ORDER BY day, country
  )sql");
  std::string lines;
  while (select.Step()) {
    lines += fmt::format(
        R"({{"query":"daily_sales","seq":{},"window_start":"{}:00:00Z","window_end":"{}:00:00Z",)"
        R"("revision":0,"Country":"{}","count":{},"sold":{},"revenue":{},"min_UnitPrice":{},)"
        R"("max_UnitPrice":{},"distinct_InvoiceNo":{},"customers":{}}})"
        "\n",
        select.Int(9), select.Text(10), select.Text(11), select.Text(1), select.Int(2),
        select.Int(3), DecimalText(select.Int(4), 3), DecimalText(select.Int(5), 3),
        DecimalText(select.Int(6), 3), select.Int(7), select.Int(8));
  }
  return lines;
}

// The wall clock in UTC. In summer time it is an hour ahead.
constexpr std::string_view kUtc = R"sql(
  strftime('%Y-%m-%dT%H:%M:%SZ', wall,
    CASE WHEN wall >= '2011-03-27 02:00:00' AND wall < '2011-10-30 02:00:00'
         THEN '-1 hour' ELSE '+0 hours' END)
)sql";

std::string StockLines(std::string_view query, SqliteStatement select) {
  std::string lines;
  while (select.Step()) {
    lines +=
        fmt::format(R"({{"query":"{}","seq":{},"time":"{}","StockCode":"{}","sum_Quantity":{}}})"
                    "\n",
                    query, select.Int(0), select.Text(1), select.Text(2), select.Int(3));
  }
  return lines;
}

std::string ExpectedStock(SqliteDatabase& database) {
  return StockLines("stock", database.Prepare(fmt::format(
                                 "SELECT (SELECT count(*) FROM sales), {}, stock, quantity FROM "
                                 "(SELECT max(wall) AS wall, stock, sum(quantity) AS quantity "
                                 " FROM sales GROUP BY stock) ORDER BY wall, stock",
                                 kUtc)));
}

std::string ExpectedLiveStock(SqliteDatabase& database) {
  return StockLines("live_stock", database.Prepare(fmt::format(
                                      "SELECT seq, {}, stock, sum(quantity) OVER "
                                      "(PARTITION BY stock ORDER BY seq ROWS UNBOUNDED PRECEDING) "
                                      "FROM sales ORDER BY seq",
                                      kUtc)));
}

void CheckAgainstSqlite(const RunResult& run, std::string_view text) {
  SqliteDatabase database = LoadSales(text);
  CHECK(Difference(ExpectedDailySales(database), LinesOf(run.results, "daily_sales")) == "");
  CHECK(Difference(ExpectedStock(database), LinesOf(run.results, "stock")) == "");
  CHECK(Difference(ExpectedLiveStock(database), LinesOf(run.results, "live_stock")) == "");
  CHECK(run.late == "");
  CHECK(run.bad == "");
  CheckBalance(run);
}

TEST_SUITE_BEGIN("realdata/online_retail");

TEST_CASE("a shop's daily sales by country and its stock are those of SQLite") {
  const auto path = FindDataFile("online-retail.csv.zst");
  if (!path) return;
  const RunResult run = ReplayFile(ParsePlan(kPipeline), *path);
  CheckAgainstSqlite(run, ReadDataFile(*path));
  CHECK(Difference(R"({"query":"total","seq":541909,"time":"2011-12-09T12:50:00Z","count":541909,)"
                   R"("quantity":5176450,"revenue":9747747.934})"
                   "\n",
                   LinesOf(run.results, "total")) == "");
}

TEST_CASE("a shop's sales do not depend on how the input is cut") {
  const auto path = FindDataFile("online-retail.csv.zst");
  if (!path) return;
  const std::string all = ReadDataFile(*path);
  const std::string_view some = FirstLines(all, 30'001);
  CheckAgainstSqlite(ReplayInManyWays(ParsePlan(kPipeline), *path, some), some);
}

TEST_SUITE_END();

}  // namespace
}  // namespace onrush::realdata
