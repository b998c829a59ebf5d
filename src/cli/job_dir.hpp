// The directory of one run: made for it, never shared with another.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/exit_code.hpp"
#include "weft/url/url.hpp"

namespace weft {

// "HOST.weft", with what a file name should not hold replaced by '_'.
std::string job_name(const Url& seed);

// Ownership: what it has created it removes again, unless keep() was called: a run that
// could not start leaves nothing.
class JobDir {
 public:
  // Makes the directory, and those above it. One that is there already is taken where it
  // holds no job; a job is never overwritten.
  static Started<JobDir> create(const std::string& path);

  JobDir(JobDir&& other) noexcept;
  JobDir& operator=(JobDir&&) = delete;
  ~JobDir();

  const std::string& path() const { return path_; }
  std::string pages() const { return path_ + "/pages.jsonl"; }
  std::string log() const { return path_ + "/weft.log"; }

  void keep() { kept_ = true; }

 private:
  JobDir(std::string path, bool is_ours) : path_(std::move(path)), is_ours_(is_ours) {}

  std::string path_;
  bool is_ours_;  // the directory too
  bool kept_ = false;
};

}  // namespace weft
