// The tables of weft get: what its lists said, how far they have been read, which bytes of
// large files are there. Empty in other jobs, which they cost nothing.
//
// Threads: as JobDb.
#pragma once

#include <optional>
#include <vector>

#include "store/sqlite.hpp"
#include "weft/store/job_db.hpp"

namespace weft {

class JobDownloads {
 public:
  explicit JobDownloads(Database& database);

  Result<void> put(const DownloadNews& news);
  Result<void> settle(std::uint64_t id);    // its part is no more
  Result<void> complete(StoredTask& task);  // what its list said, and its part
  Result<std::vector<InputPosition>> inputs();

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
  Statement select_entry_;
  Statement select_part_;
};

}  // namespace weft
