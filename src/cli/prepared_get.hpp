// A batch of downloads that can start: what is asked for, checked, with everything open that it
// needs. A job that goes on is locked, and nothing of it is read or changed yet: that may take
// long.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/kept_job.hpp"
#include "cli/outputs.hpp"
#include "cli/reopened_outputs.hpp"
#include "cli/resume_command.hpp"
#include "weft/store/former_files.hpp"

namespace weft {

struct PreparedGet {
  GetOptions options;
  Outputs outputs{};
  std::unique_ptr<FormerFiles> former{};  // where files are updated
  std::optional<KeptJob> resumed{};       // nothing: a new batch
  SavedOptions anew{};                    // given to that
};

// Its job lies in the directory that files go to.
std::string get_job_directory(const std::string& directory);

// The job's directory where `path` is one of a batch of downloads, or the directory that its files
// go to; empty where it is neither.
std::string find_get_job(const std::string& path);

// A job that is done goes on with the new batch, and nothing of it is lost; one that is not is
// to be resumed first.
Started<PreparedGet> prepare_get(GetOptions options);

// With the options that the job remembers, and those given anew; request.job is the job's
// directory.
Started<PreparedGet> prepare_get(const ResumeRequest& request);

// Opens the files of the job `batch` goes on with, which then remembers what was given anew.
struct ReopenedGet {
  Outputs outputs;
  std::unique_ptr<FormerFiles> former;  // as PreparedGet
};
Started<ReopenedGet> reopen(KeptJob job, const GetOptions& options, JobReading& reading,
                            const Notice& tell);

}  // namespace weft
