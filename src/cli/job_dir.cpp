#include "cli/job_dir.hpp"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "weft/base/text.hpp"

namespace weft {
namespace fs = std::filesystem;
namespace {

// Any of these makes a directory a job.
constexpr std::string_view kJobFiles[] = {"pages.jsonl", "job.db", "weft.log"};

tl::unexpected<Refusal> cannot_create(const std::string& path, const std::error_code& why) {
  return refuse(ExitCode::cannot_write,
                {fmt::format("cannot create the job directory '{}': {}. Choose another place with "
                             "-o, or keep no job with --no-job.",
                             path, why.message())});
}

}  // namespace

std::string job_name(const Url& seed) {
  constexpr std::size_t kMost = 200;  // file names end at 255 bytes
  std::string name(seed.host().substr(0, kMost));
  for (char& c : name) {
    if (!is_ascii_alpha(c) && !is_ascii_digit(c) && c != '.' && c != '-') c = '_';
  }
  if (name.front() == '.' || name.front() == '-') name.front() = '_';
  return name + ".weft";
}

Started<JobDir> JobDir::create(const std::string& path) {
  std::error_code error;
  const bool is_ours = fs::create_directories(path, error);
  if (error == std::errc::not_a_directory || (!error && !fs::is_directory(path))) {
    return wrong_use(
        {fmt::format("cannot create the job directory '{}': a file has that name. "
                     "Choose another with -o.",
                     path)});
  }
  if (error) return cannot_create(path, error);

  JobDir job(path, is_ours);
  job.kept_ = !is_ours;  // until it is known to hold no job, nothing in it is ours
  for (const std::string_view file : kJobFiles) {
    if (!fs::exists(fs::path(path) / file, error)) continue;
    return wrong_use(
        {fmt::format("'{}' holds a job already, which is never overwritten. Choose "
                     "another directory with -o, or remove this one.",
                     path)});
  }
  if (::access(path.c_str(), W_OK | X_OK) != 0) {
    return cannot_create(path, std::error_code(errno, std::generic_category()));
  }
  job.kept_ = false;
  return job;
}

JobDir::JobDir(JobDir&& other) noexcept
    : path_(std::move(other.path_)),
      is_ours_(other.is_ours_),
      kept_(std::exchange(other.kept_, true)) {}

JobDir::~JobDir() {
  if (kept_) return;
  std::error_code ignored;
  fs::remove(pages(), ignored);
  fs::remove(log(), ignored);
  if (is_ours_) fs::remove(path_, ignored);  // where nothing else has come into it
}

}  // namespace weft
