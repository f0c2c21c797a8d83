#include "tools/engine/toml_document.h"

#include <string>
#include <string_view>

#include "doctest/doctest.h"
#include "fmt/format.h"
#include "tests/support/pipeline_snippets.h"

namespace onrush {
namespace {

TEST_SUITE("tools/engine/toml_document") {
  TEST_CASE("nesting that would exhaust the stack is refused") {
    const auto repeat = [](std::string_view text, size_t times) {
      std::string out;
      for (size_t i = 0; i < times; ++i) out += text;
      return out;
    };
    constexpr std::string_view kLong = "a key of more than 32 parts; would be right: at most 32";
    CHECK(PipelineErrorsOf("a" + repeat(".a", 50'000) + " = 1") ==
          fmt::format("p.toml:1:64: found {}", kLong));
    CHECK(PipelineErrorsOf("\n['a.b'" + repeat(" . \"a\"", 50'000) + "]").find(kLong) !=
          std::string::npos);
    CHECK(PipelineErrorsOf("x = { a" + repeat(".a", 50'000) + " = 1 }").find(kLong) !=
          std::string::npos);
    CHECK(PipelineErrorsOf("s = '''\n'''\na" + repeat(".a", 50'000)).find(kLong) !=
          std::string::npos);
    CHECK(PipelineErrorsOf("s = \"\"\"\\\"\"\"\"\"\na" + repeat(".a", 50'000)).find(kLong) !=
          std::string::npos);
    CHECK(PipelineErrorsOf("a = " + repeat("[", 100'000)).find("maximum nested value depth") !=
          std::string::npos);
    CHECK(PipelineErrorsOf("a = " + repeat("{a=", 100'000)).find("maximum nested value depth") !=
          std::string::npos);
  }

  TEST_CASE("a letter beyond ASCII outside strings is no TOML, and not undefined either") {
    CHECK(PipelineErrorsOf("é = 1") ==
          "p.toml:1:1: no TOML: Error while parsing root table: expected keys, tables, whitespace "
          "or comments, saw 'é'");
    CHECK(PipelineErrorsOf("name = \"\"\"a\\\n é\"\"\"\n# é\n" + WithStream("time = 'ts'")) ==
          "no error");
  }

  TEST_CASE("a header that begins with a comment does not end the program") {
    CHECK(PipelineErrorsOf("[# x\n]") ==
          "p.toml:1:2: no TOML: Error while parsing key: expected bare key starting "
          "character or string delimiter, saw '#'");
  }

  TEST_CASE("a newline in a key does not break the message") {
    const std::string error = PipelineErrorsOf("\"a\\nb\" = 1\n\"a\\nb\" = 2");
    CHECK(error.starts_with("p.toml:2:"));
    CHECK(error.find('\n') == std::string::npos);
  }

  TEST_CASE("dots that are not in keys do not count") {
    const std::string dots(500, '.');
    CHECK(PipelineErrorsOf(fmt::format("# {0}\nname = '{0}'\n{1}", dots,
                                       WithStream("time = 'ts'"))) == "no error");
    CHECK(PipelineErrorsOf(fmt::format("name = \"\"\"{0}\"{0}\\\"\"\"{0}\"\"\"\"\n{1}", dots,
                                       WithStream("time = 'ts'"))) == "no error");
  }

  TEST_CASE("a file that is no pipeline at all is refused by its size") {
    CHECK(PipelineErrorsOf(std::string(2'000'000, '#')) ==
          "p.toml:1:1: found more than 1048576 bytes; would be right: at most 1048576");
  }

  TEST_CASE("a byte order mark is skipped") {
    CHECK(PipelineErrorsOf("\xEF\xBB\xBFnme = 3\n" + WithStream("time = 'ts'")) ==
          "p.toml:1:1: nme: found an unknown setting; would be right: 'name'");
  }
}

}  // namespace
}  // namespace onrush
