#include <algorithm>
#include <memory>
#include <string>

#include "doctest/doctest.h"
#include "operators/sinks/csv_view.h"
#include "operators/sinks/table_view.h"
#include "tests/support/string_sink.h"

namespace onrush {
namespace {

template <typename View>
std::string Show(std::string_view lines) {
  std::string text;
  View view(std::make_unique<StringSink>(text));
  REQUIRE(view.Write(lines).ok());
  REQUIRE(view.Finish().ok());
  return text;
}

constexpr std::string_view kRanking =
    R"({"query":"top_pages","seq":812,"window_start":"1995-07-01T04:00:00Z","window_end":"1995-07-01T04:05:00Z","revision":0,"top":[{"rank":1,"page":"/a","count":12},{"rank":2,"page":"/b,\"c\"","count":9}]}
)";
constexpr std::string_view kFlag =
    R"({"query":"velocity","seq":91,"event_seq":90,"time":"2020-06-21T12:14:25.250Z","card":"4613","count":4,"sum_amt":120.50,"window_start":"2020-06-21T12:12:25.250Z"}
)";
constexpr std::string_view kDay =
    R"({"query":"daily","seq":77,"window_start":"2010-12-01T00:00:00Z","window_end":"2010-12-02T00:00:00Z","revision":0,"sku":"85123A","warehouse":null,"count":40,"sold":454}
)";

}  // namespace

TEST_SUITE("operators/sinks/csv_view") {
  TEST_CASE("a header goes before the first row of each query, and a ranking has a row a rank") {
    CHECK(Show<CsvView>(std::string(kRanking) + std::string(kFlag) + std::string(kRanking)) ==
          R"(query,seq,window_start,window_end,revision,rank,page,count
top_pages,812,1995-07-01T04:00:00Z,1995-07-01T04:05:00Z,0,1,/a,12
top_pages,812,1995-07-01T04:00:00Z,1995-07-01T04:05:00Z,0,2,"/b,""c""",9
query,seq,event_seq,time,card,count,sum_amt,window_start
velocity,91,90,2020-06-21T12:14:25.250Z,4613,4,120.50,2020-06-21T12:12:25.250Z
top_pages,812,1995-07-01T04:00:00Z,1995-07-01T04:05:00Z,0,1,/a,12
top_pages,812,1995-07-01T04:00:00Z,1995-07-01T04:05:00Z,0,2,"/b,""c""",9
)");
  }

  TEST_CASE("null is an empty field") {
    CHECK(Show<CsvView>(kDay) ==
          R"(query,seq,window_start,window_end,revision,sku,warehouse,count,sold
daily,77,2010-12-01T00:00:00Z,2010-12-02T00:00:00Z,0,85123A,,40,454
)");
  }

  TEST_CASE("numbers of any size stay as they are written") {
    CHECK(Show<CsvView>(R"({"query":"s","n":170141183460469231731687303715884105727,"f":1e-7})"
                        "\n") == "query,n,f\ns,170141183460469231731687303715884105727,1e-7\n");
  }

  TEST_CASE("a line that is none of ours is an error") {
    std::string text;
    CsvView view(std::make_unique<StringSink>(text));
    CHECK(view.Write("{\"seq\":1}\n").code() == absl::StatusCode::kInternal);
    CHECK(view.Write("[1]\n").code() == absl::StatusCode::kInternal);
    CHECK(view.Write("{\"query\":\"a\"").code() == absl::StatusCode::kInternal);
  }
}

TEST_SUITE("operators/sinks/table_view") {
  TEST_CASE("a ranking is a block with its window above it") {
    CHECK(Show<TableView>(kRanking) == R"(top_pages  1995-07-01 04:00:00 – 04:05:00 UTC
  rank  page    count
     1  /a         12
     2  /b,"c"      9
)");
  }

  TEST_CASE("a query's rows stand together under one heading") {
    CHECK(Show<TableView>(std::string(kFlag) + std::string(kDay) + std::string(kFlag)) ==
          R"(velocity
  time (UTC)               card  count  sum_amt  window_start (UTC)
  2020-06-21 12:14:25.250  4613      4   120.50  2020-06-21 12:12:25.250
  2020-06-21 12:14:25.250  4613      4   120.50  2020-06-21 12:12:25.250

daily
  window (UTC)                               revision  sku     warehouse  count  sold
  2010-12-01 00:00:00 – 2010-12-02 00:00:00         0  85123A          –     40   454
)");
  }

  TEST_CASE("a block of 32 rows is shown without waiting for more") {
    std::string text;
    TableView view(std::make_unique<StringSink>(text));
    for (int i = 0; i < 31; ++i) REQUIRE(view.Write(kFlag).ok());
    CHECK(text.empty());
    REQUIRE(view.Write(kFlag).ok());
    CHECK(std::count(text.begin(), text.end(), '\n') == 1 + 1 + 32);
  }

  TEST_CASE("a query's rows go on under their heading after a flush") {
    std::string text;
    TableView view(std::make_unique<StringSink>(text));
    for (int i = 0; i < 3; ++i) {
      REQUIRE(view.Write(kFlag).ok());
      REQUIRE(view.Flush().ok());
    }
    CHECK(std::count(text.begin(), text.end(), '\n') == 1 + 1 + 3);
    std::string wider(kFlag);
    wider.replace(wider.find("4613"), 4, "46131");
    REQUIRE(view.Write(wider).ok());
    REQUIRE(view.Finish().ok());
    CHECK(std::count(text.begin(), text.end(), '\n') == 5 + 1 + 1 + 1 + 1);
  }

  TEST_CASE("a revised ranking says which revision it is") {
    std::string line(kRanking);
    line.replace(line.find("\"revision\":0"), 12, "\"revision\":2");
    CHECK(Show<TableView>(line).starts_with(
        "top_pages  1995-07-01 04:00:00 – 04:05:00 UTC  revision 2\n"));
  }

  TEST_CASE("long and hostile texts neither break the columns nor reach the terminal") {
    const std::string name = "\\u001b[2Jé" + std::string(60, 'x');
    const std::string text =
        Show<TableView>("{\"query\":\"q\",\"name\":\"" + name +
                        "\",\"n\":1}\n{\"query\":\"q\",\"name\":\"a\\nb\",\"n\":22}\n");
    CHECK(text == "q\n  name" + std::string(44, ' ') + "   n\n  \uFFFD[2Jé" + std::string(42, 'x') +
                      "…   1\n  a\uFFFDb" + std::string(45, ' ') + "  22\n");
  }
}

TEST_SUITE("operators/sinks/text_table") {
  TEST_CASE("width counts code points") {
    CHECK(DisplayWidth("") == 0);
    CHECK(DisplayWidth("abc") == 3);
    CHECK(DisplayWidth("é–€") == 3);
  }

  TEST_CASE("what does not fit is cut between code points and ends in an ellipsis") {
    CHECK(FitToWidth("éééé", 4) == "éééé");
    CHECK(FitToWidth("ééééé", 4) == "ééé…");
    CHECK(FitToWidth("ab", 1) == "…");
  }

  TEST_CASE("control characters of one and two bytes are replaced") {
    CHECK(FitToWidth("a\x7F\xC2\x9B\t", 9) == "a\uFFFD\uFFFD\uFFFD");
    CHECK(FitToWidth("\xC2\xA0", 9) == "\xC2\xA0");
  }
}

}  // namespace onrush
