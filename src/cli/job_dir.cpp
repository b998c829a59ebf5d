#include "cli/job_dir.hpp"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "cli/shell_words.hpp"
#include "weft/base/text.hpp"

namespace weft {
namespace fs = std::filesystem;
namespace {

// Any of these makes a directory a job.
constexpr std::string_view kJobFiles[] = {"pages.jsonl", "job.db", "weft.log"};
// What SQLite keeps beside job.db.
constexpr std::string_view kBeside[] = {"job.db-wal", "job.db-shm"};

tl::unexpected<Refusal> cannot_create(const std::string& path, const std::error_code& why) {
  return refuse(ExitCode::cannot_write,
                {fmt::format("cannot create the job directory '{}': {}. Choose another place with "
                             "-o, or keep no job with --no-job.",
                             path, why.message())});
}

// Why nothing can be written in it.
std::error_code why_unwritable(const std::string& path) {
  if (::access(path.c_str(), W_OK | X_OK) == 0) return {};
  return {errno, std::generic_category()};
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
  if (const auto why = why_unwritable(path)) {
    if (auto free = job.check_is_free(); !free) return tl::unexpected(free.error());
    return cannot_create(path, why);
  }
  if (auto locked = job.lock(); !locked) return tl::unexpected(locked.error());
  if (auto free = job.check_is_free(); !free) return tl::unexpected(free.error());
  job.kept_ = false;
  return job;
}

Started<JobDir> JobDir::open(const std::string& path) {
  JobDir job(path, false);
  job.kept_ = true;
  if (const auto why = why_unwritable(path)) {
    return refuse(ExitCode::cannot_write,
                  {fmt::format("cannot write in the job '{}': {}. Get permission, or copy it to a "
                               "place of your own.",
                               path, why.message())});
  }
  if (auto locked = job.lock(); !locked) return tl::unexpected(locked.error());
  return job;
}

Started<void> JobDir::lock() {
  auto lock = JobLock::take(path_);
  if (!lock) return wrong_use(std::move(lock).error());
  lock_.emplace(std::move(*lock));
  return {};
}

Started<void> JobDir::check_is_free() const {
  std::error_code ignored;
  for (const std::string_view file : kJobFiles) {
    if (!fs::exists(fs::path(path_) / file, ignored)) continue;
    const bool is_job = fs::exists(fs::path(path_) / "job.db", ignored);
    return wrong_use({fmt::format(
        "'{}' holds a job already, which is never overwritten. {}hoose another directory with -o.",
        path_,
        is_job ? fmt::format("Go on with it by 'weft resume {}', or c", shell_path(path_)) : "C")});
  }
  return {};
}

JobDir::JobDir(JobDir&& other) noexcept
    : path_(std::move(other.path_)),
      is_ours_(other.is_ours_),
      kept_(std::exchange(other.kept_, true)),
      lock_(std::move(other.lock_)) {}

JobDir::~JobDir() {
  if (kept_) return;
  std::error_code ignored;
  for (const std::string_view file : kJobFiles) fs::remove(fs::path(path_) / file, ignored);
  for (const std::string_view file : kBeside) fs::remove(fs::path(path_) / file, ignored);
  lock_.reset();
  if (is_ours_) fs::remove(path_, ignored);  // where nothing else has come into it
}

}  // namespace weft
