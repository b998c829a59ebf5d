// SQLite with owners: a connection, statements that are prepared once, errors for people.
//
//   Statement put(database, "INSERT INTO meta VALUES (?, ?)");
//   Result<void> done = put.bind(key, value).run();
//
//   select.bind(id);
//   while (select.next()) use(select.text(0));
//   Result<void> read = select.finish();
//
// Threads: owned by one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "weft/base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace weft {

class JobReading;

class Database {
 public:
  // Opens a file that exists, for reading and writing.
  static Result<std::unique_ptr<Database>> open(const std::string& path);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  // One or more statements without answers.
  Result<void> run(const char* sql);
  bool in_transaction() const;
  std::uint64_t rows_changed() const;  // by the last statement
  // What the last call that failed with `code` means, with the file and what to do.
  Error error(int code) const;

  // From now on `reading` may stop what is under way; null: nobody may.
  void watch(JobReading* reading);

  sqlite3* handle() const { return handle_; }

 private:
  Database(sqlite3* handle, std::string path) : handle_(handle), path_(std::move(path)) {}

  sqlite3* handle_;
  const std::string path_;
  JobReading* reading_ = nullptr;
};

// Ownership: refers to its Database, which must outlive it. Text is bound by reference:
// it must live until the statement has run.
class Statement {
 public:
  Statement(Database& database, std::string sql)
      : database_(database), sql_(std::move(sql)) {}  // prepared at its first use
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  // Values for the placeholders, from the first on.
  template <class... Values>
  Statement& bind(const Values&... values) {
    prepare();
    int at = 0;
    (put(++at, values), ...);
    return *this;
  }

  bool next();            // steps; is there a row? Ends at an error too: see finish()
  Result<void> finish();  // makes ready for new values; why next() ended
  Result<void> run();     // for statements without rows

  std::uint64_t number(int column) const;
  double real(int column) const;
  std::string_view text(int column) const;  // until the next step
  bool is_null(int column) const;

 private:
  void prepare();
  void put(int at, std::int64_t value);
  void put(int at, std::uint64_t value) { put(at, static_cast<std::int64_t>(value)); }
  void put(int at, int value) { put(at, std::int64_t{value}); }
  void put(int at, std::uint32_t value) { put(at, std::int64_t{value}); }
  void put(int at, double value);
  void put(int at, std::string_view value);
  void put(int at, const std::string& value) { put(at, std::string_view(value)); }
  void put(int at, std::nullptr_t);
  template <class T>
  void put(int at, const std::optional<T>& value) {
    if (value) return put(at, *value);
    put(at, nullptr);
  }
  void note(int code);

  Database& database_;
  const std::string sql_;
  sqlite3_stmt* handle_ = nullptr;
  std::optional<Error> failure_{};
};

// Text that is null where it is empty.
inline std::optional<std::string_view> or_null(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace weft
