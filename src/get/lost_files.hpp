// What a power cut may have taken of files that the job calls done.
#pragma once

#include <cstdint>

#include "weft/base/result.hpp"
#include "weft/get/folder.hpp"
#include "weft/store/job_db.hpp"

namespace weft::get {

// Where the machine has been started anew since the job was last gone on with: reads the files
// that were finished after the last group known to be on the disk. Those that are not there, or
// not as their records say, are removed and their URLs queued again; but one that was written to
// later is somebody's own by now. Returns how many.
Result<std::uint64_t> take_back_lost(JobDb& job, const Folder& folder);

// Has it been? The job is told of this start by note_boot().
Result<bool> has_rebooted(JobDb& job);
Result<void> note_boot(JobDb& job);

}  // namespace weft::get
