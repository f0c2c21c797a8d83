// SQLite in memory: a second opinion.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace onrush::realdata {

class SqliteStatement;

// An empty data base. Failures are bugs of the test.
class SqliteDatabase {
 public:
  SqliteDatabase();

  void Execute(const std::string& sql);
  SqliteStatement Prepare(std::string_view sql);

 private:
  std::unique_ptr<sqlite3, int (*)(sqlite3*)> handle_;
};

// Parameters and columns count from 0.
class SqliteStatement {
 public:
  void Bind(int parameter, int64_t value);
  void Bind(int parameter, std::string_view value);
  // True if there is a (next) row; false ends it, and the statement may be run again.
  bool Step();
  int64_t Int(int column) const;
  std::string Text(int column) const;

 private:
  friend class SqliteDatabase;
  explicit SqliteStatement(sqlite3_stmt* handle);
  std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> handle_;
};

}  // namespace onrush::realdata
