#include "core/suggest.h"

#include "doctest/doctest.h"

namespace onrush {
namespace {

TEST_SUITE("core/suggest") {
  TEST_CASE("edits are insertions, deletions, replacements and swaps of neighbours") {
    CHECK(EditDistance("slide", "slide", 3) == 0);
    CHECK(EditDistance("slde", "slide", 3) == 1);
    CHECK(EditDistance("sslide", "slide", 3) == 1);
    CHECK(EditDistance("slede", "slide", 3) == 1);
    CHECK(EditDistance("silde", "slide", 3) == 1);
    CHECK(EditDistance("SLIDE", "slide", 3) == 0);
    CHECK(EditDistance("kitten", "sitting", 9) == 3);
    CHECK(EditDistance("", "abc", 9) == 3);
  }

  TEST_CASE("a distance beyond the limit is the limit plus one") {
    CHECK(EditDistance("kitten", "sitting", 2) == 3);
    CHECK(EditDistance("a", "abcdefgh", 2) == 3);
  }

  TEST_CASE("the nearest name is one that a slip explains") {
    const std::vector<std::string_view> names = {"size", "slide", "origin", "time_zone"};
    CHECK(NearestName("slid", names) == "slide");
    CHECK(NearestName("orgin", names) == "origin");
    CHECK(NearestName("timezone", names) == "time_zone");
    CHECK(NearestName("Size", names) == "size");
    CHECK(NearestName("gap", names) == "");
    CHECK(NearestName("", names) == "");
    CHECK(NearestName("k", {"n"}) == "");
  }

  TEST_CASE("of equally near names the first is told") {
    CHECK(NearestName("cat", {"bat", "rat"}) == "bat");
    CHECK(NearestName("cat", {"bat", "rat", "cat"}) == "cat");
    CHECK(NearestName("cat", {"cat", "cart"}) == "cat");
  }

  TEST_CASE("of equally near names the one that has all that was written is told") {
    CHECK(NearestName("unixms", {"unix_s", "unix_ms", "unix_us"}) == "unix_ms");
    CHECK(NearestName("unixs", {"unix_s", "unix_ms"}) == "unix_s");
  }

  TEST_CASE("choices are the near name, or all of them, or the words for none") {
    CHECK(DescribeChoices("pgae", {"page", "user"}, "nothing") == "'page'");
    CHECK(DescribeChoices("xyz", {"page", "user"}, "nothing") == "one of 'page', 'user'");
    CHECK(DescribeChoices("xyz", {"page"}, "nothing") == "'page'");
    CHECK(DescribeChoices("xyz", {}, "nothing") == "nothing");
    const std::vector<std::string_view> many(20, "long");
    CHECK(DescribeChoices("xyz", many, "").ends_with("'long', …"));
  }
}

}  // namespace
}  // namespace onrush
