// What a job knows of the files that its entries have brought, whichever batch had them: for
// asking whether they have changed.
//
// It reads job.db beside the thread that owns it, and sees what that has committed.
//
// Threads: find() may be called from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "weft/base/clock.hpp"
#include "weft/base/result.hpp"
#include "weft/store/job_reading.hpp"

namespace weft {

struct FormerFile {
  std::string path{};  // below the directory of downloads
  std::uint64_t size = 0;
  Clock::wall_time modified{};  // when it was last written, as it was kept
  std::string digest{};
  std::string etag{};
  std::string last_modified{};
};

class FormerFiles {
 public:
  // Of the job in `directory`, which exists. Makes an index in it, so that finding one file costs
  // the same however many there are; must come before the job is written to by others. That takes
  // seconds where there are millions: `reading` may stop it.
  static Result<std::unique_ptr<FormerFiles>> open(const std::string& directory,
                                                   JobReading* reading = nullptr);
  FormerFiles(const FormerFiles&) = delete;
  FormerFiles& operator=(const FormerFiles&) = delete;
  ~FormerFiles();

  // The last file of an entry, by its fingerprint; nothing where there is none.
  std::optional<FormerFile> find(std::uint64_t fingerprint);

 private:
  struct State;
  explicit FormerFiles(std::unique_ptr<State> state);

  const std::unique_ptr<State> state_;
};

}  // namespace weft
