// The tables of weft get: what its lists said, how far they have been read, which bytes of
// large files are there. Empty in other jobs, which they cost nothing.
//
// Threads: as JobDb.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "store/sqlite.hpp"
#include "weft/store/job_db.hpp"

namespace weft {

// As the tables have it; nothing for nothing.
std::optional<std::int64_t> nanoseconds_since_1970(const std::optional<Clock::wall_time>& time);
Clock::wall_time wall_time_of_ns(std::uint64_t nanoseconds);

class JobDownloads {
 public:
  explicit JobDownloads(Database& database);

  Result<void> put(const DownloadNews& news);
  Result<void> settle(std::uint64_t id);    // its part is no more
  Result<void> complete(StoredTask& task);  // what its list said, and its part
  Result<std::vector<InputPosition>> inputs();
  Result<std::vector<LeftPart>> left_parts(std::uint64_t before);  // of entries with lesser ids
  Result<void> forget_inputs();

 private:
  Result<void> put(const PartNote& note);

  Database& database_;
  // Is anything in the tables? Nothing: not yet asked.
  std::optional<bool> has_entries_{};
  std::optional<bool> has_parts_{};
  Statement insert_entry_;
  Statement insert_position_;
  Statement insert_part_;
  Statement delete_part_;
  Statement replace_part_;
  Statement select_entry_;
  Statement select_part_;
};

}  // namespace weft
