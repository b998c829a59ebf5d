// What a power cut may have taken of files that the job calls done.
#pragma once

#include <cstdint>

#include "weft/base/result.hpp"
#include "weft/get/folder.hpp"
#include "weft/store/job_db.hpp"

namespace weft::get {

// Reads the files that were finished after the last group known to be on the disk. Those that
// are not there, or not as their records say, are removed and their URLs queued again. Returns
// how many.
Result<std::uint64_t> take_back_lost(JobDb& job, const Folder& folder);

}  // namespace weft::get
