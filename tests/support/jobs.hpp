// Entries for the tests of the job database.
#pragma once

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "weft/store/job_db.hpp"

namespace weft::test {

inline AdmittedUrl admitted(std::uint64_t id, const std::string& host = "h.example") {
  return {.id = id,
          .url = "http://" + host + "/" + std::to_string(id),
          .priority = 2,
          .fingerprint = 1000 + id,
          .host = host};
}

inline Record settled(std::uint64_t id, Outcome outcome = Outcome::ok) {
  return {.sequence = id,
          .url = "http://h.example/" + std::to_string(id),
          .outcome = outcome,
          .attempts = 1,
          .host = "h.example"};
}

// What a Result holds; the test fails with the Error where there is none.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}
inline void must(Result<void> result) {
  if (!result) throw std::runtime_error(result.error().message);
}

// What a user sees who asks with a program of his own: rows as text, columns parted by '|'.
inline std::vector<std::string> ask(const std::string& directory, const std::string& sql) {
  sqlite3* handle = nullptr;
  std::vector<std::string> rows;
  const auto add = [](void* out, int columns, char** values, char**) {
    std::string row;
    for (int i = 0; i < columns; ++i) {
      if (i > 0) row += '|';
      row += values[i] == nullptr ? "null" : values[i];
    }
    static_cast<std::vector<std::string>*>(out)->push_back(std::move(row));
    return 0;
  };
  const int opened =
      sqlite3_open_v2((directory + "/job.db").c_str(), &handle, SQLITE_OPEN_READONLY, nullptr);
  const int read =
      opened == SQLITE_OK ? sqlite3_exec(handle, sql.c_str(), add, &rows, nullptr) : opened;
  if (read != SQLITE_OK) rows.emplace_back(sqlite3_errmsg(handle));
  sqlite3_close(handle);
  return rows;
}

// The ids of the URLs that wait.
inline std::vector<std::uint64_t> queued(JobDb& job) {
  std::vector<std::uint64_t> ids;
  must(job.for_each_url([&](const KnownUrl& url) {
    if (url.queued) ids.push_back(url.id);
  }));
  return ids;
}

using Rows = std::vector<std::string>;

}  // namespace weft::test
