#include "tests/realdata/sqlite.h"

#include <sqlite3.h>

#include "core/check.h"

namespace onrush::realdata {

SqliteDatabase::SqliteDatabase() : handle_(nullptr, ::sqlite3_close) {
  sqlite3* handle = nullptr;
  ONRUSH_CHECK(::sqlite3_open(":memory:", &handle) == SQLITE_OK);
  handle_.reset(handle);
}

void SqliteDatabase::Execute(const std::string& sql) {
  ONRUSH_CHECK(::sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
}

SqliteStatement SqliteDatabase::Prepare(std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  ONRUSH_CHECK(::sqlite3_prepare_v2(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                    &handle, nullptr) == SQLITE_OK);
  return SqliteStatement(handle);
}

SqliteStatement::SqliteStatement(sqlite3_stmt* handle) : handle_(handle, ::sqlite3_finalize) {}

void SqliteStatement::Bind(int parameter, int64_t value) {
  ONRUSH_CHECK(::sqlite3_bind_int64(handle_.get(), parameter + 1, value) == SQLITE_OK);
}

void SqliteStatement::Bind(int parameter, std::string_view value) {
  ONRUSH_CHECK(::sqlite3_bind_text(handle_.get(), parameter + 1, value.data(),
                                   static_cast<int>(value.size()), SQLITE_TRANSIENT) == SQLITE_OK);
}

bool SqliteStatement::Step() {
  const int status = ::sqlite3_step(handle_.get());
  if (status == SQLITE_ROW) return true;
  ONRUSH_CHECK(status == SQLITE_DONE);
  ONRUSH_CHECK(::sqlite3_reset(handle_.get()) == SQLITE_OK);
  return false;
}

int64_t SqliteStatement::Int(int column) const {
  return ::sqlite3_column_int64(handle_.get(), column);
}

std::string SqliteStatement::Text(int column) const {
  const auto* const text =
      reinterpret_cast<const char*>(::sqlite3_column_text(handle_.get(), column));
  return std::string(text, ::sqlite3_column_bytes(handle_.get(), column));
}

}  // namespace onrush::realdata
