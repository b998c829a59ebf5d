// How job.db is laid out, how one is made, and how a file is known to be one.
//
// What users read are `url`, `fetch`, `meta`, `host` and `robots`. `url` is a view: its rows
// lie in two tables, so that both only ever grow at their end, with small numbers for what
// the view spells out. The ids of refused URLs begin at kFirstRefusedId, so that those of
// admitted ones are dense.
//
// Threads: none of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "store/sqlite.hpp"
#include "weft/base/result.hpp"

namespace weft {

inline constexpr std::uint64_t kFirstRefusedId = std::uint64_t{1} << 40;

// As url_admitted.state has it.
enum class UrlState : std::uint8_t { queued = 0, settled = 1 };

// The path of a job's database.
std::string job_db_path(const std::string& directory);

// Makes an empty job.db; where that fails, nothing of it stays.
Result<std::unique_ptr<Database>> create_job_file(const std::string& directory);

// Looks at the file before SQLite does, which would begin by mending it.
Result<std::unique_ptr<Database>> open_job_file(const std::string& directory);

}  // namespace weft
