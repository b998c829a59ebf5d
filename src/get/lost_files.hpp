// What a power cut may have taken of files that the job calls done.
#pragma once

#include <cstdint>
#include <string>

#include "weft/base/result.hpp"
#include "weft/get/folder.hpp"
#include "weft/store/job_db.hpp"

namespace weft::get {

// Where the machine has been started anew since the job was last gone on with: reads the files
// that were finished after the last group known to be on the disk. Those that are not there, or
// not as their records say, are set aside and their URLs queued again; but one that was written to
// later is somebody's own by now. Returns how many.
Result<std::uint64_t> take_back_lost(JobDb& job, const Folder& folder);

// What may be spoilt, or somebody's after all, makes room: PATH.spoilt. One that is empty goes.
Result<void> set_aside(const Folder& folder, const std::string& path);

// Has it been? The job is told of this start by note_boot().
Result<bool> has_rebooted(JobDb& job);
Result<void> note_boot(JobDb& job);

}  // namespace weft::get
