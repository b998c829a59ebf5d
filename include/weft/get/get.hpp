// A whole batch of downloads: reads the lists, owns the frontier, the workers and their
// threads, and runs them from the first line to the last record.
//
//   auto get = Get::create(config, {...});
//   get->start();
//   while (!get->finished()) { ...wait for on_finished or a signal, draw progress... }
//   GetResult result = get->join();
//
// Threads:   one owner calls everything; stop() and state() from any thread. on_finished,
//            on_planned and on_complaint are called from threads of its own.
// Ownership: the clock and what make_transfers refers to must outlive it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weft/engine/crew.hpp"
#include "weft/get/config.hpp"
#include "weft/store/former_files.hpp"
#include "weft/store/sink.hpp"

namespace weft {

struct GetResult {
  StopReason stopped = StopReason::none;
  std::optional<Error> sink_error;     // where stopped is sink_failed, or closing failed
  std::optional<Error> input_error{};  // a list could not be read to its end
  std::vector<HostTrouble> troubles{};
  std::uint64_t bad_lines = 0;  // of the lists
  std::size_t left_queued = 0;  // downloads begun or read, never settled
  bool lists_read = false;      // to their ends
};

struct GetSeams {
  const Clock& clock;
  std::function<std::unique_ptr<Transfers>()> make_transfers;  // called once for each worker
  std::vector<std::unique_ptr<Sink>> sinks;
  NameLookUp look_up{};          // of hosts before their turn; null: none
  std::unique_ptr<JobDb> job{};  // where its state is kept; null: nowhere
  // What the job knows of files that are there, for --on-exist update; null: nothing is asked.
  std::unique_ptr<FormerFiles> former{};
  std::function<void()> on_finished{};  // the last worker has ended
  // --dry-run: what would be fetched to where; or not (path empty) and why.
  std::function<void(const Url& url, std::string_view path, std::string_view why_not)> on_planned{};
  // All is settled, and the job is done: what it is to remember of that. On the thread that owns
  // the job, after the last record.
  std::function<Result<void>(JobDb& job, const GetResult& result)> on_done{};
  // "LIST:LINE: WHY" of a line that is bad, or worth a word; "LIST: WHY" of a list that cannot be
  // read to its end.
  std::function<void(std::string_view text)> on_complaint{};
};

// What a batch that goes on found.
struct GetResumed {
  std::uint64_t settled = 0;
  std::uint64_t queued = 0;
};

// A file under way.
struct UnderWay {
  std::uint64_t id = 0;
  std::string path{};
  Bytes done{};
  std::optional<Bytes> size{};
};

// What it is doing now, for the status line.
struct GetState {
  FrontierState frontier;
  std::uint64_t files = 0;          // asked for by what has been read, and by former runs
  bool lists_read = false;          // no more will come
  Bytes received{};                 // by this run
  std::uint64_t sized = 0;          // large files under way whose sizes are known
  Bytes had{};                      // of those
  Bytes left{};                     // of those, to come
  double begun = 0;                 // of those, in files: half a file is 0.5
  std::vector<UnderWay> largest{};  // at most a few, the largest first
  std::string waiting_for{};        // for people
};

class Get {
 public:
  // A job that is done goes on with this batch, what it holds of earlier ones untouched.
  // Fails where the configuration cannot work (the directory cannot be made, a list or the
  // checksum file cannot be read): says which and why. The job is then as it was.
  static Result<std::unique_ptr<Get>> create(GetConfig config, GetSeams seams);

  // Before a job is counted and gone on with: reads the files that it calls done and that may not
  // have been on the disk yet when it ended. Those that a power cut has spoilt are queued again;
  // returns how many.
  static Result<std::uint64_t> take_back_lost(JobDb& job, const GetConfig& config);

  // Goes on with the batch that seams.job holds: what is queued there, then the rest of the
  // lists. Of `config`, what is wanted on the command line is the job's affair.
  static Result<std::unique_ptr<Get>> resume(GetConfig config, GetSeams seams);

  ~Get();  // drops what is in flight and joins

  void start();

  // Runs one worker on the caller's thread until the end instead of start(): for tests.
  void run_here();

  GetResumed resumed() const;  // zeros for a new batch
  bool finished() const;
  void stop(StopHow how, StopReason reason = StopReason::interrupted);
  GetState state() const;

  // Waits for the workers, writes what is queued, closes the sinks.
  GetResult join();

 private:
  struct Parts;
  explicit Get(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace weft
