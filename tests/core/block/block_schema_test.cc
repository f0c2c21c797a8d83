#include "core/block/block_schema.h"

#include "doctest/doctest.h"

namespace onrush {

TEST_SUITE_BEGIN("core/block/block_schema");

TEST_CASE("a schema is read as it was written") {
  BlockSchema schema;
  schema.columns = {{"ts", {TypeKind::kTimestamp}}, {"", {TypeKind::kDecimal, 18}}, {"\xFF", {}}};
  schema.time_column = 0;
  REQUIRE(schema.Validate().ok());
  std::string bytes;
  AppendSchema(schema, bytes);
  const absl::StatusOr<BlockSchema> read = ReadSchema(bytes);
  REQUIRE(read.ok());
  CHECK(*read == schema);
  for (size_t size = 0; size < bytes.size(); ++size) {
    CHECK(ReadSchema(bytes.substr(0, size)).status().code() == absl::StatusCode::kDataLoss);
  }
  CHECK(!ReadSchema(bytes + "x").ok());
}

TEST_CASE("a schema says what is wrong with it") {
  BlockSchema schema;
  CHECK(schema.Validate().message() == "0 columns; right would be 1 to 4096");
  schema.columns = {{"a", {}}, {"b", {}}, {"a", {}}};
  CHECK(schema.Validate().message() == "the column 'a' is there twice");
  schema.columns = {{"a", {}}};
  schema.time_column = 0;
  CHECK(schema.Validate().message() == "the time column is no timestamp");
  schema.time_column.reset();
  schema.columns[0].type = {TypeKind::kDecimal, 19};
  CHECK(!schema.Validate().ok());
  CHECK(schema.Find("a") == 0);
  CHECK(!schema.Find("b"));
}

TEST_SUITE_END();

}  // namespace onrush
