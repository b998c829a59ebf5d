// Which name each download of a job was given, written down before its file can have it: a run
// that is killed between the two leaves files whose records say nothing yet, and the next run
// has to know whose they are.
//
// One line a download, "ID<TAB>PATH", in a file beside the job's.
//
// Threads: recall() and doubt_files() before all else; the rest from any thread.
// Errors:  say what, on which file, why.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "weft/base/fd.hpp"
#include "weft/base/result.hpp"

namespace weft::get {

class GivenNames {
 public:
  enum class Open : std::uint8_t { afresh, to_go_on };
  static Result<std::unique_ptr<GivenNames>> open(const std::string& path, Open how);

  // Of what a former run has written, remembers what `is_wanted`, and tells each name of that.
  // Fails, and changes nothing, once it `is_stopped`.
  Result<void> recall(
      const std::function<bool(std::uint64_t id)>& is_wanted,
      const std::function<void(std::string_view path)>& tell,
      const std::function<bool()>& is_stopped = [] { return false; });

  // One write: it stands, whatever becomes of this process.
  Result<void> add(std::uint64_t id, std::string_view path) const;

  // What a former run gave it.
  const std::string* of(std::uint64_t id) const;

  // Power may have been cut since: no file with a name from that run is known to be whole.
  void doubt_files() { doubts_files_ = true; }
  bool doubts_files() const { return doubts_files_; }

 private:
  GivenNames(Fd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}
  tl::unexpected<Error> cannot(std::string_view what) const;

  const Fd fd_;
  const std::string path_;
  std::unordered_map<std::uint64_t, std::string> recalled_;
  bool doubts_files_ = false;
};

}  // namespace weft::get
