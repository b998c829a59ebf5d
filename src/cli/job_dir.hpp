// The directory of one job: made for it, never shared with another, held by one run at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/exit_code.hpp"
#include "weft/store/job_db.hpp"
#include "weft/url/url.hpp"

namespace weft {

// "HOST.weft", with what a file name should not hold replaced by '_'.
std::string job_name(const Url& seed);

// Ownership: holds the directory's lock while it lives. What it has created, and what of a job
// has been made in it since, it removes again unless keep() was called: a run that could not
// start leaves nothing.
class JobDir {
 public:
  // Makes the directory, and those above it. One that is there already is taken where it
  // holds no job; a job is never overwritten.
  static Started<JobDir> create(const std::string& path);

  // That of a job that is there. Nothing in it is changed.
  static Started<JobDir> open(const std::string& path);

  JobDir(JobDir&& other) noexcept;
  JobDir& operator=(JobDir&&) = delete;
  ~JobDir();

  const std::string& path() const { return path_; }
  std::string pages() const { return path_ + "/pages.jsonl"; }
  std::string pages_of_visit(std::uint64_t visit) const {  // once a later one has begun
    return fmt::format("{}/pages.{}.jsonl", path_, visit);
  }
  std::string log() const { return path_ + "/weft.log"; }

  void keep() { kept_ = true; }

 private:
  JobDir(std::string path, bool is_ours) : path_(std::move(path)), is_ours_(is_ours) {}
  Started<void> lock();
  Started<void> check_is_free() const;

  std::string path_;
  bool is_ours_;  // the directory too
  bool kept_ = false;
  std::optional<JobLock> lock_{};
};

}  // namespace weft
